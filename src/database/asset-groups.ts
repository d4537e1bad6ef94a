import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import {
  CELL_DIMENSIONS,
  all,
  assetConditions,
  cellConditions,
  lifeCondition,
  textCondition,
} from './asset-filter.ts';
import type { CellDimension, Condition } from './asset-filter.ts';
import type { BrandTx } from './database.ts';
import { searchAll } from './search.ts';

export interface Group {
  readonly key: string;
  readonly count: number;
  readonly bytes: number;
}
export type Grouping = CellDimension | 'status' | 'none';

const KEY: Readonly<Record<CellDimension, Condition>> = {
  type: sql`c.type`,
  source: sql`c.source`,
  mediaType: sql`c.media_type`,
  sizeRange: sql`c.size_range::text`,
  month: sql`to_char(c.month, 'YYYY-MM')`,
};

/**
 * Counts and bytes by cell (month, type, source, media type, size range), as the table expression `cells`. A query that
 * asks for nothing else reads the cube, some thousand rows for a million assets; any other counts the matches. Facets
 * see the cells before the filters on them, everybody else only those that pass.
 */
function cells(scope: BrandScope, query: AssetQuery, seen: 'all' | 'passing'): Condition {
  const own = assetConditions(query);
  const text = textCondition(query);
  if (own.length === 0 && text === null) {
    return sql`cells as materialized (
      select c.type, c.source, c.media_type, c.size_range, c.month, c.n, c.bytes from asset_count c
      where c.brand_id = ${scope.brandId} and c.trashed = ${query.trashed === true} and c.n > 0)`;
  }
  if (own.length === 0 && text !== null && query.trashed !== true) {
    return searchedCells(scope, [text, ...(seen === 'all' ? [] : cellConditions(query, 'search'))]);
  }
  const conditions = all([
    sql`a.brand_id = ${scope.brandId}`,
    lifeCondition(query),
    ...own,
    ...(seen === 'all' ? [] : cellConditions(query, 'asset')),
  ]);
  const hits = hitsOf(scope, query);
  return sql`${hits.first} cells as materialized (
    select a.type, a.source, a.media_type, a.size_range, date_trunc('month', a.created_at)::date as month,
      count(*) as n, sum(a.total_bytes) as bytes
    from asset a ${hits.join} where ${conditions} group by 1, 2, 3, 4, 5)`;
}

/** Text matches to join the assets with, when the query has text. */
function hitsOf(scope: BrandScope, query: AssetQuery): { first: Condition; join: Condition } {
  const text = textCondition(query);
  if (text === null) return { first: sql``, join: sql`` };
  return {
    first: sql`${searchAll(scope, { ...query, ...NO_CELLS }, text)},`,
    join: sql`join hit on hit.asset_id = a.id`,
  };
}

/** Matches of a text alone: the search rows hold every dimension, so only the few trashed assets are looked up. */
function searchedCells(scope: BrandScope, conditions: readonly Condition[]): Condition {
  return sql`cells as materialized (
    select s.type, s.source, s.media_type, s.size_range, date_trunc('month', s.created_at)::date as month,
      count(*) as n, sum(s.total_bytes) as bytes
    from search_row s where s.brand_id = ${scope.brandId} and ${all(conditions)}
      and not exists (select 1 from asset t
        where t.brand_id = ${scope.brandId} and t.id = s.asset_id and t.trashed_at is not null)
    group by 1, 2, 3, 4, 5)`;
}

const NO_CELLS = {
  type: undefined,
  source: undefined,
  mediaType: undefined,
  sizeRange: undefined,
  month: undefined,
} satisfies Partial<AssetQuery>;

function facet(query: AssetQuery, dimension: CellDimension): Condition {
  const others = all(cellConditions(query, 'cell', dimension));
  return sql`select ${sql.lit(dimension)} as dimension, ${KEY[dimension]} as key,
    sum(c.n)::bigint as count, sum(c.bytes)::bigint as bytes from cells c where ${others} group by 2`;
}

