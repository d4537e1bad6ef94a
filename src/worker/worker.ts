import { Logger, parseCronItems, run } from 'graphile-worker';
import type { Runner, TaskList } from 'graphile-worker';
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
export async function startWorker({ deps, parallel }: WorkerOptions): Promise<Runner> {
  const taskList: TaskList = {};
  for (const [name, handle] of Object.entries(JOBS)) {
    taskList[name] = async (payload, helpers) => {
      await handle(deps, payload, helpers.abortSignal ?? new AbortController().signal);
    };
  }
  return run({
    pgPool: deps.database.pool,
    taskList,
    concurrency: parallel,
    parsedCronItems: parseCronItems(CRON.map(({ task, match }) => ({ task, match, identifier: task }))),
    noHandleSignals: true,
    pollInterval: 2000,
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error') deps.log.error('Job failed', { message, ...meta });
      else deps.log.debug(message);
    }),
  });
}
