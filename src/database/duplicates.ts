import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { Asset, AssetInFull } from '../domain/asset.ts';
import { ASSET_COLUMNS, FULL_COLUMNS } from './asset-columns.ts';
import type { BrandTx } from './database.ts';

/** Two files that arrive at once must see each other's group; held for a few short statements. */
export async function lockGroups(scope: BrandScope, tx: BrandTx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`duplicates/${scope.brandId}`}, 0))`.execute(tx);
}

export interface Membership {
  readonly id: string;
  readonly group: string;
  /** Members of the group, and whether the asset that it is named after is still one of them. */
  readonly size: number;
  readonly isLed: boolean;
  /** Whether the asset was kept apart from one of the members by hand. */
  readonly isApart: boolean;
}

/** The groups of some assets, as one that may join them sees them. */
export async function listMemberships(
  scope: BrandScope,
  tx: BrandTx,
  which: { ids: readonly string[]; joining: string },
): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select d.asset_id as id, d.group_id as "group", g.size, g."isLed", g."isApart" from duplicate d,
      lateral (
        select count(*) as size, bool_or(m.asset_id = m.group_id) as "isLed",
          bool_or(exists (
            select 1 from not_duplicate n where n.brand_id = ${scope.brandId}
              and n.asset_id = least(m.asset_id, ${which.joining})
              and n.other_id = greatest(m.asset_id, ${which.joining}))) as "isApart"
        from duplicate m where m.brand_id = ${scope.brandId} and m.group_id = d.group_id) g
    where d.brand_id = ${scope.brandId} and d.asset_id = any(${[...which.ids]}::text[])`.execute(tx);
  return rows;
}

export async function joinGroup(
  scope: BrandScope,
  tx: BrandTx,
  join: { group: string; ids: readonly string[] },
): Promise<void> {
  await sql`
    insert into duplicate (brand_id, asset_id, group_id)
    select ${scope.brandId}, id, ${join.group} from unnest(${[...join.ids]}::text[]) as id
    on conflict (brand_id, asset_id) do update set group_id = excluded.group_id`.execute(tx);
}

export async function leaveGroups(scope: BrandScope, tx: BrandTx, ids: readonly string[]): Promise<void> {
  await sql`
    delete from duplicate where brand_id = ${scope.brandId} and asset_id = any(${[...ids]}::text[])`.execute(
    tx,
  );
}

export interface GroupRow {
  readonly id: string;
  readonly count: number;
  readonly bytes: number;
  /** Bytes beyond the largest member: what a merge frees at least. */
  readonly frees: number;
  readonly isExact: boolean;
}

const GROUPS = (scope: BrandScope) => sql`
  select d.group_id as id, count(*) as count, sum(a.total_bytes)::bigint as bytes,
    (sum(a.total_bytes) - max(a.total_bytes))::bigint as frees, count(distinct a.sha256) = 1 as "isExact"
  from duplicate d join asset a on a.brand_id = d.brand_id and a.id = d.asset_id
  where d.brand_id = ${scope.brandId} and a.brand_id = ${scope.brandId} and a.trashed_at is null
  group by d.group_id having count(*) > 1`;

/** Groups with two live members or more, those that free the most first. Only assets with a partner are read. */
export async function listGroups(
  scope: BrandScope,
  tx: BrandTx,
  page: {
    kind: 'exact' | 'near' | undefined;
    after: readonly [number, string] | undefined;
    limit: number;
  },
): Promise<GroupRow[]> {
  const kind =
    page.kind === undefined ? sql`true` : page.kind === 'exact' ? sql`g."isExact"` : sql`not g."isExact"`;
  const keyset =
    page.after === undefined
      ? sql`true`
      : sql`(g.frees, g.id) < (${page.after[0]}::bigint, ${page.after[1]})`;
  const { rows } = await sql<GroupRow>`
    select * from (${GROUPS(scope)}) g where ${kind} and ${keyset}
    order by g.frees desc, g.id desc limit ${page.limit}`.execute(tx);
  return rows;
}

export interface GroupTotals {
  readonly groups: number;
  readonly assets: number;
  readonly frees: number;
}

export async function measureGroups(
  scope: BrandScope,
  tx: BrandTx,
): Promise<Readonly<Record<'exact' | 'near', GroupTotals>>> {
  const { rows } = await sql<GroupTotals & { isExact: boolean }>`
    select g."isExact", count(*) as groups, sum(g.count - 1)::bigint as assets, sum(g.frees)::bigint as frees
    from (${GROUPS(scope)}) g group by 1`.execute(tx);
  const none = { groups: 0, assets: 0, frees: 0 };
  return {
    exact: rows.find((row) => row.isExact) ?? none,
    near: rows.find((row) => !row.isExact) ?? none,
  };
}

/** The live members of groups. */
export async function listMembers(
  scope: BrandScope,
  tx: BrandTx,
  groups: readonly string[],
): Promise<(Asset & { readonly group: string })[]> {
  const { rows } = await sql<Asset & { group: string }>`
    select d.group_id as "group", ${ASSET_COLUMNS} from duplicate d
    join asset a on a.brand_id = d.brand_id and a.id = d.asset_id
    where d.brand_id = ${scope.brandId} and d.group_id = any(${[...groups]}::text[]) and a.trashed_at is null
    order by a.created_at, a.id`.execute(tx);
  return rows;
}

/** Assets locked in the order of their ids, as everywhere. */
export async function lockAssets(
  scope: BrandScope,
  tx: BrandTx,
  ids: readonly string[],
): Promise<AssetInFull[]> {
  const { rows } = await sql<AssetInFull>`
    select ${FULL_COLUMNS} from asset a
    where a.brand_id = ${scope.brandId} and a.id = any(${[...ids]}::text[]) and a.purging_at is null
    order by a.id for update`.execute(tx);
  return rows;
}

export async function getAssets(scope: BrandScope, tx: BrandTx, ids: readonly string[]): Promise<Asset[]> {
  const { rows } = await sql<Asset>`
    select ${ASSET_COLUMNS} from asset a
    where a.brand_id = ${scope.brandId} and a.id = any(${[...ids]}::text[]) and a.purging_at is null`.execute(
    tx,
  );
  return rows;
}

/** Remembers that each of the ids is no duplicate of the others and of those in `from`, or forgets it. */
export async function setApart(
  scope: BrandScope,
  tx: BrandTx,
  pairs: { ids: readonly string[]; from: readonly string[]; apart: boolean },
): Promise<void> {
  const all = sql`
    select distinct least(x.id, y.id) as one, greatest(x.id, y.id) as other
    from unnest(${[...pairs.ids]}::text[]) as x (id), unnest(${[...pairs.ids, ...pairs.from]}::text[]) as y (id)
    where x.id <> y.id`;
  if (pairs.apart) {
    await sql`
      insert into not_duplicate (brand_id, asset_id, other_id, created_by)
      select ${scope.brandId}, p.one, p.other, ${scope.actor.name} from (${all}) p
      on conflict do nothing`.execute(tx);
  } else {
    await sql`
      delete from not_duplicate n using (${all}) p
      where n.brand_id = ${scope.brandId} and n.asset_id = p.one and n.other_id = p.other`.execute(tx);
  }
}
