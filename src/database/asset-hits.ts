import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import { all, assetConditions, cellConditions, lifeCondition, textCondition } from './asset-filter.ts';
import type { Condition } from './labels.ts';

/** A quick answer looks at no more matches than this; when there are more, it says so. */
export const QUICK = 1000;

/**
 * Live matches of a query as table expressions that end in `hit(asset_id)`. A quick answer takes any `QUICK` + 1 of
 * them, in whatever order comes cheapest: their counts are the least there can be, and one too many tells of more.
 *
 * The text is asked for in an expression of its own: beside a table with row security the planner takes no text index.
 */
export function hits(scope: BrandScope, query: AssetQuery, exact: boolean): Condition {
  const text = textCondition(query);
  const limit = exact ? sql`` : sql`limit ${QUICK + 1}`;
  const own = assetConditions(query);
  const base = [sql`a.brand_id = ${scope.brandId}`, lifeCondition(query), ...own];
  if (text === null) {
    const conditions = all([...base, ...cellConditions(query, 'asset')]);
    return sql`hit as materialized (select a.id as asset_id from asset a where ${conditions} ${limit})`;
  }
  const match = [sql`s.brand_id = ${scope.brandId}`, text, ...cellConditions(query, 'search')];
  if (own.length === 0 && query.trashed !== true) {
    return sql`${trashed(scope)}, hit as materialized (
      select s.asset_id from search_row s where ${all([...match, NOT_TRASHED])} ${limit})`;
  }
  return sql`
    found as materialized (select s.asset_id from search_row s where ${all(match)}),
    hit as materialized (
      select a.id as asset_id from found join asset a on a.id = found.asset_id where ${all(base)} ${limit})`;
}

/** The few assets that search rows still name: `trashed(id)`. */
export function trashed(scope: BrandScope): Condition {
  return sql`trashed as materialized (
    select a.id from asset a where a.brand_id = ${scope.brandId} and a.trashed_at is not null)`;
}

/** Leaves trashed assets out of search rows (alias `s`). */
export const NOT_TRASHED = sql`not exists (select 1 from trashed t where t.id = s.asset_id)`;

/** A query that only the facet cube's own dimensions narrow. */
export function isCubed(query: AssetQuery): boolean {
  return assetConditions(query).length === 0 && textCondition(query) === null;
}

/** A query that nothing narrows at all, of live assets. */
export function isWhole(query: AssetQuery): boolean {
  return isCubed(query) && cellConditions(query, 'asset').length === 0 && query.trashed !== true;
}
