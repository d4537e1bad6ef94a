import { accessSync, constants } from 'node:fs';
import { isAbsolute } from 'node:path';
import { findProgram, runTool } from '../platform/run-tool.ts';
import type { Capability, Tools } from './contract.ts';
import { withoutNetwork } from './isolation.ts';

/** Outside tools on this machine. `FFMPEG_PATH` and `FFPROBE_PATH` come before PATH; an unusable value counts as absent. */
export function findTools(env: Readonly<Record<string, string | undefined>> = {}): Tools {
  return {
    ffmpeg: chosen(env['FFMPEG_PATH']) ?? findProgram('ffmpeg'),
    ffprobe: chosen(env['FFPROBE_PATH']) ?? besideFfmpeg(env['FFMPEG_PATH']) ?? findProgram('ffprobe'),
  };
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
  /** Arguments of a self-test that takes at most about a second and exits with 0. */
  readonly test: readonly string[];
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
      test: ['-v', 'error', '-version'],
      version: /version (\S+)/,
      gives: 'Length and size of AVI and other old video formats',
      remedy: 'Install ffmpeg, which brings ffprobe along.',
    },
    {
      name: 'libreoffice',
      path: findProgram('soffice') ?? findProgram('libreoffice'),
      test: ['--version'],
      version: /LibreOffice (\S+)/,
      gives: 'Found for pictures of office documents; not used yet',
      remedy:
        'Not needed now: office documents show their own embedded picture and their text is searchable.',
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
  return [...(await Promise.all(plans(tools).map(probeTool))), await probeIsolation()];
}

async function probeTool(plan: ToolPlan): Promise<Capability> {
  const { name, path, gives, remedy } = plan;
  if (path === null) return { name, available: false, gives, remedy };
  try {
    const [works, words] = await Promise.all([
      runTool([path, ...plan.test], { deadline: 5000 }),
      runTool([path, name === 'ffmpeg' || name === 'ffprobe' ? '-version' : '--version'], { deadline: 5000 }),
    ]);
    const version = plan.version.exec(words.stdout.toString('utf8'))?.[1];
    const available = works.code === 0;
    return {
      name,
      available,
      path,
      gives,
      ...(version === undefined ? {} : { version }),
      ...(available ? {} : { remedy }),
    };
  } catch {
    return { name, available: false, path, gives, remedy };
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
