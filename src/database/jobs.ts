import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { JOB_PRIORITY } from '../domain/jobs.ts';
import type { JobName, JobPayloads } from '../domain/jobs.ts';
import type { Executor } from './transaction.ts';

export interface JobOptions {
  /** Jobs with one key replace each other while they wait. */
  readonly key?: string;
  readonly delaySeconds?: number;
  /** In place of the usual one of the job; smaller runs first. */
  readonly priority?: number;
}

export type NewJob<N extends JobName> = { readonly name: N; readonly payload: JobPayloads[N] } & JobOptions;

/** The call alone, to travel inside a larger statement. */
export function jobCall<N extends JobName>(job: NewJob<N>): RawBuilder<unknown> {
  const runAt =
    job.delaySeconds === undefined ? sql`null` : sql`now() + make_interval(secs => ${job.delaySeconds})`;
  return sql`enqueue_job(${job.name}, ${JSON.stringify(job.payload)}::json, ${job.key ?? null}, ${runAt},
    ${job.priority ?? JOB_PRIORITY[job.name]})`;
}

/** Written in the caller's transaction: the job exists exactly when the change it follows does. */
export async function addJob<N extends JobName>(tx: Executor, job: NewJob<N>): Promise<void> {
  await sql`select ${jobCall(job)}`.execute(tx);
}

/** Jobs that wait or run, by name; for health and for tests that wait for quiet. */
export async function countJobs(db: Executor): Promise<Record<string, number>> {
  const { rows } = await sql<{ task: string; n: number }>`
    select task_identifier as task, count(*)::int as n from graphile_worker.jobs
    where attempts < max_attempts group by 1`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.task, row.n]));
}

/** Jobs with one key replace each other, so that a version waits for one understanding at most. */
export function ingestKey(assetId: string, n: number): string {
  return `ingest:${assetId}:${n}`;
}

/**
 * Gives back what workers took longer ago than the age and never finished. A worker that was killed keeps its jobs for
 * four hours otherwise.
 */
export async function releaseJobs(db: Executor, takenSecondsAgo: number): Promise<void> {
  await sql`
    select graphile_worker.force_unlock_workers(array(
      select distinct locked_by from graphile_worker.jobs
      where locked_at < now() - make_interval(secs => ${takenSecondsAgo}::float8)))`.execute(db);
}

/** Of these keys, those whose job runs or will run; one that failed too often does neither. */
export async function openJobKeys(db: Executor, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select key from graphile_worker.jobs
    where key = any(${[...keys]}::text[]) and (attempts < max_attempts or locked_at is not null)`.execute(db);
  return new Set(rows.map((row) => row.key));
}
