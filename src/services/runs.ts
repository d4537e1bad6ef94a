import type { Input, Output } from '../contract/operations.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { getOperation } from '../database/operations.ts';
import type { OperationRow } from '../database/operations.ts';
import { lockRun, restartRun, runningSteps, setRunState } from '../database/runs.ts';
import type { Run } from '../database/runs.ts';
import { listFailures } from '../database/step-failures.ts';
import { isOfOneRow } from '../database/transaction.ts';
import { listBrands } from '../database/workspace.ts';
import { enterBrandAsSystem, requireVerb } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import type { JobPayloads } from '../domain/jobs.ts';
import { PORTION, STEP_FAILURES } from '../domain/runs.ts';
import type { Deps } from './deps.ts';
import { presentOperation } from './history.ts';
import { moveNext } from './collection-members.ts';
import { BULK, PORTION_TIMEOUT_MS, addRunJob, changeNext, passOver } from './portions.ts';
import { PURGE, purgeNext } from './trash.ts';
import type { PurgeDeps } from './trash.ts';
import { undoPortion } from './undo.ts';

type Db = Pick<Deps, 'database'>;
type RunDeps = PurgeDeps;

/** Tries of one portion before its step is called failed: a deadlock or a full disk may pass. */
const TRIES = 3;
const PAUSE_MS = 1000;
/** A portion that holds an asset which cannot be changed is cut down by this, and grows by it when it went well. */
const CUT = 10;

/**
 * Works a step off, portion by portion. Running twice is harmless: each portion holds the operation, reads how far it
 * has come and notes its own end in the same transaction, so two runs take turns and share the work.
 */
export async function runStep(deps: RunDeps, job: JobPayloads['run'], signal: AbortSignal): Promise<void> {
  const scope = enterBrandAsSystem(job.brandId);
  const id = job.operation;
  const step = await deps.database.inBrand(scope, (tx) => getOperation(scope, tx, id));
  if (step === undefined) return;
  const { kind } = step;
  let limit = PORTION;
  for (let tries = 1; ;) {
    signal.throwIfAborted();
    try {
      if (!(await workOn(deps, scope, { id, kind, limit, signal }))) return;
      tries = 1;
      limit = Math.min(PORTION, limit * CUT);
    } catch (error) {
      signal.throwIfAborted();
      deps.log.warn('A portion of a step was not done', { operation: id, tries, limit, error });
      if (isOfOneRow(error) && kind === BULK && limit > 1) {
        limit = Math.max(1, Math.floor(limit / CUT));
      } else if (isOfOneRow(error) && kind === BULK) {
        await deps.database.inBrand(scope, (tx) => skipOne(scope, tx, id));
      } else if (tries === TRIES || error instanceof Failure) {
        // A refusal stays one however often it is asked for.
        await deps.database.inBrand(scope, (tx) => stop(scope, tx, { id, state: 'failed' }));
        return;
      } else {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tries));
        tries += 1;
      }
    }
  }
}

interface Work {
  readonly id: string;
  readonly kind: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** One portion; false when it was the last. A purge removes bytes between its transactions. */
async function workOn(deps: RunDeps, scope: BrandScope, work: Work): Promise<boolean> {
  if (work.kind === PURGE) return purgeNext(deps, scope, work);
  return deps.database.inBrand(scope, (tx) => nextPortion(scope, tx, work), {
    statementTimeout: PORTION_TIMEOUT_MS,
  });
}

async function skipOne(scope: BrandScope, tx: BrandTx, id: string): Promise<void> {
  const run = await lockRun(scope, tx, id);
  if (run?.state === 'running') await passOver(scope, tx, run);
}

type NextPortion = (
  scope: BrandScope,
  tx: BrandTx,
  step: { readonly run: Run; readonly limit: number },
) => Promise<boolean>;

/** What one portion of each kind of step does, in one transaction; false when it was the last. */
const PORTIONS: Readonly<Record<string, NextPortion>> = {
  [BULK]: changeNext,
  'collections.add': moveNext,
  'collections.remove': moveNext,
  'operations.undo': undoPortion,
};

async function nextPortion(
  scope: BrandScope,
  tx: BrandTx,
  { id, limit }: { id: string; limit: number },
): Promise<boolean> {
  const run = await lockRun(scope, tx, id);
  if (run === null || run.state !== 'running') return false;
  const next = PORTIONS[run.kind];
  if (next === undefined) throw new Error(`A step of the kind ${run.kind} has no portions.`);
  return next(scope, tx, { run, limit });
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
    // Whoever may stop a purge may not therefore let it go on.
    if (run.kind === PURGE) requireVerb(scope.actor, 'delete');
    if (run.state === 'cancelled' || run.state === 'failed') {
      await setRunState(scope, tx, { id: run.id, state: 'running' });
      await addRunJob(scope, tx, run.id);
    }
    return present(await getOperation(scope, tx, input.id));
  });
}

/** Lets a step try just those assets again that it left as they were; what works out joins the step and its undo. */
export function retryStep(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'operations.retry'>> {
  return database.inBrand(scope, async (tx) => {
    const run = await lockRun(scope, tx, input.id);
    if (run === null) throw new Failure('not_found');
    if (run.undone || run.undoneBy !== null) throw new Failure('already_undone');
    const { failed = 0 } = (await getOperation(scope, tx, input.id)) ?? {};
    if (run.state === 'done' && failed > 0) {
      await restartRun(scope, tx, run.id);
      await addRunJob(scope, tx, run.id);
    }
    return present(await getOperation(scope, tx, input.id));
  });
}

export function listStepFailures(
  { database }: Db,
  scope: BrandScope,
  input: Input<'operations.failures'>,
): Promise<Output<'operations.failures'>> {
  const limit = input.limit ?? 50;
  return database.inBrand(scope, async (tx) => {
    if ((await getOperation(scope, tx, input.id)) === undefined) throw new Failure('not_found');
    const page = { operation: input.id, after: input.after ?? '', limit };
    const items = await listFailures(scope, tx, page);
    return {
      items: items.map(({ id, name, reason }) => ({
        id,
        name,
        code: reason,
        message: STEP_FAILURES[reason],
      })),
      next: items.length === limit ? (items.at(-1)?.id ?? null) : null,
    };
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
