import type { AssetSelection, BulkChange } from '../contract/assets.ts';
import type { Input, Output } from '../contract/operations.ts';
import { columnsOf } from '../database/changes.ts';
import { measureSelection } from '../database/selections.ts';
import type { BulkEdit } from '../database/changes.ts';
import type { Selection } from '../database/selections.ts';
import { addOperation, keepRequest } from '../database/operations.ts';
import { insertPlan, takePlan } from '../database/plans.ts';
import type { BrandTx } from '../database/database.ts';
import { isOfOneRow } from '../database/transaction.ts';
import type { BrandScope } from '../domain/access.ts';
import type { AssetEdit } from '../domain/asset.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import { cleanTags } from '../domain/naming.ts';
import { AT_ONCE } from '../domain/runs.ts';
import { cleanEdit, personOrigin } from './assets.ts';
import type { Deps } from './deps.ts';
import { BULK, PORTION_TIMEOUT_MS, addRunJob, changePortion } from './portions.ts';
import type { BulkRequest } from './portions.ts';

type Db = Pick<Deps, 'database'>;

interface Request {
  readonly select: AssetSelection;
  readonly change: BulkChange;
}

/**
 * One operation for any number of assets, with one undo. A plan answers the exact count first and is applied by id. Up
 * to ten thousand are changed before the answer; more are changed by a job, which whoever asked may leave alone.
 */
export async function changeMany(
  deps: Db,
  scope: BrandScope,
  input: Input<'assets.bulk'>,
): Promise<Output<'assets.bulk'>> {
  const request = await resolve(deps, scope, input);
  const { select, change } = request;
  if (input.plan === true) {
    return deps.database.inBrand(scope, async (tx) => {
      const matched = await measureSelection(scope, tx, selectionOf(select, change));
      const plan = newToken();
      await insertPlan(scope, tx, { id: plan, request });
      const nothing = { operation: null, changed: 0, failed: 0, done: true };
      return { ...nothing, plan, matched: matched.count, bytes: matched.bytes };
    });
  }
  const bulk: BulkRequest = {
    selection: selectionOf(select, change),
    edit: editOf(change),
    origin: personOrigin(scope),
  };
  const step = { bulk, summary: summarise(change) };
  const { database } = deps;
  const options = { statementTimeout: PORTION_TIMEOUT_MS };
  try {
    return await database.inBrand(scope, (tx) => begin(scope, tx, { ...step, atOnce: AT_ONCE }), options);
  } catch (error) {
    if (!isOfOneRow(error)) throw error;
    // One asset must not keep the others from their change. A step by itself finds out which it is.
    return await database.inBrand(scope, (tx) => begin(scope, tx, { ...step, atOnce: 0 }), options);
  }
}

async function begin(
  scope: BrandScope,
  tx: BrandTx,
  { bulk, summary, atOnce }: { bulk: BulkRequest; summary: string; atOnce: number },
): Promise<Output<'assets.bulk'>> {
  const matched = await measureSelection(scope, tx, bulk.selection);
  const isLarge = matched.count > atOnce && columnsOf(bulk.edit).length > 0;
  const operation = await addOperation(scope, tx, {
    kind: BULK,
    summary,
    undoable: true,
    ...(isLarge ? { total: matched.count, request: bulk } : {}),
  });
  const answer = { operation, plan: null, matched: matched.count, bytes: matched.bytes };
  if (isLarge) {
    await addRunJob(scope, tx, operation);
    return { ...answer, changed: 0, failed: 0, done: false };
  }
  const { ids, failed } = await changePortion(scope, tx, { ...bulk, operation, limit: AT_ONCE });
  if (failed > 0)
    await keepRequest(scope, tx, { id: operation, request: { ...bulk, selection: { ids: [] } } });
  return { ...answer, changed: ids.length, failed, done: true };
}

async function resolve({ database }: Db, scope: BrandScope, input: Input<'assets.bulk'>): Promise<Request> {
  const { apply, select, change } = input;
  if (apply !== undefined) {
    const request = await database.inBrand(scope, (tx) => takePlan<Request>(scope, tx, apply));
    if (request === null) throw new Failure('plan_unknown');
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
  const set = Object.keys(change.set ?? {}).filter((field) => field !== 'lock');
  const parts = [
    change.trash === true ? 'Moved to trash' : '',
    change.restore === true ? 'Restored' : '',
    set.length === 0 ? '' : `Set ${set.join(', ')}`,
    ...lockWords(change.set?.lock),
    change.addTags === undefined ? '' : `Added tags ${change.addTags.join(', ')}`,
    change.removeTags === undefined ? '' : `Removed tags ${change.removeTags.join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function lockWords(lock: AssetEdit['lock'] = {}): string[] {
  const named = (wanted: boolean) =>
    Object.entries(lock).flatMap(([name, on]) => (on === wanted ? [name] : []));
  const [locked, unlocked] = [named(true), named(false)];
  return [
    locked.length === 0 ? '' : `Locked ${locked.join(', ')}`,
    unlocked.length === 0 ? '' : `Unlocked ${unlocked.join(', ')}`,
  ];
}
