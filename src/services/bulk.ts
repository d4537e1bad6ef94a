import type { AssetSelection, BulkChange } from '../contract/assets.ts';
import type { Input, Output } from '../contract/operations.ts';
import { refreshSearchRows } from '../database/assets.ts';
import { changeAssets, measureSelection, undoChanges } from '../database/changes.ts';
import type { BulkEdit, Selection } from '../database/changes.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob } from '../database/jobs.ts';
import { addChanged, addOperation, finishUndo, lockUndo } from '../database/operations.ts';
import type { OperationRow } from '../database/operations.ts';
import { insertPlan, takePlan } from '../database/plans.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import { cleanTags } from '../domain/naming.ts';
import { cleanEdit, personOrigin } from './assets.ts';
import { undoOnCollection } from './collections.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;

/** Assets changed in one transaction: the counters of the brand stay locked until each commits. */
const PORTION = 10_000;
const PORTION_TIMEOUT_MS = 120_000;

interface Request {
  readonly select: AssetSelection;
  readonly change: BulkChange;
}

/** One operation for any number of assets, with one undo. A plan answers the exact count first and is applied by id. */
export async function changeMany(
  deps: Db,
  scope: BrandScope,
  input: Input<'assets.bulk'>,
): Promise<Output<'assets.bulk'>> {
  const request = await resolve(deps, scope, input);
  const selection = selectionOf(request.select, request.change);
  const edit = editOf(request.change);
  const matched = await deps.database.inBrand(scope, (tx) => measureSelection(scope, tx, selection));
  if (input.plan === true) {
    const plan = newToken();
    await deps.database.inBrand(scope, (tx) => insertPlan(scope, tx, { id: plan, request }));
    return { operation: null, plan, matched: matched.count, changed: 0, failed: 0, bytes: matched.bytes };
  }
  const operation = await deps.database.inBrand(scope, (tx) =>
    addOperation(scope, tx, { kind: 'assets.bulk', summary: summarise(request.change), undoable: true }),
  );
  let changed = 0;
  let bytes = 0;
  for (;;) {
    const portion = await changePortion(deps, scope, { selection, edit, operation });
    changed += portion.ids.length;
    bytes += portion.bytes;
    if (portion.ids.length < PORTION) break;
  }
  return { operation, plan: null, matched: matched.count, changed, failed: 0, bytes };
}

async function changePortion(
  { database }: Db,
  scope: BrandScope,
  step: { selection: Selection; edit: BulkEdit; operation: string },
) {
  return database.inBrand(
    scope,
    async (tx) => {
      const changed = await changeAssets(scope, tx, { ...step, origin: personOrigin(scope), limit: PORTION });
      if (changed.ids.length === 0) return changed;
      if (step.edit.life === undefined) await refreshSearchRows(scope, tx, changed.ids);
      await addChanged(scope, tx, { operation: step.operation, changed: changed.ids.length });
      await addEvent(scope, tx, { kind: 'assets.changed' });
      await addSidecars(scope, tx, step.operation);
      return changed;
    },
    { statementTimeout: PORTION_TIMEOUT_MS },
  );
}

/** One job for all portions of an operation: it waits long enough that it seldom begins before the last. */
async function addSidecars(scope: BrandScope, tx: BrandTx, operation: string): Promise<void> {
  await addJob(tx, {
    name: 'sidecars',
    payload: { brandId: scope.brandId, operation },
    key: `sidecars:${operation}`,
    delaySeconds: 5,
  });
}

async function resolve({ database }: Db, scope: BrandScope, input: Input<'assets.bulk'>): Promise<Request> {
  const { apply, select, change } = input;
  if (apply !== undefined) {
    const request = await database.inBrand(scope, (tx) => takePlan<Request>(scope, tx, apply));
    // A set chosen for a zip is kept beside the plans and is none.
    if (request?.change === undefined) throw new Failure('plan_unknown');
    return request;
  }
  if (select === undefined || change === undefined || Object.keys(change).length === 0) {
    throw new Failure('invalid_input', {
      message: 'A bulk change needs "select" and "change", or "apply" with a plan id.',
      details: { field: select === undefined ? 'select' : 'change' },
    });
  }
  if (change.trash === true && change.restore === true) {
    throw new Failure('invalid_input', { message: 'An asset cannot be trashed and restored in one step.' });
  }
  return { select, change };
}

