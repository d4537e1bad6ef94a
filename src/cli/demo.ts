import { Readable } from 'node:stream';
import { updateAsset } from '../services/assets.ts';
import { receiveUpload } from '../services/uploads.ts';
import { noWords, text, whole } from './args.ts';
import { COMMON_FLAGS, LIBRARY_FLAGS } from './command.ts';
import type { Command, Context } from './command.ts';
import { withLibrary } from './connection.ts';
import { demoItems } from './demo/catalogue.ts';
import type { DemoItem } from './demo/item.ts';
import { canFilm } from './demo/render.ts';
import { arrange } from './demo/arrange.ts';
import { brandScope } from './keys.ts';
import { printJson, wantsJson } from './print.ts';
import { createProgress } from './progress.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'Fill a library with drawn pictures, films, sounds and papers to try it with',
  usage: '[--brand BRAND] [--most N]',
  flags: {
    brand: { value: 'BRAND', means: 'Slug or id of the brand; default: default' },
    most: { value: 'N', means: 'Make only N, some of every kind; default: all' },
    ...LIBRARY_FLAGS,
    ...COMMON_FLAGS,
  },
  examples: ['backlot demo', 'backlot demo --brand acme --most 50'],
  run,
};

type Made = { added: number; known: number };

/** Works on the library itself, beside a server or without one; the same items run twice are recognised. */
async function run(context: Context): Promise<number> {
  const { parsed, host } = context;
  noWords(parsed);
  const items = demoItems(whole(parsed, 'most', { min: 1, max: 10_000 }));
  const slug = text(parsed, 'brand') ?? 'default';
  return withLibrary(context, host.openDeps, async ({ deps }) => {
    const scope = await brandScope(deps, slug);
    const progress = createProgress(host);
    const made: Made = { added: 0, known: 0 };
    progress.expect({ files: items.length, bytes: 0, complete: false });
    try {
      for (const item of items) {
        const bytes = await item.make();
        const tracked = progress.begin({ path: item.name, size: bytes.length });
        const kept = await keep(deps, scope, { item, bytes });
        tracked.sent(bytes.length);
        tracked.end({ counted: bytes.length });
        made[kept] += 1;
      }
    } finally {
      progress.end();
    }
    if (made.added > 0) await arrange(deps, scope);
    say(context, made);
    return 0;
  });
}

async function keep(
  deps: Parameters<typeof receiveUpload>[0] & Parameters<typeof updateAsset>[0],
  scope: Parameters<typeof receiveUpload>[1],
  { item, bytes }: { item: DemoItem; bytes: Buffer },
): Promise<keyof Made> {
  const result = await receiveUpload(deps, scope, {
    fields: { ...item.fields, name: item.name },
    body: Readable.from([bytes]),
    length: bytes.length,
    sha256: null,
    declaredType: '',
    signal: new AbortController().signal,
  });
  if (result.reused) return 'known';
  if (item.later !== undefined) {
    await updateAsset(deps, scope, { b: scope.brandId, id: result.id, ...item.later });
  }
  return 'added';
}

function say(context: Context, made: Made): void {
  const { host } = context;
  if (wantsJson(context)) {
    printJson(context, { ...made, films: canFilm() });
    return;
  }
  const known = made.known === 0 ? '' : `; ${made.known} were there already`;
  host.out(`${made.added} assets added${known}.\n`);
  if (!canFilm()) host.out('Without ffmpeg no films were made.\n');
}
