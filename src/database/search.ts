import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import { all, assetConditions, cellConditions, lifeCondition } from './asset-filter.ts';
import type { Condition } from './labels.ts';
import type { BrandTx } from './database.ts';

/**
 * Below this many expected matches, or this share of the library, all are fetched by the text index and sorted. The
 * planner knows nothing of word beginnings and expects half a percent of the rows for any of them.
 */
const FEW = 2000;
const FEW_SHARE = 0.0075;
/** Rows that a walk from the newest may read before it gives way to the text index. */
const WALK = 8000;

/**
 * Matching ids newest first, as a list of common table expressions that ends in `hit(asset_id, created_at)`.
 *
 * The planner cannot know whether a common word is spread over the library or sits in one old import. So its estimate
 * for the text alone decides: few matches come from the text index; many are looked for among the newest rows first,
 * and the index is asked only when those hold too few. The brand is pinned by the view and named here as well.
 */
export async function searchNewest(
  scope: BrandScope,
  tx: BrandTx,
  search: { query: AssetQuery; text: Condition; keyset: Condition; limit: number },
): Promise<Condition> {
  const { query, text, keyset, limit } = search;
  const brand = sql`s.brand_id = ${scope.brandId}`;
  const match = all([brand, text, ...cellConditions(query, 'search')]);
  const live = sql`exists (
    select 1 from asset a where a.brand_id = ${scope.brandId} and a.id = s.asset_id
      and ${all([lifeCondition(query), ...assetConditions(query)])})`;
  const newest = sql`order by s.created_at desc, s.asset_id desc`;

  if (await areFew(scope, tx, text)) {
    return sql`
      m as materialized (select s.asset_id, s.created_at from search_row s where ${match} and ${keyset}),
      hit as (select s.asset_id, s.created_at from m s where ${live} ${newest} limit ${limit})`;
  }
  return sql`
    head as materialized (
      select s.asset_id, s.created_at
      from (select * from search_row s where ${brand} and ${keyset} ${newest} limit ${WALK}) s
      where ${match} and ${live} ${newest} limit ${limit}),
    tail as materialized (
      select s.asset_id, s.created_at from search_row s
      where ${match} and ${keyset} and (select count(*) from head) < ${limit}),
    hit as (
      select * from head where (select count(*) from head) = ${limit}
      union all (select s.* from tail s where ${live} ${newest} limit ${limit}))`;
}

/** Every match, for counts, groups and orders other than newest first: `hit(asset_id)`. */
export function searchAll(scope: BrandScope, query: AssetQuery, text: Condition): Condition {
  return sql`hit as materialized (
    select s.asset_id from search_row s
    where ${all([sql`s.brand_id = ${scope.brandId}`, text, ...cellConditions(query, 'search')])})`;
}

/** Whether the text index alone should answer, by the planner's estimate. */
export async function areFew(scope: BrandScope, tx: BrandTx, text: Condition): Promise<boolean> {
  const [expected, rows] = await Promise.all([estimate(scope, tx, text), libraryRows(scope, tx)]);
  return expected < Math.max(FEW, rows * FEW_SHARE);
}

async function libraryRows(scope: BrandScope, tx: BrandTx): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select live_count + trash_count as n from brand_usage where brand_id = ${scope.brandId}`.execute(tx);
  return rows[0]?.n ?? 0;
}

async function estimate(scope: BrandScope, tx: BrandTx, text: Condition): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': readonly { Plan: { 'Plan Rows': number } }[] }>`
    explain (format json) select 1 from search_row s where s.brand_id = ${scope.brandId} and ${text}`.execute(
    tx,
  );
  return rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}
