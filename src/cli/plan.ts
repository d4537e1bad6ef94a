import { MEDIA_TYPES } from '../domain/asset-types.ts';
import type { MediaType } from '../domain/asset-types.ts';
import { formatBytes } from '../domain/quota.ts';
import type { Plan } from '../domain/quota.ts';
import { changePlan, getPlan } from '../services/plan.ts';
import type { PlanChange } from '../services/plan.ts';
import { UsageError, noWords, text, whole } from './args.ts';
import type { FlagTable, Parsed } from './args.ts';
import { COMMON_FLAGS, LIBRARY_FLAGS } from './command.ts';
import type { Command, Context } from './command.ts';
import { withLibrary } from './connection.ts';
import { printJson, printTable, wantsJson } from './print.ts';
import { parseSize } from './sizes.ts';

const SHARED: FlagTable = { ...LIBRARY_FLAGS, ...COMMON_FLAGS };

export const planShow: Command = {
  name: 'plan show',
  summary: 'Show how much may be stored',
  usage: '',
  flags: SHARED,
  examples: ['backlot plan show'],
  run: (context) => {
    noWords(context.parsed);
    return withLibrary(context, context.host.openBase, async ({ deps }) =>
      print(context, await getPlan(deps)),
    );
  },
};

export const planSet: Command = {
  name: 'plan set',
  summary: 'Change the quota, the largest file of a media type, or the days of the trash',
  usage: '[--quota SIZE] [--cap MEDIATYPE=SIZE …] [--trash-days N]',
  flags: {
    quota: { value: 'SIZE', means: 'All that may be stored, such as 50GB or 2TB' },
    cap: {
      value: 'MEDIATYPE=SIZE',
      means: `Largest single file; may be repeated. ${MEDIA_TYPES.join(', ')}`,
    },
    'trash-days': { value: 'N', means: 'Days until what is in the trash is deleted for ever' },
    ...SHARED,
  },
  examples: [
    'backlot plan set --quota 50GB',
    'backlot plan set --cap video=2GB --cap image=50MB --trash-days 30',
  ],
  run: (context) => {
    noWords(context.parsed);
    const change = changeOf(context.parsed);
    return withLibrary(context, context.host.openBase, async ({ deps }) =>
      print(context, await changePlan(deps, change)),
    );
  },
};

function changeOf(parsed: Parsed): PlanChange {
  const quota = text(parsed, 'quota');
  const trashDays = whole(parsed, 'trash-days', { min: 1, max: 3650 });
  const caps = (parsed.values.get('cap') ?? []).flatMap((value) => value.split(',')).map(capOf);
  if (quota === undefined && trashDays === undefined && caps.length === 0) {
    throw new UsageError('Say what to change.');
  }
  return {
    ...(quota === undefined ? {} : { quotaBytes: parseSize(quota, '--quota') }),
    ...(trashDays === undefined ? {} : { trashDays }),
    capBytes: Object.fromEntries(caps),
  };
}

function capOf(written: string): [MediaType, number] {
  const [name = '', size = ''] = written.split('=');
  const mediaType = MEDIA_TYPES.find((type) => type === name.trim());
  if (mediaType === undefined) {
    throw new UsageError(`--cap must begin with a media type: ${MEDIA_TYPES.join(', ')}.`);
  }
  return [mediaType, parseSize(size, `--cap ${mediaType}`)];
}

function print(context: Context, plan: Plan): number {
  if (wantsJson(context)) printJson(context, plan);
  else {
    printTable(
      context,
      ['WHAT', 'LIMIT'],
      [
        ['quota', formatBytes(plan.quotaBytes)],
        ...MEDIA_TYPES.map((type) => [`largest ${type}`, formatBytes(plan.capBytes[type])]),
        ['days in the trash', String(plan.trashDays)],
      ],
    );
  }
  return 0;
}
