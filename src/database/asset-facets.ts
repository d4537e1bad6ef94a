import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import { LABEL_KINDS, UNSAID, labelValue } from '../domain/labels.ts';
import type { LabelKind } from '../domain/labels.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import { CELL_DIMENSIONS, all, cellConditions } from './asset-filter.ts';
import type { CellDimension } from './asset-filter.ts';
import { CELL_KEY, cells } from './asset-groups.ts';
import type { Group } from './asset-groups.ts';
import { QUICK, hits, isCubed, isWhole } from './asset-hits.ts';
import type { BrandTx } from './database.ts';
import { asksLabel, withoutLabel } from './labels.ts';
import type { Condition } from './labels.ts';

export type Facets = Readonly<Record<CellDimension, readonly Group[]>> & {
  readonly count: number;
  readonly bytes: number;
  /** There are more matches than were looked at: every count is the least it can be. */
  readonly more: boolean;
};

function facet(query: AssetQuery, dimension: CellDimension): Condition {
  const others = all(cellConditions(query, 'cell', dimension));
  return sql`select ${sql.lit(dimension)} as dimension, ${CELL_KEY[dimension]} as key,
    sum(c.n)::bigint as count, sum(c.bytes)::bigint as bytes from cells c where ${others} group by 2`;
}

/** The facets of the cube in one statement; each ignores its own filter, so that alternatives stay visible. */
export async function getFacets(
  scope: BrandScope,
  tx: BrandTx,
  { query, exact }: { query: AssetQuery; exact: boolean },
): Promise<Facets> {
  const parts = CELL_DIMENSIONS.map((dimension) => sql`(${facet(query, dimension)})`);
  const sums = sql`coalesce(sum(c.n), 0)::bigint as count, coalesce(sum(c.bytes), 0)::bigint as bytes from cells c`;
  const total = sql`(select 'total' as dimension, '' as key, ${sums} where ${all(cellConditions(query, 'cell'))})`;
  const seen = sql`(select 'seen' as dimension, '' as key, ${sums})`;
  const { rows } = await sql<Group & { dimension: CellDimension | 'total' | 'seen' }>`
    with ${cells(scope, query, { seen: 'all', exact })}
    ${sql.join([...parts, total, seen], sql` union all `)} order by count desc, key`.execute(tx);
  const of = (dimension: CellDimension) =>
    rows.filter((row) => row.dimension === dimension).map(({ key, count, bytes }) => ({ key, count, bytes }));
  const sum = (name: 'total' | 'seen') => rows.find((row) => row.dimension === name);
  return {
    type: of('type'),
    source: of('source'),
    mediaType: of('mediaType'),
    sizeRange: of('sizeRange'),
    month: of('month'),
    count: sum('total')?.count ?? 0,
    bytes: sum('total')?.bytes ?? 0,
    more: !exact && !isCubed(query) && (sum('seen')?.count ?? 0) > QUICK,
  };
}

/** Values of one kind that are told at most, the most frequent first. */
const VALUES = 200;

export interface LabelFacet {
  readonly values: readonly { readonly key: string; readonly count: number }[];
  readonly more: boolean;
}

/** Facets on labels. A kind that is filtered by ignores its own filter; the others share one look at the matches. */
export async function getLabelFacets(
  scope: BrandScope,
  tx: BrandTx,
  want: { query: AssetQuery; kinds: readonly LabelKind[]; exact: boolean },
): Promise<Partial<Record<LabelKind, LabelFacet>>> {
  const { query, kinds, exact } = want;
  // Of tags that must all hold, a further one narrows what the others left.
  const free = (kind: LabelKind) => asksLabel(query, kind) && !(kind === 'tag' && query.tagMode === 'all');
  const shared = kinds.filter((kind) => !free(kind));
  const looks = [
    ...(shared.length === 0 ? [] : [{ query, kinds: shared }]),
    ...kinds.filter(free).map((kind) => ({ query: withoutLabel(query, kind), kinds: [kind] })),
  ];
  const found = await Promise.all(looks.map((look) => lookAt(scope, tx, { ...look, exact })));
  return Object.assign({}, ...found);
}

interface Look {
  readonly query: AssetQuery;
  readonly kinds: readonly LabelKind[];
  readonly exact: boolean;
}

async function lookAt(
  scope: BrandScope,
  tx: BrandTx,
  look: Look,
): Promise<Partial<Record<LabelKind, LabelFacet>>> {
  const letters = look.kinds.map((kind) => LABEL_KINDS[kind]);
  const { rows } = await (
    isWhole(look.query) ? keptLabels(scope, letters) : countedLabels(scope, look, letters)
  ).execute(tx);
  const seen = rows.find(({ label }) => label === null)?.count ?? 0;
  const more = !look.exact && !isWhole(look.query) && seen > QUICK;
  const facetOf = (kind: LabelKind): LabelFacet => ({
    values: rows.flatMap(({ label, count }) =>
      label !== null && label.startsWith(`${LABEL_KINDS[kind]}:`)
        ? [{ key: labelValue(kind, label), count }]
        : [],
    ),
    more,
  });
  return Object.fromEntries(look.kinds.map((kind) => [kind, facetOf(kind)]));
}

interface LabelRow {
  readonly label: string | null;
  readonly count: number;
}

function countedLabels(scope: BrandScope, look: Look, letters: readonly string[]) {
  return sql<LabelRow>`
    with ${hits(scope, look.query, look.exact)},
    counted as (
      select label, count(*) as count from hit
      join search_row s on s.brand_id = ${scope.brandId} and s.asset_id = hit.asset_id, unnest(s.labels) as label
      where left(label, 1) = any(${letters}::text[]) group by 1)
    ${mostFrequent(sql`counted`)}
    union all select null, (select count(*) from hit)`;
}

/** Every kind with one value for each asset begins with a value that is not counted: it has whatever is left. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  s: 'ingested',
  r: UNSAID,
  p: UNSAID,
  c: UNSAID,
  h: UNSAID,
};

function keptLabels(scope: BrandScope, letters: readonly string[]) {
  const begun = letters.filter((letter) => letter in BEGINNINGS);
  const first = begun.map((letter) => `${letter}:${BEGINNINGS[letter] ?? ''}`);
  return sql<LabelRow>`
    with kept as (
      select label, n as count from label_count
      where brand_id = ${scope.brandId} and left(label, 1) = any(${letters}::text[]) and n > 0
      union all select 't:' || tag, n from tag_count
      where brand_id = ${scope.brandId} and 't' = any(${letters}::text[]) and n > 0),
    rest as (
      select first.label, u.live_count - coalesce((
        select sum(k.count) from kept k where left(k.label, 1) = left(first.label, 1)), 0) as count
      from brand_usage u, unnest(${first}::text[]) as first (label) where u.brand_id = ${scope.brandId}),
    counted as (select label, count from kept union all select label, count::bigint from rest where count > 0)
    ${mostFrequent(sql`counted`)}`;
}

function mostFrequent(counted: Condition): Condition {
  return sql`
    select label, count::bigint as count from (
      select label, count, row_number() over (partition by left(label, 1) order by count desc, label) as place
      from ${counted}) ranked
    where place <= ${VALUES}`;
}