/** Trash acts on live assets, restore on trashed ones, whatever the filter leaves open. */
function selectionOf(select: AssetSelection, change: BulkChange): Selection {
  if ('ids' in select) return { ids: [...new Set(select.ids)] };
  const trashed = change.restore === true ? true : (select.filter.trashed ?? false);
  return { query: { ...select.filter, trashed }, except: select.except ?? [] };
}

function editOf(change: BulkChange): BulkEdit {
  const life = change.trash === true ? 'trash' : change.restore === true ? 'restore' : undefined;
  return {
    ...cleanEdit(change.set ?? {}),
    ...(change.addTags === undefined ? {} : { addTags: cleanTags(change.addTags) }),
    ...(change.removeTags === undefined ? {} : { removeTags: cleanTags(change.removeTags) }),
    ...(life === undefined ? {} : { life }),
  };
}

function summarise(change: BulkChange): string {
  const parts = [
    change.trash === true ? 'Moved to trash' : '',
    change.restore === true ? 'Restored' : '',
    change.set === undefined ? '' : `Set ${Object.keys(change.set).join(', ')}`,
    change.addTags === undefined ? '' : `Added tags ${change.addTags.join(', ')}`,
    change.removeTags === undefined ? '' : `Removed tags ${change.removeTags.join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/**
 * Puts back what a step changed, as far as nobody has changed it since; says how many assets were left alone. The step
 * counts as undone with its last portion, so an undo that was interrupted goes on when it is asked for again.
 */
export async function undoOperation(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'operations.undo'>> {
  let changed = 0;
  let skipped = 0;
  for (let after: string | null = null; ;) {
    const from: string | null = after;
    const portion: UndoPortion = await database.inBrand(
      scope,
      (tx) => undoPortion(scope, tx, { id: input.id, after: from }),
      {
        statementTimeout: PORTION_TIMEOUT_MS,
      },
    );
    changed += portion.changed;
    skipped += portion.skipped;
    if (portion.last === null) return { operation: portion.undo, changed, skipped };
    after = portion.last;
  }
}

interface UndoPortion {
  readonly undo: string;
  readonly changed: number;
  readonly skipped: number;
  readonly last: string | null;
}

/** The next portion of an undo; `last` is null when it was the last one. Two at once take turns and share the work. */
async function undoPortion(
  scope: BrandScope,
  tx: BrandTx,
  step: { id: string; after: string | null },
): Promise<UndoPortion> {
  const state = await lockUndo(scope, tx, step.id);
  if (state === null) throw new Failure('not_found');
  const { operation, begun } = state;
  if (operation.undoneAt !== null) {
    if (step.after === null || begun === null) throw new Failure('already_undone');
    return { undo: begun.id, changed: 0, skipped: 0, last: null };
  }
  if (!operation.undoable) throw new Failure('cannot_undo');
  const undo = begun?.id ?? (await openUndo(scope, tx, operation));
  const from = [step.after ?? '', begun?.last ?? ''].toSorted().at(-1) ?? '';
  const { collectionId: collection } = operation;
  const done =
    collection === null
      ? await undoChanges(scope, tx, { operation: operation.id, undo, after: from, limit: PORTION })
      : await undoOnCollection(scope, tx, { operation, collection, undo, after: from, limit: PORTION });
  const changed = done.ids.length;
  if (changed > 0 && collection !== null) await addChanged(scope, tx, { operation: undo, changed });
  if (changed > 0 && collection === null) {
    await refreshSearchRows(scope, tx, done.ids);
    await addChanged(scope, tx, { operation: undo, changed });
    await addEvent(scope, tx, { kind: 'assets.changed' });
    await addSidecars(scope, tx, undo);
  }
  const more = changed + done.skipped === PORTION;
  if (!more) await finishUndo(scope, tx, operation.id);
  return { undo, changed, skipped: done.skipped, last: more ? done.last : null };
}

function openUndo(scope: BrandScope, tx: BrandTx, operation: OperationRow): Promise<string> {
  return addOperation(scope, tx, {
    kind: 'operations.undo',
    summary: `Undone: ${operation.summary}`,
    // A deletion that was taken back is repeated by deleting again.
    undoable: operation.kind !== 'collections.delete',
    undoOf: operation.id,
    collectionId: operation.collectionId,
  });
}
