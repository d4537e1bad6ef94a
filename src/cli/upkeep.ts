import { reconcile as removeOrphans, sweep as sweepLeftovers } from '../services/sweep.ts';
import { isOn, noWords, whole } from './args.ts';
import type { FlagTable } from './args.ts';
import { COMMON_FLAGS, LIBRARY_FLAGS, SERVER_FLAGS } from './command.ts';
import type { Command } from './command.ts';
import { connect, withLibrary } from './connection.ts';
import { CliError } from './errors.ts';
import { printJson, printTable, wantsJson } from './print.ts';

const SHARED: FlagTable = { ...LIBRARY_FLAGS, ...COMMON_FLAGS };

export const sweep: Command = {
  name: 'sweep',
  summary: 'Remove what unfinished uploads left behind; the worker does so every ten minutes',
  usage: '',
  flags: SHARED,
  examples: ['backlot sweep'],
  run: (context) => {
    noWords(context.parsed);
    return withLibrary(context, context.host.openDeps, async ({ deps }) => {
      await sweepLeftovers(deps);
      if (wantsJson(context)) printJson(context, { swept: true });
      else context.host.out('Swept.\n');
      return 0;
    });
  },
};

export const reconcile: Command = {
  name: 'reconcile',
  summary: 'Remove stored files that no asset names; the worker does so every night',
  usage: '[--grace-hours N] [--allow-many]',
  flags: {
    'grace-hours': { value: 'N', means: 'Leave files younger than this alone; default 24' },
    'allow-many': { means: 'Remove them even when they are more than 1 % of all files' },
    ...SHARED,
  },
  examples: ['backlot reconcile', 'backlot reconcile --grace-hours 48'],
  run: (context) => {
    noWords(context.parsed);
    const graceHours = whole(context.parsed, 'grace-hours', { min: 0, max: 100_000 }) ?? 24;
    return withLibrary(context, context.host.openDeps, async ({ deps, place }) => {
      if (!(await deps.store.isAttached())) {
        throw new CliError(
          'storage_unavailable',
          `The files of ${place} do not carry the marker of this installation, so nothing was removed.`,
          'Check that the right folder is connected.',
        );
      }
      const allowMany = isOn(context.parsed, 'allow-many');
      const { orphans, removed } = await removeOrphans(deps, { graceHours, allowMany });
      if (wantsJson(context)) printJson(context, { orphans, removed });
      else context.host.out(`${orphans} files without an asset, ${removed} removed.\n`);
      if (removed === orphans) return 0;
      context.host.error(
        'These are more than a crash leaves. When folder and database belong together: --allow-many.\n',
      );
      return 1;
    });
  },
};

export const capabilities: Command = {
  name: 'capabilities',
  summary: 'Show which outside programs the server found and what they give',
  usage: '',
  flags: { ...SERVER_FLAGS, ...COMMON_FLAGS },
  examples: ['backlot capabilities'],
  run: async (context) => {
    noWords(context.parsed);
    const answer = await connect(context).call('system.capabilities', {});
    if (wantsJson(context)) printJson(context, answer);
    else {
      printTable(
        context,
        ['NAME', 'HERE', 'VERSION', 'GIVES'],
        answer.items.map((item) => [
          item.name,
          item.available ? 'yes' : 'no',
          item.version ?? '',
          item.available ? item.gives : `${item.gives}. ${item.remedy ?? ''}`,
        ]),
      );
    }
    return 0;
  },
};
