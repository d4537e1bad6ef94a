import { accessSync, constants } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findProgram, runTool } from '../platform/run-tool.ts';
import { withTempDir } from '../platform/temp-dir.ts';
import type { Capability, Tools } from './contract.ts';
import { writesHeif } from './image-heif.ts';
import { withoutNetwork } from './isolation.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Outside tools on this machine. A path that was set is the only place that counts: another ffmpeg in its stead would
 * hide the mistake.
 */
export function findTools(env: Environment = {}): Tools {
  return {
    ffmpeg: setOrFound(env['FFMPEG_PATH'], ['ffmpeg']),
    ffprobe: chosen(env['FFPROBE_PATH']) ?? besideFfmpeg(env['FFMPEG_PATH']) ?? findProgram('ffprobe'),
    office: setOrFound(env['SOFFICE_PATH'], ['soffice', 'libreoffice']),
    heif: setOrFound(env['HEIF_CONVERT_PATH'], ['heif-dec', 'heif-convert']),
  };
}

export const NO_TOOLS: Tools = { ffmpeg: null, ffprobe: null, office: null, heif: null };

/** The same, looked for whenever it is needed: what is installed while the program runs is found without a restart. */
export function liveTools(env: Environment = {}): Tools {
  return {
    get ffmpeg() {
      return findTools(env).ffmpeg;
    },
    get ffprobe() {
      return findTools(env).ffprobe;
    },
    get office() {
      return findTools(env).office;
    },
    get heif() {
      return findTools(env).heif;
    },
  };
}

function setOrFound(path: string | undefined, names: readonly string[]): string | null {
  if (path !== undefined && path !== '') return chosen(path);
  return names.map(findProgram).find((found) => found !== null) ?? null;
}

function chosen(path: string | undefined): string | null {
  if (path === undefined || path === '' || !isAbsolute(path)) return null;
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return null;
  }
}

/** Builds come as a pair in one folder. */
function besideFfmpeg(path: string | undefined): string | null {
  return path === undefined ? null : chosen(path.replace(/ffmpeg(\.exe)?$/, 'ffprobe$1'));
}

interface ToolPlan {
  readonly name: string;
  readonly path: string | null;
  /** Arguments of a self-test that takes at most about a second and exits with 0; or the test itself. */
  readonly test: readonly string[] | ((path: string) => Promise<boolean>);
  readonly version: RegExp;
  readonly gives: string;
  readonly remedy: string;
}

const TEST_PICTURE =
  '-v error -nostdin -f lavfi -i testsrc=size=64x36:rate=1:duration=1 -frames:v 1 -c:v png -f image2pipe pipe:1';

function plans(tools: Tools): readonly ToolPlan[] {
  return [
    {
      name: 'ffmpeg',
      path: tools.ffmpeg,
      test: TEST_PICTURE.split(' '),
      version: /version (\S+)/,
      gives:
        'Video thumbnails, scrub strips and browser copies, waveforms and loudness, PSD, EXR and other unusual pictures',
      remedy: 'Install ffmpeg or set FFMPEG_PATH; waiting files are read again by themselves.',
    },
    {
      name: 'ffprobe',
      path: tools.ffprobe,
      test: '-v error -f lavfi -i testsrc=size=64x36:rate=1:duration=1 -show_entries stream=width -of csv=p=0'.split(
        ' ',
      ),
      version: /version (\S+)/,
      gives: 'Length and size of AVI and other old video formats',
      remedy: 'Install ffmpeg, which brings ffprobe along.',
    },
    {
      name: 'libreoffice',
      path: tools.office,
      test: ['--version'],
      version: /LibreOffice (\S+)/,
      gives: 'Pages of Word, Excel, PowerPoint and OpenDocument files, as pictures and to be read',
      remedy:
        'Install libreoffice-writer-nogui, -calc-nogui and -impress-nogui, or set SOFFICE_PATH; waiting files are read again by themselves. Until then their words are searchable.',
    },
    {
      name: 'heif-convert',
      path: tools.heif,
      test: (path) => withTempDir('backlot-heif', (folder) => writesHeif(path, folder)),
      version: /(\d+\.\d+\.\d+)/,
      gives: 'HEIC pictures, as phones take them',
      remedy:
        'Install libheif-examples, or set HEIF_CONVERT_PATH; waiting files are read again by themselves.',
    },
    {
      name: 'prlimit',
      path: findProgram('prlimit'),
      test: ['--data=100000000', '--', findProgram('true') ?? 'true'],
      version: /util-linux (\S+)/,
      gives: 'Hard memory and processor limits for the processes that read files',
      remedy: 'Install util-linux; without it only the time limit stops a hostile file.',
    },
  ];
}

