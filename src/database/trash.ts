import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { Asset } from '../domain/asset.ts';
import { ASSET_COLUMNS } from './asset-columns.ts';
import { all } from './asset-filter.ts';
import type { BrandTx } from './database.ts';
import type { Condition } from './labels.ts';

export interface Trashed extends Asset {
  /** The step that moved it to the trash, and who took it. */
  readonly reason: string | null;
  readonly trashedBy: string | null;
  readonly usedBy: readonly string[];
}

export async function listTrash(
  scope: BrandScope,
  tx: BrandTx,
  page: { after: readonly [string, string] | undefined; limit: number },
): Promise<Trashed[]> {
  const keyset =
    page.after === undefined
      ? sql`true`
      : sql`(a.trashed_at, a.id) < (${page.after[0]}::timestamptz, ${page.after[1]})`;
  const { rows } = await sql<Trashed>`
    select ${ASSET_COLUMNS}, step.summary as reason, step.actor_name as "trashedBy", array(
      select distinct production from asset_use u where u.brand_id = a.brand_id and u.asset_id = a.id
      order by production limit 5) as "usedBy"
    from asset a left join lateral (
      select o.summary, o.actor_name from asset_change c
      join operation o on o.brand_id = c.brand_id and o.id = c.operation_id
      where c.brand_id = a.brand_id and c.asset_id = a.id and c.after ? 'trashed_at'
      order by c.at desc limit 1) step on true
    where a.brand_id = ${scope.brandId} and a.trashed_at is not null and a.purging_at is null and ${keyset}
    order by a.trashed_at desc, a.id desc limit ${page.limit}`.execute(tx);
  return rows;
}

export async function measureTrash(
  scope: BrandScope,
  tx: BrandTx,
  ids?: readonly string[],
): Promise<{ count: number; bytes: number }> {
  const which = ids === undefined ? sql`true` : sql`a.id = any(${[...ids]}::text[])`;
  const { rows } = await sql<{ count: number; bytes: number }>`
    select count(*) as count, coalesce(sum(a.total_bytes), 0)::bigint as bytes from asset a
    where a.brand_id = ${scope.brandId} and a.trashed_at is not null and a.purging_at is null and ${which}`.execute(
    tx,
  );
  return rows[0] ?? { count: 0, bytes: 0 };
}

/** Which trashed assets a purge means: some, all, or those whose days are over. */
export interface PurgeClaim {
  readonly ids?: readonly string[] | undefined;
  readonly olderThanDays?: number;
  /** Leaves out what came into the trash later. */
  readonly until?: Date;
  /** At most so many, the newest in the trash first; default all. */
  readonly limit?: number;
}

/** Condition on trashed assets (alias `a`) that nobody uses and no purge has claimed. */
function purgeable(scope: BrandScope, claim: PurgeClaim): Condition {
  const { ids, olderThanDays, until } = claim;
  return all([
    sql`a.brand_id = ${scope.brandId} and a.trashed_at is not null and a.purging_at is null`,
    ...(ids === undefined ? [] : [sql`a.id = any(${[...ids]}::text[])`]),
    ...(olderThanDays === undefined
      ? []
      : [sql`a.trashed_at < now() - make_interval(days => ${olderThanDays})`]),
    ...(until === undefined ? [] : [sql`a.trashed_at <= ${until}`]),
    sql`not exists (select 1 from asset_use u where u.brand_id = a.brand_id and u.asset_id = a.id)`,
  ]);
}

/** What a purge would take now. */
export async function measurePurge(
  scope: BrandScope,
  tx: BrandTx,
  claim: PurgeClaim,
): Promise<{ count: number; bytes: number }> {
  const { rows } = await sql<{ count: number; bytes: number }>`
    select count(*) as count, coalesce(sum(a.total_bytes), 0)::bigint as bytes
    from asset a where ${purgeable(scope, claim)}`.execute(tx);
  return rows[0] ?? { count: 0, bytes: 0 };
}

/**
 * Marks assets for purge under a state guard: trashed, not in use, not already claimed. From the commit on nobody sees
 * them and nobody can restore them; the bytes and rows go after that. Rows are locked by id, as everywhere, so that
 * several purges at once never wait for each other in a circle. `seen` is 0 when nothing was left to claim; others may
 * have claimed what was seen.
 */
export async function claimPurge(
  scope: BrandScope,
  tx: BrandTx,
  claim: PurgeClaim,
): Promise<{ seen: number; count: number; bytes: number }> {
  const { rows } = await sql<{ seen: number; count: number; bytes: number }>`
    with few as materialized (
      select a.id from asset a where ${purgeable(scope, claim)}
      order by a.trashed_at desc, a.id desc limit ${claim.limit ?? null}),
    due as materialized (
      select a.id from asset a where a.id = any(array(select id from few)) and ${purgeable(scope, claim)}
      order by a.id for update),
    claimed as (
      update asset a set purging_at = now()
      where a.brand_id = ${scope.brandId} and a.id = any(array(select id from due))
      returning a.total_bytes)
    select (select count(*) from few) as seen, count(*) as count, coalesce(sum(total_bytes), 0)::bigint as bytes
    from claimed`.execute(tx);
  return rows[0] ?? { seen: 0, count: 0, bytes: 0 };
}

export interface Claimed {
  readonly id: string;
  readonly keys: readonly string[];
}

/** The next claimed assets with every key of theirs in the storage. Two purges at once may get the same. */
export async function nextClaimed(scope: BrandScope, tx: BrandTx, limit: number): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    select a.id, array(
        select v.storage_key from version v where v.brand_id = a.brand_id and v.asset_id = a.id
        union all
        select r.storage_key from rendition r where r.brand_id = a.brand_id and r.asset_id = a.id) as keys
    from asset a where a.brand_id = ${scope.brandId} and a.trashed_at is not null and a.purging_at is not null
    order by a.id limit ${limit}`.execute(tx);
  return rows;
}

/** Removes the rows of a claimed asset whose bytes are gone; the triggers give its quota back. */
export async function deletePurged(scope: BrandScope, tx: BrandTx, ids: readonly string[]): Promise<number> {
  const { rows } = await sql`
    with gone as materialized (
      select a.id from asset a where a.brand_id = ${scope.brandId} and a.id = any(${[...ids]}::text[])
        and a.purging_at is not null order by a.id for update)
    delete from asset a using gone where a.brand_id = ${scope.brandId} and a.id = gone.id returning 1`.execute(
    tx,
  );
  return rows.length;
}

/** Productions that keep an asset from being purged. */
export async function productionsUsing(scope: BrandScope, tx: BrandTx, id: string): Promise<string[]> {
  const { rows } = await sql<{ production: string }>`
    select distinct production from asset_use where brand_id = ${scope.brandId} and asset_id = ${id}
    order by production limit 50`.execute(tx);
  return rows.map((row) => row.production);
}

/** Of these storage keys, those that some row names. */
export async function knownKeys(
  scope: BrandScope,
  tx: BrandTx,
  keys: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select storage_key as key from version where brand_id = ${scope.brandId} and storage_key = any(${[...keys]}::text[])
    union all
    select storage_key from rendition where brand_id = ${scope.brandId} and storage_key = any(${[...keys]}::text[])`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.key));
}
