import { access, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SYSTEM_PATH } from '../platform/config.ts';
import { runTool } from '../platform/run-tool.ts';
import type { Description, KindContext, MadeRendition, MediaSource } from './contract.ts';
import { words } from './ffmpeg.ts';
import { pdf } from './pdf.ts';

/** Below the deadline of the decoding process, so that what is known without the pages is told in any case. */
const DEADLINE = 45_000;
/** More is read in a word processor. */
const MOST_PAGES = 100;

/**
 * A fresh profile for each document: nothing of one reaches the next. Macros stay off, and whatever a document names
 * outside of itself, as linked pictures and tables, is neither loaded nor asked for.
 */
const PROFILE = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${[
  ['Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'],
  ['Office.Common/Security/Scripting', 'DisableActiveContent', 'true'],
  ['Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'],
  ['Office.Common/Security/Scripting', 'MacroSecurityLevel', '3'],
  ['Office.Writer/Content/Update', 'Link', '2'],
  ['Office.Calc/Content/Update', 'Link', '2'],
]
  .map(
    ([path, name, value]) =>
      `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  )
  .join('\n')}
</oor:items>
`;

/** Formats as the office program tells them apart, with what writes their pages. */
const WRITERS: readonly (readonly [RegExp, string])[] = [
  [/^(xlsx?|ods)$/, 'calc_pdf_Export'],
  [/^(pptx?|odp)$/, 'impress_pdf_Export'],
  [/^odg$/, 'draw_pdf_Export'],
  [/./, 'writer_pdf_Export'],
];

/**
 * Pages of an office document as LibreOffice lays them out: the first as picture, all as a PDF to be read. Null without
 * LibreOffice, and for a document that it cannot read in time.
 */
export async function drawPages(source: MediaSource, context: KindContext): Promise<Description | null> {
  const { office } = context.tools;
  if (office === null) return null;
  const path = await convert(office, source, context);
  if (path === null) return null;
  const toolVersion = await versionOf(office);
  const named = (found: Description): Description => ({
    ...found,
    renditions: found.renditions.map((made) => ({ ...made, tool: 'libreoffice', toolVersion })),
  });
  const { early } = context;
  const inner: KindContext =
    early === undefined ? context : { ...context, early: (first) => early(named(first)) };
  try {
    const detected = { mime: 'application/pdf', ext: 'pdf', mediaType: 'document' } as const;
    const found = await pdf.describe({ path, size: source.size, detected }, inner);
    const pages: MadeRendition = {
      name: 'pages',
      path,
      mime: 'application/pdf',
      ext: 'pdf',
      tool: 'libreoffice',
      toolVersion,
    };
    const { pages: count = 0, ...facts } = found.facts;
    // Of a longer document it is not known how many there are.
    const counted = count < MOST_PAGES ? found.facts : facts;
    return named({ ...found, facts: counted, renditions: [...found.renditions, pages] });
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}

/** The path of the PDF, or null. */
async function convert(office: string, source: MediaSource, context: KindContext): Promise<string | null> {
  const { ext } = source.detected;
  const profile = join(context.scratch, 'profile');
  await mkdir(join(profile, 'user'), { recursive: true });
  await writeFile(join(profile, 'user/registrymodifications.xcu'), PROFILE);
  // It looks at the ending too, which is ours and comes from the content.
  const input = join(context.scratch, `document.${ext}`);
  await symlink(source.path, input);
  const writer = WRITERS.find(([endings]) => endings.test(ext))?.[1] ?? '';
  const options = JSON.stringify({ PageRange: { type: 'string', value: `1-${MOST_PAGES}` } });
  await runTool(
    [
      office,
      `-env:UserInstallation=file://${profile}`,
      ...words('--headless --norestore --nologo --nodefault --nolockcheck --convert-to'),
      `pdf:${writer}:${options}`,
      '--outdir',
      context.scratch,
      input,
    ],
    {
      signal: context.signal,
      deadline: DEADLINE,
      cwd: context.scratch,
      env: { PATH: SYSTEM_PATH, HOME: context.scratch, LC_ALL: 'C.UTF-8', SAL_USE_VCLPLUGIN: 'svp' },
      ownGroup: false,
    },
  );
  const path = join(context.scratch, 'document.pdf');
  return access(path).then(
    () => path,
    () => null,
  );
}

let known: { readonly path: string; readonly version: string } | undefined;

async function versionOf(office: string): Promise<string> {
  if (known?.path !== office) {
    const said = await runTool([office, '--version'], { deadline: 10_000, ownGroup: false });
    const version = /LibreOffice (\S+)/.exec(said.stdout.toString('utf8'))?.[1] ?? 'unknown';
    known = { path: office, version };
  }
  return known.version;
}
