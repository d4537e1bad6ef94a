import { refreshSearchRows } from '../database/search-rows.ts';
import { changeAssets, searchChangeOf } from '../database/changes.ts';
import type { BulkEdit, ChangeStep, Changed } from '../database/changes.ts';
import type { Selection } from '../database/selections.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob } from '../database/jobs.ts';
import { addChanged } from '../database/operations.ts';
import { advanceRun } from '../database/runs.ts';
import type { Run } from '../database/runs.ts';
import type { BrandScope } from '../domain/access.ts';
import type { FieldOrigin } from '../domain/asset.ts';

export const PORTION_TIMEOUT_MS = 120_000;

/** What a large bulk step does, as its operation remembers it. */
export interface BulkRequest {
  readonly selection: Selection;
  readonly edit: BulkEdit;
  readonly origin: FieldOrigin;
}

/** One portion of a bulk change with all that follows from it, in the caller's transaction. */
export async function changePortion(scope: BrandScope, tx: BrandTx, step: ChangeStep): Promise<Changed> {
  const changed = await changeAssets(scope, tx, step);
  if (changed.ids.length === 0) return changed;
  await refreshSearchRows(scope, tx, { ids: changed.ids, change: searchChangeOf(step.edit) });
  await addChanged(scope, tx, { operation: step.operation, changed: changed.ids.length });
  await tellChanged(scope, tx, step.operation);
  return changed;
}

/** The next portion of a large bulk change; false when it was the last. */
export async function changeNext(
  scope: BrandScope,
  tx: BrandTx,
  { run, limit }: { run: Run; limit: number },
): Promise<boolean> {
  // Written by `changeMany` from validated input.
  const request = run.request as BulkRequest;
  const portion = { limit, after: run.reached, until: run.at };
  const changed = await changePortion(scope, tx, { ...request, ...portion, operation: run.id });
  const more = changed.ids.length === limit;
  await advanceRun(scope, tx, {
    id: run.id,
    changed: 0,
    skipped: 0,
    reached: changed.last ?? '',
    state: more ? 'running' : 'done',
  });
  return more;
}

/** What follows every portion: open pages hear of it, and the sidecars of what changed are written. */
export async function tellChanged(scope: BrandScope, tx: BrandTx, operation: string): Promise<void> {
  await addEvent(scope, tx, { kind: 'assets.changed' });
  // One job for all portions of an operation: it waits long enough that it seldom begins before the last.
  await addJob(tx, {
    name: 'sidecars',
    payload: { brandId: scope.brandId, operation },
    key: `sidecars:${operation}`,
    delaySeconds: 5,
  });
}

export async function addRunJob(scope: BrandScope, tx: BrandTx, operation: string): Promise<void> {
  await addJob(tx, {
    name: 'run',
    payload: { brandId: scope.brandId, operation },
    key: `run:${operation}`,
  });
}
