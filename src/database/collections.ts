import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';

/** A picture for the face of a collection. */
export interface Cover {
  readonly id: string;
  readonly version: number;
  readonly colour: string | null;
}

export interface CollectionRow {
  readonly id: string;
  readonly name: string;
  readonly nameKey: string;
  readonly description: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  /** Members outside the trash. */
  readonly count: number;
  readonly covers: readonly Cover[];
}

export interface CollectionPage {
  /** Only this one. */
  readonly id?: string | undefined;
  /** Only those that this asset is in. */
  readonly asset?: string | undefined;
  /** Name and id of the last row seen. */
  readonly after?: readonly [string, string] | undefined;
  readonly limit: number;
}

/** Covers are looked for among so many of the newest members. */
const COVERS_FROM = 200;

/** Collections by name, with the counts that triggers keep. */
export async function listCollections(
  scope: BrandScope,
  tx: BrandTx,
  page: CollectionPage,
): Promise<CollectionRow[]> {
  const brand = scope.brandId;
  const only = page.id === undefined ? sql`true` : sql`c.id = ${page.id}`;
  const holding =
    page.asset === undefined
      ? sql`true`
      : sql`exists (select 1 from collection_member m
          where m.brand_id = ${brand} and m.collection_id = c.id and m.asset_id = ${page.asset})`;
  const keyset =
    page.after === undefined ? sql`true` : sql`(c.name_key, c.id) > (${page.after[0]}, ${page.after[1]})`;
  const { rows } = await sql<CollectionRow>`
    select c.id, c.name, c.name_key as "nameKey", c.description, c.created_at as "createdAt",
      c.created_by as "createdBy", c.updated_at as "updatedAt",
      c.live_count as count,
      coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'version', f.version, 'colour', f.colour)) from (
        select a.id, a.picture_version as version, a.colour from (
          select m.asset_id, m.added_at from collection_member m
          where m.brand_id = ${brand} and m.collection_id = c.id
          order by m.added_at desc, m.asset_id desc limit ${COVERS_FROM}) m
        join asset a on a.brand_id = ${brand} and a.id = m.asset_id
        where a.trashed_at is null and a.has_thumbnail
        order by m.added_at desc, m.asset_id desc limit 4) f), '[]') as covers
    from collection c
    where c.brand_id = ${brand} and c.deleted_at is null and ${only} and ${holding} and ${keyset}
    order by c.name_key, c.id limit ${page.limit}`.execute(tx);
  return rows;
}

export async function insertCollection(
  scope: BrandScope,
  tx: BrandTx,
  made: { id: string; name: string; description: string },
): Promise<void> {
  await sql`
    insert into collection (brand_id, id, name, description, created_by)
    values (${scope.brandId}, ${made.id}, ${made.name}, ${made.description}, ${scope.actor.name})`.execute(
    tx,
  );
}

/** The name of a collection, or nothing when it is absent or deleted. */
export async function collectionName(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from collection
    where brand_id = ${scope.brandId} and id = ${id} and deleted_at is null`.execute(tx);
  return rows[0]?.name;
}

/** Holds a collection while a step on it runs; its name, or nothing when it is absent or deleted. */
export async function lockCollection(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<{ readonly name: string } | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from collection
    where brand_id = ${scope.brandId} and id = ${id} and deleted_at is null for no key update`.execute(tx);
  return rows[0];
}

export async function updateCollection(
  scope: BrandScope,
  tx: BrandTx,
  change: { id: string; name: string | undefined; description: string | undefined },
): Promise<void> {
  await sql`
    update collection set name = coalesce(${change.name ?? null}, name),
      description = coalesce(${change.description ?? null}, description), updated_at = now()
    where brand_id = ${scope.brandId} and id = ${change.id}`.execute(tx);
}

export async function setDeleted(
  scope: BrandScope,
  tx: BrandTx,
  { id, deleted }: { id: string; deleted: boolean },
): Promise<boolean> {
  const { rows } = await sql`
    update collection set deleted_at = case when ${deleted} then now() end
    where brand_id = ${scope.brandId} and id = ${id} and (deleted_at is null) = ${deleted} returning 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Collections that were deleted so long ago that nobody undoes it any more; their memberships go with them. */
export async function dropDeleted(scope: BrandScope, tx: BrandTx, days: number): Promise<void> {
  await sql`
    delete from collection where brand_id = ${scope.brandId}
      and deleted_at < now() - make_interval(days => ${days})`.execute(tx);
}

/** Puts one asset in several collections under a step that is under way; answers those that exist. */
export async function joinCollections(
  scope: BrandScope,
  tx: BrandTx,
  joining: { collections: readonly string[]; asset: string; operation: string },
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    with there as (
      select id from collection where brand_id = ${scope.brandId} and deleted_at is null
        and id = any(${[...joining.collections]}::text[]) order by id for key share),
    joined as (
      insert into collection_member (brand_id, collection_id, asset_id, operation_id)
      select ${scope.brandId}, id, ${joining.asset}, ${joining.operation}::uuid from there on conflict do nothing)
    select id from there`.execute(tx);
  return new Set(rows.map((row) => row.id));
}
