import type { Output } from '../contract/operations.ts';
import { refreshSearchRows } from '../database/search-rows.ts';
import type { BrandTx } from '../database/database.ts';
import { returnRows } from '../database/merges.ts';
import { addOperation, getOperation } from '../database/operations.ts';
import { advanceRun, lockRun, markUndone, setRunState } from '../database/runs.ts';
import type { Run } from '../database/runs.ts';
import { undoChanges } from '../database/undo.ts';
import type { Undone } from '../database/undo.ts';
import type { BrandScope } from '../domain/access.ts';
import { MERGE } from '../domain/duplicates.ts';
import { Failure } from '../domain/failures.ts';
import { AT_ONCE } from '../domain/runs.ts';
import { undoOnCollection } from './collection-members.ts';
import type { Deps } from './deps.ts';
import { PORTION_TIMEOUT_MS, addRunJob, tellChanged } from './portions.ts';

type Db = Pick<Deps, 'database'>;

/**
 * Puts back what a step changed, as far as nobody has changed it since; says how many assets were left alone. A large
 * undo runs by itself, and asked for again it is the same undo.
 */
export async function undoOperation(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'operations.undo'>> {
  return database.inBrand(
    scope,
    async (tx) => {
      const step = await lockRun(scope, tx, input.id);
      if (step === null) throw new Failure('not_found');
      if (step.undone) throw new Failure('already_undone');
      if (!step.undoable) throw new Failure('cannot_undo');
      if (step.state === 'running') throw new Failure('still_running');
      const undo = step.undoneBy ?? (await openUndo(scope, tx, step));
      if (step.changed > AT_ONCE) {
        await setRunState(scope, tx, { id: undo, state: 'running' });
        await addRunJob(scope, tx, undo);
      } else {
        for (;;) {
          const run = await lockRun(scope, tx, undo);
          if (run === null || !(await undoPortion(scope, tx, { run, limit: AT_ONCE }))) break;
        }
      }
      const now = await lockRun(scope, tx, undo);
      return {
        operation: undo,
        changed: now?.changed ?? 0,
        skipped: now?.skipped ?? 0,
        done: now?.state === 'done',
      };
    },
    { statementTimeout: PORTION_TIMEOUT_MS },
  );
}

/** The next portion of an undo; false when it was the last. */
export async function undoPortion(
  scope: BrandScope,
  tx: BrandTx,
  step: { run: Run; limit: number },
): Promise<boolean> {
  const { run, limit } = step;
  if (run.undoOf === null) throw new Error('Only an undo has something to put back.');
  const done = await putBack(scope, tx, { run, undoOf: run.undoOf, limit });
  const changed = done.ids.length;
  const more = changed + done.skipped === limit;
  await advanceRun(scope, tx, {
    id: run.id,
    changed,
    skipped: done.skipped,
    reached: done.last ?? '',
    state: more ? 'running' : 'done',
  });
  if (!more) await markUndone(scope, tx, run.undoOf);
  return more;
}

async function putBack(
  scope: BrandScope,
  tx: BrandTx,
  { run, undoOf, limit }: { run: Run; undoOf: string; limit: number },
): Promise<Pick<Undone, 'ids' | 'skipped' | 'last'>> {
  const portion = { undo: run.id, after: run.reached, limit };
  const { collectionId: collection } = run;
  if (collection !== null) {
    const operation = await getOperation(scope, tx, undoOf);
    if (operation === undefined) throw new Failure('not_found');
    return undoOnCollection(scope, tx, { ...portion, operation, collection });
  }
  const done = await undoChanges(scope, tx, { ...portion, operation: undoOf });
  await returnRows(scope, tx, { operation: undoOf, restored: done.ids });
  if (done.ids.length > 0) {
    await refreshSearchRows(scope, tx, { ids: done.ids, change: { columns: done.columns } });
    await tellChanged(scope, tx, run.id);
  }
  return done;
}

function openUndo(scope: BrandScope, tx: BrandTx, step: Run): Promise<string> {
  return addOperation(scope, tx, {
    kind: 'operations.undo',
    summary: `Undone: ${step.summary}`,
    // A deletion or a merge that was taken back is repeated by doing it again.
    undoable: step.kind !== 'collections.delete' && step.kind !== MERGE,
    undoOf: step.id,
    collectionId: step.collectionId,
    total: step.changed,
  });
}
