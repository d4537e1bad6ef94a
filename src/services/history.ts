import type { Input, Output } from '../contract/operations.ts';
import { getAsset } from '../database/assets.ts';
import {
  getOperation,
  listChanges,
  listOperations as selectOperations,
  listUses as selectUses,
} from '../database/operations.ts';
import type { ChangeRow, OperationRow } from '../database/operations.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { decodeTimeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;

export async function getHistory(
  { database }: Db,
  scope: BrandScope,
  input: Input<'assets.history'>,
): Promise<Output<'assets.history'>> {
  const limit = input.limit ?? 50;
  const after = decodeTimeCursor(input.after);
  return database.inBrand(scope, async (tx) => {
    if ((await getAsset(scope, tx, input.id)) === undefined) throw new Failure('not_found');
    const rows = await listChanges(scope, tx, { assetId: input.id, after, limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      items: rows.map((row) => ({
        operation: row.operation,
        kind: row.kind,
        actor: row.actor,
        at: row.at.toISOString(),
        changed: row.changed,
        undoable: row.undoable,
        changes: changesOf(row),
      })),
      next: last === undefined ? null : encodeCursor(last.at, last.operation),
    };
  });
}

/** Columns by the names that the contract gives them. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  media_type: 'mediaType',
  scene_hint: 'sceneHint',
  must_include: 'mustInclude',
  trashed_at: 'trashedAt',
  file_name: 'fileName',
  has_people: 'hasPeople',
  made_by: 'madeBy',
};

function changesOf(row: ChangeRow): Output<'assets.history'>['items'][number]['changes'] {
  const fields = [...new Set([...Object.keys(row.before), ...Object.keys(row.after)])].filter(
    // Where it stood in a collection is kept for the undo.
    (field) => field !== 'added_at',
  );
  return fields.map((field) => ({
    field: FIELD_NAMES[field] ?? field,
    from: row.before[field] ?? null,
    to: row.after[field] ?? null,
  }));
}

export async function listUses(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'assets.uses'>> {
  return database.inBrand(scope, async (tx) => {
    if ((await getAsset(scope, tx, input.id)) === undefined) throw new Failure('not_found');
    const rows = await selectUses(scope, tx, input.id);
    return { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) };
  });
}

export async function listOperations(
  { database }: Db,
  scope: BrandScope,
  input: Input<'operations.list'>,
): Promise<Output<'operations.list'>> {
  const limit = input.limit ?? 50;
  const after = decodeTimeCursor(input.after);
  const rows = await database.inBrand(scope, (tx) => selectOperations(scope, tx, { after, limit }));
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    items: rows.map(presentOperation),
    next: last === undefined ? null : encodeCursor(last.at, last.id),
  };
}

export async function readOperation(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'operations.get'>> {
  const row = await database.inBrand(scope, (tx) => getOperation(scope, tx, input.id));
  if (row === undefined) throw new Failure('not_found');
  return presentOperation(row);
}

export function presentOperation(row: OperationRow): Output<'operations.get'> {
  return {
    id: row.id,
    kind: row.kind,
    summary: row.summary,
    actor: row.actorName,
    at: row.at.toISOString(),
    changed: row.changed,
    undoable: row.undoable && row.undoneAt === null,
    undoneAt: row.undoneAt?.toISOString() ?? null,
    state: row.state,
    total: row.total,
    skipped: row.skipped,
    failed: row.failed,
  };
}
