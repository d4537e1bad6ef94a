import type { AssetSelection } from '../contract/assets.ts';
import type { Input, Output } from '../contract/operations.ts';
import { measureSelection, nextSelected } from '../database/selections.ts';
import type { Portion, Selection } from '../database/selections.ts';
import { collectionName, setDeleted } from '../database/collections.ts';
import { addMembers, removeMembers, undoMembers } from '../database/collection-members.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addChanged, addOperation, dropOperation } from '../database/operations.ts';
import type { OperationRow } from '../database/operations.ts';
import { advanceRun } from '../database/runs.ts';
import type { Run } from '../database/runs.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { AT_ONCE } from '../domain/runs.ts';
import { withName } from './collections.ts';
import type { Deps } from './deps.ts';
import { PORTION_TIMEOUT_MS, addRunJob } from './portions.ts';

type Db = Pick<Deps, 'database'>;
type Kind = 'collections.add' | 'collections.remove';

export function addToCollection(
  deps: Db,
  scope: BrandScope,
  input: Input<'collections.add'>,
): Promise<Output<'collections.add'>> {
  return moveMembers(deps, scope, { ...input, kind: 'collections.add' });
}

export function removeFromCollection(
  deps: Db,
  scope: BrandScope,
  input: Input<'collections.remove'>,
): Promise<Output<'collections.remove'>> {
  return moveMembers(deps, scope, { ...input, kind: 'collections.remove' });
}

/** What a large step on members does, as its operation remembers it. */
interface MoveRequest {
  readonly selection: Selection;
}

/**
 * One operation for any number of assets; members that are as asked are left alone. Up to ten thousand are moved before
 * the answer, more by a job.
 */
async function moveMembers(
  { database }: Db,
  scope: BrandScope,
  input: { id: string; select: AssetSelection; kind: Kind },
): Promise<Output<'collections.add'>> {
  const request: MoveRequest = { selection: selectionOf(input.select) };
  const { id: collection, kind } = input;
  return database.inBrand(
    scope,
    async (tx) => {
      const name = await requireName(scope, tx, collection);
      const { count: matched } = await measureSelection(scope, tx, request.selection);
      const isLarge = matched > AT_ONCE;
      const operation = await addOperation(scope, tx, {
        kind,
        summary: kind === 'collections.add' ? `Added to the collection ${name}` : `Taken out of ${name}`,
        undoable: true,
        collectionId: collection,
        ...(isLarge ? { total: matched, request } : {}),
      });
      if (isLarge) {
        await addRunJob(scope, tx, operation);
        return { operation, matched, changed: 0, done: false };
      }
      const step = { kind, collection, operation, ...request, limit: AT_ONCE };
      const { changed } = await movePortion(scope, tx, step);
      if (changed === 0) await dropOperation(scope, tx, operation);
      return { operation: changed === 0 ? null : operation, matched, changed, done: true };
    },
    { statementTimeout: PORTION_TIMEOUT_MS },
  );
}

/** Read and not held: whoever moves assets locks these first and the collection, which counts them, after. */
async function requireName(scope: BrandScope, tx: BrandTx, collection: string): Promise<string> {
  const name = await collectionName(scope, tx, collection);
  if (name === undefined) throw new Failure('not_found');
  return name;
}

async function movePortion(
  scope: BrandScope,
  tx: BrandTx,
  step: Portion & MoveRequest & { kind: Kind; collection: string; operation: string },
): Promise<{ changed: number; seen: number; last: string | null }> {
  const { kind, collection, operation } = step;
  const name = await requireName(scope, tx, collection);
  const ids = await nextSelected(scope, tx, step);
  const move = kind === 'collections.add' ? addMembers : removeMembers;
  const changed = await move(scope, tx, { collection, name, ids, operation });
  if (changed > 0) {
    await addChanged(scope, tx, { operation, changed });
    await addEvent(scope, tx, { kind: 'collections.changed' });
  }
  return { changed, seen: ids.length, last: ids.at(-1) ?? null };
}

/** The next portion of a large step on members; false when it was the last. Those that are as asked count as skipped. */
export async function moveNext(
  scope: BrandScope,
  tx: BrandTx,
  { run, limit }: { run: Run; limit: number },
): Promise<boolean> {
  if (run.collectionId === null) throw new Error('A step on members names no collection.');
  // Both were written by `moveMembers`.
  const request = run.request as MoveRequest;
  const kind = run.kind as Kind;
  const portion = { limit, after: run.reached, until: run.at };
  const step = { ...request, ...portion, kind, collection: run.collectionId, operation: run.id };
  const { changed, seen, last } = await movePortion(scope, tx, step);
  const more = seen === limit;
  await advanceRun(scope, tx, {
    id: run.id,
    changed: 0,
    skipped: seen - changed,
    reached: last ?? '',
    state: more ? 'running' : 'done',
  });
  return more;
}

/** The assets that a request names; every door takes the same two forms. */
export function selectionOf(select: AssetSelection): Selection {
  return 'ids' in select
    ? { ids: [...new Set(select.ids)] }
    : { query: select.filter, except: select.except ?? [] };
}

/** A portion of the undo of a step on a collection: members moved back, or a deleted one brought back. */
export async function undoOnCollection(
  scope: BrandScope,
  tx: BrandTx,
  step: {
    operation: Pick<OperationRow, 'id' | 'kind'>;
    collection: string;
    undo: string;
    after: string;
    limit: number;
  },
) {
  const { operation, collection } = step;
  await addEvent(scope, tx, { kind: 'collections.changed' });
  if (operation.kind !== 'collections.delete') {
    return undoMembers(scope, tx, { ...step, operation: operation.id });
  }
  const isBack = await withName(() => setDeleted(scope, tx, { id: collection, deleted: false }));
  if (!isBack) throw new Failure('cannot_undo', { remedy: 'The collection was deleted too long ago.' });
  return { ids: [], skipped: 0, last: null };
}
