import { Logger, parseCronItems, run } from 'graphile-worker';
import type { Runner, TaskList } from 'graphile-worker';
import { SLOW_JOBS } from '../domain/jobs.ts';
import type { JobName } from '../domain/jobs.ts';
import type { Deps } from '../services/deps.ts';
import { JOBS } from '../services/job-handlers.ts';

export interface WorkerOptions {
  readonly deps: Deps;
  readonly parallel: number;
}

/** Names of the jobs that the clock starts, in UTC. */
const CRON: readonly { task: JobName; match: string }[] = [
  { task: 'sweep', match: '*/10 * * * *' },
  { task: 'expire', match: '17 3 * * *' },
  { task: 'reconcile', match: '41 3 * * *' },
];

/** Takes jobs by name and hands each to its use case; failures are tried again with growing pauses. */
export async function startWorker({ deps, parallel }: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const quick = await startRunner(deps, { slow: false, parallel });
  const slow = await startRunner(deps, { slow: true, parallel: 1 });
  return {
    async stop() {
      await Promise.all([quick.stop(), slow.stop()]);
    },
  };
}

function startRunner(
  deps: Deps,
  { slow, parallel }: { readonly slow: boolean; readonly parallel: number },
): Promise<Runner> {
  const taskList: TaskList = {};
  for (const [name, handle] of Object.entries(JOBS)) {
    if (isSlow(name) !== slow) continue;
    taskList[name] = async (payload, helpers) => {
      await handle(deps, payload, helpers.abortSignal ?? new AbortController().signal);
    };
  }
  const cron = CRON.filter(({ task }) => isSlow(task) === slow);
  return run({
    pgPool: deps.database.pool,
    taskList,
    concurrency: parallel,
    parsedCronItems: parseCronItems(cron.map(({ task, match }) => ({ task, match, identifier: task }))),
    noHandleSignals: true,
    pollInterval: 2000,
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error') deps.log.error('Job failed', { message, ...meta });
      else deps.log.debug(message);
    }),
  });
}

function isSlow(name: string): boolean {
  return [...SLOW_JOBS].some((slow) => slow === name);
}
