import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import { LABEL_KINDS, UNSAID } from '../domain/labels.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import { all, assetConditions, cellConditions, lifeCondition, textCondition } from './asset-filter.ts';
import type { CellDimension } from './asset-filter.ts';
import { NOT_TRASHED, QUICK, hits, isCubed, isWhole, trashed } from './asset-hits.ts';
import type { BrandTx } from './database.ts';
import type { Condition } from './labels.ts';

export interface Group {
  readonly key: string;
  readonly count: number;
  readonly bytes: number;
}
/** Groups that no cell of the cube tells apart. */
export type LabelGrouping = 'status' | 'product' | 'campaign';
export type Grouping = CellDimension | LabelGrouping | 'none';

export const CELL_KEY: Readonly<Record<CellDimension, Condition>> = {
  type: sql`c.type`,
  source: sql`c.source`,
  mediaType: sql`c.media_type`,
  sizeRange: sql`c.size_range::text`,
  month: sql`to_char(c.month, 'YYYY-MM')`,
};

/**
 * Counts and bytes by cell (month, type, source, media type, size range), as the table expression `cells`. A query that
 * asks for nothing else reads the cube, some thousand rows for a million assets; any other counts its matches, or in a
 * quick answer the first of them. Facets see the cells before the filters on them, everybody else those that pass.
 */
export function cells(
  scope: BrandScope,
  query: AssetQuery,
  want: { seen: 'all' | 'passing'; exact: boolean },
): Condition {
  if (isCubed(query)) {
    return sql`cells as materialized (
      select c.type, c.source, c.media_type, c.size_range, c.month, c.n, c.bytes from asset_count c
      where c.brand_id = ${scope.brandId} and c.trashed = ${query.trashed === true} and c.n > 0)`;
  }
  const seen = want.seen === 'all' ? { ...query, ...NO_CELLS } : query;
  const text = textCondition(seen);
  if (want.exact && text !== null && assetConditions(seen).length === 0 && seen.trashed !== true) {
    return searchedCells(scope, [text, ...cellConditions(seen, 'search')]);
  }
  return sql`${hits(scope, seen, want.exact)}, cells as materialized (
    select a.type, a.source, a.media_type, a.size_range, date_trunc('month', a.created_at)::date as month,
      count(*) as n, sum(a.total_bytes) as bytes
    from hit join asset a on a.brand_id = ${scope.brandId} and a.id = hit.asset_id group by 1, 2, 3, 4, 5)`;
}

/** Matches of a text alone: the search rows hold every dimension, so only the few trashed assets are looked up. */
function searchedCells(scope: BrandScope, conditions: readonly Condition[]): Condition {
  return sql`${trashed(scope)}, cells as materialized (
    select s.type, s.source, s.media_type, s.size_range, date_trunc('month', s.created_at)::date as month,
      count(*) as n, sum(s.total_bytes) as bytes
    from search_row s where s.brand_id = ${scope.brandId} and ${all([...conditions, NOT_TRASHED])}
    group by 1, 2, 3, 4, 5)`;
}

const NO_CELLS = {
  type: undefined,
  source: undefined,
  mediaType: undefined,
  sizeRange: undefined,
  month: undefined,
} satisfies Partial<AssetQuery>;

export interface Grouped {
  readonly groups: Group[];
  /** There are more matches than were looked at: every count is the least it can be. */
  readonly more: boolean;
}

export async function getGroups(
  scope: BrandScope,
  tx: BrandTx,
  want: { query: AssetQuery; by: Grouping; exact: boolean },
): Promise<Grouped> {
  const { query, by, exact } = want;
  const groups = await (by === 'status' || by === 'product' || by === 'campaign'
    ? labelGroups(scope, tx, { query, by, exact })
    : cellGroups(scope, tx, { query, by, exact }));
  const counted = groups.reduce((sum, group) => sum + group.count, 0);
  const whole = by === 'status' || by === 'product' || by === 'campaign' ? isWhole(query) : isCubed(query);
  return { groups, more: !exact && !whole && counted > QUICK };
}

