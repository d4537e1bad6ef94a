import type { Input, Output } from '../contract/operations.ts';
import { API_BASE } from '../contract/routes.ts';
import { getAsset } from '../database/assets.ts';
import {
  insertCollection,
  listCollections as selectCollections,
  lockCollection,
  setDeleted,
  updateCollection,
} from '../database/collections.ts';
import type { CollectionRow } from '../database/collections.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addOperation } from '../database/operations.ts';
import { pgError } from '../database/transaction.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newCollectionId } from '../domain/ids.ts';
import { cleanName, cleanParagraph } from '../domain/naming.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;
type Collection = Output<'collections.get'>;

const PAGE = 200;
const UNIQUE_VIOLATION = '23505';

export async function listCollections(
  { database }: Db,
  scope: BrandScope,
  input: Input<'collections.list'>,
): Promise<Output<'collections.list'>> {
  const limit = input.limit ?? PAGE;
  const after = decodeCursor(input.after);
  const rows = await database.inBrand(scope, async (tx) => {
    if (input.asset !== undefined && (await getAsset(scope, tx, input.asset)) === undefined) {
      throw new Failure('not_found');
    }
    return selectCollections(scope, tx, {
      asset: input.asset,
      after: after === undefined ? undefined : [String(after[0]), after[1]],
      limit,
    });
  });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    items: rows.map((row) => present(scope, row)),
    next: last === undefined ? null : encodeCursor(last.nameKey, last.id),
  };
}

export async function getCollection(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Collection> {
  return database.inBrand(scope, (tx) => read(scope, tx, input.id));
}

async function read(scope: BrandScope, tx: BrandTx, id: string): Promise<Collection> {
  const [row] = await selectCollections(scope, tx, { id, limit: 1 });
  if (row === undefined) throw new Failure('not_found');
  return present(scope, row);
}

function present(scope: BrandScope, row: CollectionRow): Collection {
  const base = `${API_BASE}/brands/${scope.brandId}/assets`;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    count: row.count,
    covers: row.covers.map(({ id, version, colour }) => ({
      id,
      colour,
      thumbnail: `${base}/${id}/thumbnail?version=${version}`,
    })),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
  };
}

export async function createCollection(
  { database }: Db,
  scope: BrandScope,
  input: Input<'collections.create'>,
): Promise<Collection> {
  const made = {
    id: newCollectionId(),
    name: cleanName(input.name),
    description: cleanParagraph(input.description ?? ''),
  };
  return withName(() =>
    database.inBrand(scope, async (tx) => {
      await insertCollection(scope, tx, made);
      await addOperation(scope, tx, {
        kind: 'collections.create',
        summary: `Made the collection ${made.name}`,
        undoable: false,
      });
      await addEvent(scope, tx, { kind: 'collections.changed' });
      return read(scope, tx, made.id);
    }),
  );
}

/** Two collections of one name cannot be told apart in a menu. */
export async function withName<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const taken = pgError(error);
    if (taken?.code === UNIQUE_VIOLATION && taken.constraint === 'collection_name') {
      throw new Failure('name_taken');
    }
    throw error;
  }
}

export async function changeCollection(
  { database }: Db,
  scope: BrandScope,
  input: Input<'collections.update'>,
): Promise<Collection> {
  const name = input.name === undefined ? undefined : cleanName(input.name);
  const description = input.description === undefined ? undefined : cleanParagraph(input.description);
  return withName(() =>
    database.inBrand(scope, async (tx) => {
      const before = await locked(scope, tx, input.id);
      await updateCollection(scope, tx, { id: input.id, name, description });
      await addOperation(scope, tx, {
        kind: 'collections.update',
        summary:
          name === undefined || name === before.name
            ? `Described the collection ${before.name}`
            : `Renamed the collection ${before.name} to ${name}`,
        undoable: false,
      });
      await addEvent(scope, tx, { kind: 'collections.changed' });
      return read(scope, tx, input.id);
    }),
  );
}

async function locked(scope: BrandScope, tx: BrandTx, id: string): Promise<{ readonly name: string }> {
  const found = await lockCollection(scope, tx, id);
  if (found === undefined) throw new Failure('not_found');
  return found;
}

/** The collection goes, its assets stay; its members are kept for the undo. */
export async function deleteCollection(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'collections.delete'>> {
  return database.inBrand(scope, async (tx) => {
    const { name } = await locked(scope, tx, input.id);
    await setDeleted(scope, tx, { id: input.id, deleted: true });
    const operation = await addOperation(scope, tx, {
      kind: 'collections.delete',
      summary: `Deleted the collection ${name}`,
      undoable: true,
      collectionId: input.id,
    });
    await addEvent(scope, tx, { kind: 'collections.changed' });
    return { operation };
  });
}
