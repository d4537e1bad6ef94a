import { refreshSearchRows } from '../database/search-rows.ts';
import { changeAssets, nextToChange, searchChangeOf } from '../database/changes.ts';
import type { BulkEdit, ChangeStep, Changed } from '../database/changes.ts';
import type { Selection } from '../database/selections.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob } from '../database/jobs.ts';
import { addChanged } from '../database/operations.ts';
import { advanceRun } from '../database/runs.ts';
import type { Run } from '../database/runs.ts';
import { addFailure, takeFailures } from '../database/step-failures.ts';
import type { BrandScope } from '../domain/access.ts';
import type { FieldOrigin } from '../domain/asset.ts';

export const PORTION_TIMEOUT_MS = 120_000;
/** The kind of a step that changes many assets alike. */
export const BULK = 'assets.bulk';

/** What a large bulk step does, as its operation remembers it. */
export interface BulkRequest {
  readonly selection: Selection;
  readonly edit: BulkEdit;
  readonly origin: FieldOrigin;
  /** Only those are meant now that the step has left as they were. */
  readonly again?: boolean;
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
  const step = stepOf(run, limit);
  const { last, seen } = step.again === true ? await tryAgain(scope, tx, step) : await goOn(scope, tx, step);
  const more = seen === limit;
  await advanceRun(scope, tx, {
    id: run.id,
    changed: 0,
    skipped: 0,
    reached: last ?? '',
    state: more ? 'running' : 'done',
  });
  return more;
}

type Step = ChangeStep & BulkRequest & { readonly after: string };

function stepOf(run: Run, limit: number): Step {
  // Written by `changeMany` from validated input.
  const request = run.request as BulkRequest;
  return { ...request, operation: run.id, limit, after: run.reached, until: run.at };
}

interface Dealt {
  readonly last: string | null;
  readonly seen: number;
}

async function goOn(scope: BrandScope, tx: BrandTx, step: Step): Promise<Dealt> {
  const { ids, failed, last } = await changePortion(scope, tx, step);
  return { last, seen: ids.length + failed };
}

async function tryAgain(scope: BrandScope, tx: BrandTx, step: Step): Promise<Dealt> {
  const ids = await takeFailures(scope, tx, step);
  await changePortion(scope, tx, { ...step, selection: { ids }, after: '' });
  return { last: ids.at(-1) ?? null, seen: ids.length };
}

/**
 * Notes the asset that the next portion begins with as one that cannot be changed, and passes it over; false when there
 * is none.
 */
export async function passOver(scope: BrandScope, tx: BrandTx, run: Run): Promise<boolean> {
  const step = stepOf(run, 1);
  const [first] =
    step.again === true ? await takeFailures(scope, tx, step) : [await nextToChange(scope, tx, step)];
  if (first === undefined) return false;
  await addFailure(scope, tx, { operation: run.id, assetId: first, reason: 'refused' });
  await advanceRun(scope, tx, { id: run.id, changed: 0, skipped: 0, reached: first, state: 'running' });
  return true;
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
