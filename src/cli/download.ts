import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { assetFilter, isEmptyFilter } from '../contract/asset-filter.ts';
import type { AssetSelection } from '../contract/assets.ts';
import type { Output } from '../contract/operations.ts';
import { inBrand } from '../contract/common.ts';
import { formatBytes } from '../domain/quota.ts';
import { UsageError, isOn, text } from './args.ts';
import type { FlagTable } from './args.ts';
import { COMMON_FLAGS, SERVER_FLAGS } from './command.ts';
import type { Command, Context } from './command.ts';
import { connect, enter } from './connection.ts';
import { CliError, refusalIn } from './errors.ts';
import type { Connection } from './host.ts';
import { printJson, printable, wantsJson } from './print.ts';
import { createProgress } from './progress.ts';
import { flagsOf, inputOf } from './schema-flags.ts';

const FILTER = assetFilter.extend(inBrand);

const flags: FlagTable = {
  ...flagsOf(FILTER),
  all: { means: 'Everything in the brand, when no filter is given' },
  to: { value: 'FILE', means: 'Where to write the zip; default: its own name, here' },
  ...SERVER_FLAGS,
  ...COMMON_FLAGS,
};

export const download: Command = {
  name: 'download',
  summary: 'Download assets as one zip file, by id or by the filters of list',
  usage: '[AST-ID … | --type T --tag A,B … | --all] [--to FILE]',
  flags,
  examples: [
    'backlot download AST-7K2M9QX4 AST-9QX47K2M --to selects.zip',
    'backlot download --tag spring --media-type video',
  ],
  run,
};

async function run(context: Context): Promise<number> {
  const { parsed } = context;
  const { b: _, ...filter } = inputOf(FILTER, parsed, { b: 'default' });
  const select = selectionOf(parsed.words, filter, isOn(parsed, 'all'));
  const connection = connect(context);
  const { brand } = await enter(connection, parsed, 'read');
  const zip = await connection.call('zips.create', { b: brand, select });
  const file = path.resolve(text(parsed, 'to') ?? zip.fileName);
  const size = await save(context, connection, { zip, brand, file });
  if (wantsJson(context)) printJson(context, { file, files: zip.count, bytes: size });
  else
    context.host.out(
      `${printable(file)}: ${zip.count} ${zip.count === 1 ? 'file' : 'files'}, ${formatBytes(size)}\n`,
    );
  return 0;
}

function selectionOf(
  ids: readonly string[],
  filter: Extract<AssetSelection, { filter: object }>['filter'],
  all: boolean,
): AssetSelection {
  const isEmpty = isEmptyFilter(filter);
  if (ids.length > 0) {
    if (!isEmpty || all) throw new UsageError('Name ids or a filter, not both.');
    const wrong = ids.find((id) => !/^AST-/i.test(id));
    if (wrong !== undefined) throw new UsageError(`"${wrong}" is not an id, such as AST-7K2M9QX4.`);
    return { ids: ids.map((id) => id.toUpperCase()) };
  }
  if (isEmpty && !all) throw new UsageError('Name ids, a filter, or --all for everything.');
  return { filter, ...(isEmpty ? { all: true as const } : {}) };
}

/** Under another name until it is whole, so that half a zip is never taken for one. */
async function save(
  context: Context,
  connection: Connection,
  { zip, brand, file }: { zip: Output<'zips.create'>; brand: string; file: string },
): Promise<number> {
  const answer = await fetch(connection.url('zips.get', { b: brand, id: zip.id }), {
    headers: connection.headers,
  });
  if (!answer.ok || answer.body === null) {
    const { code, message, remedy } = refusalIn(answer.status, await answer.json().catch(() => null));
    throw new CliError(code, message, remedy);
  }
  const size = Number(answer.headers.get('content-length') ?? 0);
  const progress = createProgress(context.host);
  progress.expect({ files: 1, bytes: size, complete: true });
  const tracked = progress.begin({ path: file, size });
  let got = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      got += chunk.length;
      tracked.sent(got);
      done(null, chunk);
    },
  });
  const part = `${file}.part`;
  try {
    await pipeline(
      Readable.fromWeb(answer.body as ReadableStream<Uint8Array>),
      counter,
      createWriteStream(part),
    );
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new CliError(
      'download_cut',
      `The download ended early: ${error instanceof Error ? error.message : 'no reason was given'}.`,
      'Nothing was kept. Try again; if it stays, look into the log of the server.',
    );
  } finally {
    tracked.end({ counted: got });
    progress.end();
  }
  return got;
}
