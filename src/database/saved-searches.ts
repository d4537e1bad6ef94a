import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';

export interface SavedSearchRow {
  readonly id: string;
  readonly name: string;
  readonly filter: unknown;
  readonly sort: string;
  readonly by: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
}

const COLUMNS = sql`id, name, filter, sort, group_by as by, created_at as "createdAt", created_by as "createdBy",
  updated_at as "updatedAt"`;

export async function listSavedSearches(scope: BrandScope, tx: BrandTx): Promise<SavedSearchRow[]> {
  const { rows } = await sql<SavedSearchRow>`
    select ${COLUMNS} from saved_search where brand_id = ${scope.brandId} order by lower(name)`.execute(tx);
  return rows;
}

export interface SavedSearchFields {
  readonly name?: string | undefined;
  readonly filter?: object | undefined;
  readonly sort?: string | undefined;
  readonly by?: string | undefined;
}

/** A name that is taken violates a unique key. */
export async function insertSavedSearch(
  scope: BrandScope,
  tx: BrandTx,
  made: Required<SavedSearchFields> & { id: string },
): Promise<SavedSearchRow | undefined> {
  const { rows } = await sql<SavedSearchRow>`
    insert into saved_search (brand_id, id, name, filter, sort, group_by, created_by)
    values (${scope.brandId}, ${made.id}, ${made.name}, ${JSON.stringify(made.filter)}, ${made.sort}, ${made.by},
      ${scope.actor.name})
    returning ${COLUMNS}`.execute(tx);
  return rows[0];
}

export async function updateSavedSearch(
  scope: BrandScope,
  tx: BrandTx,
  { id, name, filter, sort, by }: SavedSearchFields & { id: string },
): Promise<SavedSearchRow | undefined> {
  const { rows } = await sql<SavedSearchRow>`
    update saved_search set name = coalesce(${name ?? null}, name),
      filter = coalesce(${filter === undefined ? null : JSON.stringify(filter)}::jsonb, filter),
      sort = coalesce(${sort ?? null}, sort), group_by = coalesce(${by ?? null}, group_by), updated_at = now()
    where brand_id = ${scope.brandId} and id = ${id} returning ${COLUMNS}`.execute(tx);
  return rows[0];
}

export async function deleteSavedSearch(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<SavedSearchRow | undefined> {
  const { rows } = await sql<SavedSearchRow>`
    delete from saved_search where brand_id = ${scope.brandId} and id = ${id} returning ${COLUMNS}`.execute(
    tx,
  );
  return rows[0];
}