async function cellGroups(
  scope: BrandScope,
  tx: BrandTx,
  { query, by, exact }: { query: AssetQuery; by: CellDimension | 'none'; exact: boolean },
): Promise<Group[]> {
  const key = by === 'none' ? sql`''` : CELL_KEY[by];
  const { rows } = await sql<Group>`
    with ${cells(scope, query, { seen: 'passing', exact })}
    select ${key} as key, sum(c.n)::bigint as count, sum(c.bytes)::bigint as bytes
    from cells c where ${all(cellConditions(query, 'cell'))} group by 1 order by 1`.execute(tx);
  return rows;
}

const LABEL_KEY: Readonly<Record<LabelGrouping, Condition>> = {
  status: sql`a.status`,
  product: sql`coalesce(nullif(a.product, ''), ${UNSAID})`,
  campaign: sql`coalesce(nullif(a.campaign, ''), ${UNSAID})`,
};

async function labelGroups(
  scope: BrandScope,
  tx: BrandTx,
  { query, by, exact }: { query: AssetQuery; by: LabelGrouping; exact: boolean },
): Promise<Group[]> {
  if (isWhole(query)) return keptGroups(scope, tx, by);
  const key = LABEL_KEY[by];
  const sums = sql`count(*) as count, sum(a.total_bytes)::bigint as bytes`;
  const direct = exact && textCondition(query) === null;
  const { rows } = await (
    direct
      ? sql<Group>`
        select ${key} as key, ${sums} from asset a
        where ${all([sql`a.brand_id = ${scope.brandId}`, lifeCondition(query), ...cellConditions(query, 'asset'), ...assetConditions(query)])}
        group by 1 order by 1`
      : sql<Group>`
        with ${hits(scope, query, exact)}
        select ${key} as key, ${sums} from hit
        join asset a on a.brand_id = ${scope.brandId} and a.id = hit.asset_id group by 1 order by 1`
  ).execute(tx);
  return rows;
}

/** Of the whole library the counters know every label but the one that assets begin with: that is what is left. */
async function keptGroups(scope: BrandScope, tx: BrandTx, by: LabelGrouping): Promise<Group[]> {
  const letter = LABEL_KINDS[by];
  const { rows } = await sql<Group>`
    with kept as (
      select substr(label, 3) as key, n as count, bytes from label_count
      where brand_id = ${scope.brandId} and label >= ${`${letter}:`} and label < ${`${letter};`} and n > 0),
    rest as (
      select ${by === 'status' ? 'ingested' : UNSAID} as key,
        (u.live_count - coalesce(sum(k.count), 0))::bigint as count,
        (u.live_bytes - coalesce(sum(k.bytes), 0))::bigint as bytes
      from brand_usage u left join kept k on true where u.brand_id = ${scope.brandId}
      group by u.live_count, u.live_bytes)
    select * from kept union all select * from rest where count > 0 order by key`.execute(tx);
  return rows;
}

/** Months from the newest with their matches, for queries that the cube can answer; null for any other. */
export async function countMonths(
  scope: BrandScope,
  tx: BrandTx,
  query: AssetQuery,
): Promise<{ month: string; count: number }[] | null> {
  if (!isCubed(query)) return null;
  const { groups } = await getGroups(scope, tx, { query, by: 'month', exact: true });
  return groups.toReversed().map(({ key, count }) => ({ month: key, count }));
}

/** How many assets a query means; without text this walks one index at most. */
export async function countMatches(scope: BrandScope, tx: BrandTx, query: AssetQuery): Promise<number> {
  const own = assetConditions(query);
  if (own.length === 0 || textCondition(query) !== null) {
    const { groups } = await getGroups(scope, tx, { query, by: 'none', exact: true });
    return groups[0]?.count ?? 0;
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
