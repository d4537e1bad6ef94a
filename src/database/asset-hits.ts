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
 */
export function hits(scope: BrandScope, query: AssetQuery, exact: boolean): Condition {
  const text = textCondition(query);
  const limit = exact ? sql`` : sql`limit ${QUICK + 1}`;
  const own = all([
    sql`a.brand_id = ${scope.brandId}`,
    lifeCondition(query),
    ...assetConditions(query),
    ...(text === null ? cellConditions(query, 'asset') : []),
  ]);
  if (text === null) {
    return sql`hit as materialized (select a.id as asset_id from asset a where ${own} ${limit})`;
  }
  const match = all([sql`s.brand_id = ${scope.brandId}`, text, ...cellConditions(query, 'search')]);
  if (exact) {
    return sql`
      found as materialized (select s.asset_id from search_row s where ${match}),
      hit as materialized (select a.id as asset_id from found join asset a on a.id = found.asset_id where ${own})`;
  }
  return sql`hit as materialized (
    select s.asset_id from search_row s
    where ${match} and exists (select 1 from asset a where a.id = s.asset_id and ${own}) ${limit})`;
}

/** A query that only the facet cube's own dimensions narrow. */
export function isCubed(query: AssetQuery): boolean {
  return assetConditions(query).length === 0 && textCondition(query) === null;
}

/** A query that nothing narrows at all, of live assets. */
export function isWhole(query: AssetQuery): boolean {
  return isCubed(query) && cellConditions(query, 'asset').length === 0 && query.trashed !== true;
}
