import { assetOperations } from '../contract/assets.ts';
import type { Input, Output } from '../contract/operations.ts';
import { formatBytes } from '../domain/quota.ts';
import { UsageError, isOn } from './args.ts';
import type { FlagTable } from './args.ts';
import { COMMON_FLAGS, SERVER_FLAGS } from './command.ts';
import type { Command, Context } from './command.ts';
import { connect, enter } from './connection.ts';
import type { Connection } from './host.ts';
import { printJson, printTable, wantsJson } from './print.ts';
import { flagsOf, inputOf } from './schema-flags.ts';

const { input: LIST } = assetOperations['assets.list'];
/** Rows of one request while reading everything. */
const PAGE = 500;

const flags: FlagTable = {
  ...flagsOf(LIST),
  all: { means: 'Read every page, not only the first' },
  ...SERVER_FLAGS,
  ...COMMON_FLAGS,
};

export const list: Command = {
  name: 'list',
  summary: 'List assets, filtered and sorted',
  usage: '[--type T] [--tag A,B] [--sort ORDER] [--limit N] [--all] …',
  flags,
  examples: [
    'backlot list --type logo,image --tag spring',
    'backlot list --media-type video --min-duration 10 --sort -size',
    'backlot list --all --json > assets.json',
  ],
  run: async (context) => {
    const [word] = context.parsed.words;
    if (word !== undefined)
      throw new UsageError(`"${word}" is one word too many. To find it: backlot search ${word}`);
    return show(context, {});
  },
};

export const search: Command = {
  name: 'search',
  summary: 'Find assets by words or parts of words',
  usage: 'TEXT… [the filters of list]',
  flags,
  examples: ['backlot search harbour sunset', 'backlot search intro --media-type video --json'],
  run: async (context) => {
    const q = context.parsed.words.join(' ').trim();
    if (q === '') throw new UsageError('Say what to look for.');
    return show(context, { q });
  },
};

async function show(context: Context, known: { q?: string }): Promise<number> {
  // The brand is not known yet; the placeholder lets the other flags be checked before a server is asked.
  const checked = inputOf(LIST, context.parsed, { ...known, b: 'default' });
  const connection = connect(context);
  const { brand } = await enter(connection, context.parsed, 'read');
  const input = { ...checked, b: brand };
  if (isOn(context.parsed, 'all')) return showAll(context, connection, input);
  const page = await connection.call('assets.list', input);
  if (wantsJson(context)) {
    printJson(context, page);
    return 0;
  }
  printRows(context, page.items);
  if (page.count !== null) context.host.error(`${page.count} in all\n`);
  if (page.next !== null) context.host.error(`There are more: add --all, or --after ${page.next}\n`);
  return 0;
}

/** Page by page, so that a library of any size takes little memory; the JSON is still one document. */
async function showAll(
  context: Context,
  connection: Connection,
  input: Input<'assets.list'>,
): Promise<number> {
  const { host } = context;
  const json = wantsJson(context);
  let after = input.after;
  let shown = 0;
  for (;;) {
    const page: Output<'assets.list'> = await connection.call('assets.list', {
      ...input,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    if (json) {
      if (shown === 0) host.out('{"items":[');
      for (const [at, item] of page.items.entries()) {
        host.out(`${shown + at === 0 ? '' : ','}\n${JSON.stringify(item)}`);
      }
    } else printRows(context, page.items);
    shown += page.items.length;
    if (page.next === null) break;
    after = page.next;
  }
  if (json) host.out(`\n],"next":null,"count":${shown}}\n`);
  return 0;
}

function printRows(context: Context, items: Output<'assets.list'>['items']): void {
  if (items.length === 0) return context.host.error('Nothing found.\n');
  printTable(
    context,
    ['ID', 'TYPE', 'SIZE', 'ADDED', 'NAME', 'TAGS'],
    items.map((item) => [
      item.id,
      item.type,
      formatBytes(item.size),
      item.createdAt.slice(0, 10),
      item.name,
      item.tags.join(','),
    ]),
  );
}