export type Facets = Readonly<Record<CellDimension, readonly Group[]>> & { count: number; bytes: number };

/** All facets in one statement; each ignores its own filter, so that alternatives stay visible with their counts. */
export async function getFacets(scope: BrandScope, tx: BrandTx, query: AssetQuery): Promise<Facets> {
  const parts = CELL_DIMENSIONS.map((dimension) => sql`(${facet(query, dimension)})`);
  const total = sql`(select 'total' as dimension, '' as key, coalesce(sum(c.n), 0)::bigint as count,
    coalesce(sum(c.bytes), 0)::bigint as bytes from cells c where ${all(cellConditions(query, 'cell'))})`;
  const { rows } = await sql<Group & { dimension: CellDimension | 'total' }>`
    with ${cells(scope, query, 'all')} ${sql.join([...parts, total], sql` union all `)} order by count desc, key`.execute(
    tx,
  );
  const of = (dimension: CellDimension) =>
    rows.filter((row) => row.dimension === dimension).map(({ key, count, bytes }) => ({ key, count, bytes }));
  const sum = rows.find((row) => row.dimension === 'total');
  return {
    type: of('type'),
    source: of('source'),
    mediaType: of('mediaType'),
    sizeRange: of('sizeRange'),
    month: of('month'),
    count: sum?.count ?? 0,
    bytes: sum?.bytes ?? 0,
  };
}

export async function getGroups(
  scope: BrandScope,
  tx: BrandTx,
  { query, by }: { query: AssetQuery; by: Grouping },
): Promise<Group[]> {
  if (by === 'status') return statusGroups(scope, tx, query);
  const key = by === 'none' ? sql`''` : KEY[by];
  const { rows } = await sql<Group>`
    with ${cells(scope, query, 'passing')}
    select ${key} as key, sum(c.n)::bigint as count, sum(c.bytes)::bigint as bytes
    from cells c where ${all(cellConditions(query, 'cell'))} group by 1 order by 1`.execute(tx);
  return rows;
}

async function statusGroups(scope: BrandScope, tx: BrandTx, query: AssetQuery): Promise<Group[]> {
  const text = textCondition(query);
  const conditions = all([
    sql`a.brand_id = ${scope.brandId}`,
    lifeCondition(query),
    ...cellConditions(query, 'asset'),
    ...assetConditions(query),
  ]);
  const { rows } = await sql<Group>`
    ${text === null ? sql`` : sql`with ${searchAll(scope, query, text)}`}
    select a.status as key, count(*) as count, sum(a.total_bytes)::bigint as bytes
    from asset a ${text === null ? sql`` : sql`join hit on hit.asset_id = a.id`}
    where ${conditions} group by 1 order by 1`.execute(tx);
  return rows;
}

/** Months from the newest with their matches, for queries that the cube can answer; null for any other. */
export async function countMonths(
  scope: BrandScope,
  tx: BrandTx,
  query: AssetQuery,
): Promise<{ month: string; count: number }[] | null> {
  if (assetConditions(query).length > 0 || textCondition(query) !== null) return null;
  const months = await getGroups(scope, tx, { query, by: 'month' });
  return months.toReversed().map(({ key, count }) => ({ month: key, count }));
}

/** How many assets a query means; without text this walks one index at most. */
export async function countMatches(scope: BrandScope, tx: BrandTx, query: AssetQuery): Promise<number> {
  const own = assetConditions(query);
  if (own.length === 0 || textCondition(query) !== null) {
    const [total] = await getGroups(scope, tx, { query, by: 'none' });
    return total?.count ?? 0;
  }
  const conditions = all([
    sql`a.brand_id = ${scope.brandId}`,
    lifeCondition(query),
    ...own,
    ...cellConditions(query, 'asset'),
  ]);
  const { rows } = await sql<{ n: number }>`select count(*) as n from asset a where ${conditions}`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}