/** Looks for every tool and tries each one out; never rejects. */
export async function probeCapabilities(tools: Tools = findTools()): Promise<Capability[]> {
  const found = [...plans(tools).map(probeTool), probePictures(), probeIsolation()];
  return Promise.all(found);
}

async function probeTool(plan: ToolPlan): Promise<Capability> {
  const { name, path, gives, remedy } = plan;
  if (path === null) return { name, available: false, gives, remedy };
  try {
    const [works, words] = await Promise.all([
      typeof plan.test === 'function'
        ? plan.test(path)
        : runTool([path, ...plan.test], { deadline: 5000 }).then(({ code }) => code === 0),
      runTool([path, name === 'ffmpeg' || name === 'ffprobe' ? '-version' : '--version'], { deadline: 5000 }),
    ]);
    const version = plan.version.exec(`${words.stdout.toString('utf8')}${words.stderr}`)?.[1];
    return {
      name,
      available: works,
      path,
      gives,
      ...(version === undefined ? {} : { version }),
      ...(works ? {} : { remedy }),
    };
  } catch {
    return { name, available: false, path, gives, remedy };
  }
}

/** Writes a small picture in every format that is made and reads it back; in another process, since the server itself opens no pictures. */
const PICTURE_TEST = `
  import sharp from 'sharp';
  const bad = [];
  const formats = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'];
  for (const format of formats) {
    try {
      const data = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#246' } }).toFormat(format).toBuffer();
      await sharp(data).resize(8).raw().toBuffer();
    } catch { bad.push(format); }
  }
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');
  await sharp(svg).raw().toBuffer().catch(() => bad.push('svg'));
  console.log(JSON.stringify({ version: sharp.versions.sharp, bad }));
`;

const pictureTest = z.object({ version: z.string(), bad: z.array(z.string()) });
let pictures: Promise<Capability> | undefined;

/** Comes with the program and cannot change while it runs, so one look is enough. */
function probePictures(): Promise<Capability> {
  pictures ??= tryPictures();
  return pictures;
}

async function tryPictures(): Promise<Capability> {
  const common = { name: 'sharp', gives: 'Pictures: JPEG, PNG, WebP, AVIF, GIF, TIFF and SVG' };
  const remedy =
    'It comes with Backlot for this system: run npm ci again, without leaving out optional packages.';
  try {
    const result = await runTool([process.execPath, '--input-type=module', '-e', PICTURE_TEST], {
      deadline: 20_000,
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    const { version, bad } = pictureTest.parse(JSON.parse(result.stdout.toString('utf8')));
    if (bad.length === 0) return { ...common, available: true, version };
    return { ...common, available: false, version, remedy: `These fail: ${bad.join(', ')}. ${remedy}` };
  } catch {
    return { ...common, available: false, remedy };
  }
}

async function probeIsolation(): Promise<Capability> {
  const prefix = await withoutNetwork();
  const [path] = prefix;
  const common = {
    name: 'network isolation',
    gives: 'Reading files in processes that have no network at all',
  };
  if (path === undefined) {
    const remedy =
      'Not permitted here: allow user namespaces. Files are still read with memory, time and format limits and never as addresses.';
    return { ...common, available: false, remedy };
  }
  return { ...common, available: true, path };
}
