import type { Output } from '../contract/operations.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { getOperation } from '../database/operations.ts';
import type { OperationRow } from '../database/operations.ts';
import { advanceRun, lockRun, runningSteps, setRunState } from '../database/runs.ts';
import type { Run } from '../database/runs.ts';
import { listBrands } from '../database/workspace.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import type { JobPayloads } from '../domain/jobs.ts';
import { PORTION } from '../domain/runs.ts';
import type { Deps } from './deps.ts';
import { presentOperation } from './history.ts';
import { PORTION_TIMEOUT_MS, addRunJob, changePortion } from './portions.ts';
import type { BulkRequest } from './portions.ts';
import { undoPortion } from './undo.ts';

type Db = Pick<Deps, 'database'>;

/** Tries of one portion before its step is called failed: a deadlock or a full disk may pass. */
const TRIES = 3;
const PAUSE_MS = 1000;

/**
 * Works a step off, portion by portion. Running twice is harmless: each portion holds the operation, reads how far it
 * has come and notes its own end in the same transaction, so two runs take turns and share the work.
 */
export async function runStep(
  deps: Pick<Deps, 'database' | 'log'>,
  job: JobPayloads['run'],
  signal: AbortSignal,
): Promise<void> {
  const scope = enterBrandAsSystem(job.brandId);
  for (let tries = 1; ;) {
    signal.throwIfAborted();
    try {
      const more = await deps.database.inBrand(scope, (tx) => nextPortion(scope, tx, job.operation), {
        statementTimeout: PORTION_TIMEOUT_MS,
      });
      if (!more) return;
      tries = 1;
    } catch (error) {
      deps.log.warn('A portion of a step was not done', { operation: job.operation, tries, error });
      if (tries === TRIES) {
        await deps.database.inBrand(scope, (tx) => stop(scope, tx, { id: job.operation, state: 'failed' }));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tries));
      tries += 1;
    }
  }
}

async function nextPortion(scope: BrandScope, tx: BrandTx, id: string): Promise<boolean> {
  const run = await lockRun(scope, tx, id);
  if (run === null || run.state !== 'running') return false;
  if (run.undoOf !== null) return undoPortion(scope, tx, { run, limit: PORTION });
  // Written by `changeMany` from validated input.
  const request = run.request as BulkRequest;
  const changed = await changePortion(scope, tx, {
    ...request,
    operation: run.id,
    limit: PORTION,
    after: run.reached,
    until: run.at,
  });
  const more = changed.ids.length === PORTION;
  await advanceRun(scope, tx, {
    id: run.id,
    changed: 0,
    skipped: 0,
    reached: changed.last ?? '',
    state: more ? 'running' : 'done',
  });
  return more;
}

async function stop(
  scope: BrandScope,
  tx: BrandTx,
  step: { id: string; state: 'failed' | 'cancelled' },
): Promise<Run> {
  const run = await lockRun(scope, tx, step.id);
  if (run === null) throw new Failure('not_found');
  if (run.state === 'running') {
    await setRunState(scope, tx, step);
    await addEvent(scope, tx, { kind: 'assets.changed' });
  }
  return run;
}

/** Stops a step after the portion under way. What is done stays, and can be undone. */
export function cancelStep(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'operations.cancel'>> {
  return database.inBrand(
    scope,
    async (tx) => {
      await stop(scope, tx, { id: input.id, state: 'cancelled' });
      return present(await getOperation(scope, tx, input.id));
    },
    { statementTimeout: PORTION_TIMEOUT_MS },
  );
}

/** Lets a step that was cancelled or failed go on where it stopped. */
export function resumeStep(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'operations.resume'>> {
  return database.inBrand(scope, async (tx) => {
    const run = await lockRun(scope, tx, input.id);
    if (run === null) throw new Failure('not_found');
    if (run.undone || run.undoneBy !== null) throw new Failure('already_undone');
    if (run.state === 'cancelled' || run.state === 'failed') {
      await setRunState(scope, tx, { id: run.id, state: 'running' });
      await addRunJob(scope, tx, run.id);
    }
    return present(await getOperation(scope, tx, input.id));
  });
}

function present(row: OperationRow | undefined): Output<'operations.get'> {
  if (row === undefined) throw new Failure('not_found');
  return presentOperation(row);
}

/** Steps whose job was lost with its worker go on. Harmless to repeat: jobs with one key replace each other. */
export async function resumeSteps({ database }: Db): Promise<void> {
  for (const brand of await listBrands(database.workspace)) {
    const scope = enterBrandAsSystem(brand.id);
    await database.inBrand(scope, async (tx) => {
      for (const id of await runningSteps(scope, tx)) await addRunJob(scope, tx, id);
    });
  }
}
