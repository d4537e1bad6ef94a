import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { Asset } from '../domain/asset.ts';
import { parseText } from '../domain/search-query.ts';
import type { AssetQuery, SortOrder } from '../domain/search-query.ts';
import { ASSET_COLUMNS } from './asset-columns.ts';
import { TRUE, all, assetConditions, cellConditions, lifeCondition, textCondition } from './asset-filter.ts';
import { columnConditions } from './labels.ts';
import type { Condition } from './labels.ts';
import { countMatches, countMonths } from './asset-groups.ts';
import type { BrandTx } from './database.ts';
import { areFew, searchAll, searchNewest } from './search.ts';

export interface ListRequest {
  readonly query: AssetQuery;
  readonly sort: SortOrder;
  readonly limit: number;
  /** Sort value and id of the last row seen. */
  readonly after?: readonly [string | number | null, string] | undefined;
  readonly offset?: number | undefined;
}

const SORT_COLUMNS = {
  created: { column: sql`a.created_at`, type: sql`timestamptz`, value: sql`a.created_at` },
  name: { column: sql`a.name_key`, type: sql`text`, value: sql`a.name_key` },
  size: { column: sql`a.size_bytes`, type: sql`bigint`, value: sql`a.size_bytes` },
  uses: { column: sql`a.usage_count`, type: sql`int`, value: sql`a.usage_count` },
  used: {
    column: sql`coalesce(a.last_used_at, '-infinity')`,
    type: sql`timestamptz`,
    value: sql`coalesce(a.last_used_at, '-infinity')::text`,
  },
  rating: { column: sql`coalesce(a.rating, 0)`, type: sql`int`, value: sql`coalesce(a.rating, 0)` },
  duration: {
    column: sql`coalesce(a.duration, -1)`,
    type: sql`float8`,
    value: sql`coalesce(a.duration, -1)`,
  },
  // As text, to the microsecond: those that came in one step stand a microsecond apart.
  added: { column: sql`m.added_at`, type: sql`timestamptz`, value: sql`m.added_at::text` },
} as const;

/** Beyond this the nearer end of the list is looked for first. */
const FAR = 5000;

export type ListedAsset = Asset & { readonly sortValue: string | number | Date | null };

/** One page. The narrow inner select finds the ids, in one index where the order has one; the rows are joined after. */
export async function listAssets(
  scope: BrandScope,
  tx: BrandTx,
  request: ListRequest,
): Promise<ListedAsset[]> {
  const text = textCondition(request.query);
  const { rows } = await (
    text === null || (await isBetterWalked(scope, tx, { request, text }))
      ? await plainList(scope, tx, request)
      : request.sort.key === 'created' && request.sort.descending && (request.offset ?? 0) === 0
        ? await newestMatches(scope, tx, { request, text })
        : orderedMatches(scope, request, text)
  ).execute(tx);
  return rows;
}

/** Labels that many assets carry are met soon on a walk along the order asked for; gathering all of them takes longer. */
async function isBetterWalked(
  scope: BrandScope,
  tx: BrandTx,
  { request, text }: { request: ListRequest; text: Condition },
): Promise<boolean> {
  const { query, sort, offset = 0 } = request;
  const newest = sort.key === 'created' && sort.descending && offset === 0;
  if (newest || parseText(query.q).kind === 'words' || parseText(query.q).kind === 'short') return false;
  return !(await areFew(scope, tx, text));
}

async function plainList(scope: BrandScope, tx: BrandTx, request: ListRequest) {
  const { query, sort } = request;
  const start = await startOf(scope, tx, request);
  const conditions = all([
    sql`a.brand_id = ${scope.brandId}`,
    lifeCondition(query),
    ...cellConditions(query, 'asset'),
    ...conditionsBeside(request),
    ...columnConditions(query),
    keyset(request),
    start.bound,
  ]);
  const inner = orderBy(start.backwards ? { ...sort, descending: !sort.descending } : sort);
  return sql<ListedAsset>`
    with hit as (
      select a.id from asset a ${places(scope, request)}
      where ${conditions} ${inner} limit ${start.take} offset ${start.offset})
    ${joinRows(scope, request, { from: sql`hit`, id: sql`hit.id` })}`;
}

interface Start {
  readonly bound: Condition;
  readonly offset: number;
  readonly take: number;
  readonly backwards: boolean;
}

/**
 * Where a jump begins. By date the cube tells how many assets each month holds, so the walk starts at the month the row
 * lies in; in other orders it starts at the nearer end.
 */
async function startOf(scope: BrandScope, tx: BrandTx, request: ListRequest): Promise<Start> {
  const { query, sort, limit } = request;
  const offset = request.offset ?? 0;
  const plain = { bound: TRUE, offset, take: limit, backwards: false };
  if (offset <= FAR || textCondition(query) !== null) return plain;
  const months = sort.key === 'created' && sort.descending ? await countMonths(scope, tx, query) : null;
  if (months !== null) {
    let before = 0;
    for (const { month, count } of months) {
      if (before + count > offset) {
        const bound = sql`a.created_at < (${`${month}-01`}::date + interval '1 month')::timestamptz`;
        return { ...plain, bound, offset: offset - before };
      }
      before += count;
    }
    return { ...plain, take: 0 };
  }
  const total = await countMatches(scope, tx, query);
  if (offset >= total) return { ...plain, take: 0 };
  if (offset <= total / 2) return plain;
  const take = Math.min(limit, total - offset);
  return { bound: TRUE, offset: total - offset - take, take, backwards: true };
}

async function newestMatches(
  scope: BrandScope,
  tx: BrandTx,
  { request, text }: { request: ListRequest; text: Condition },
) {
  const [at, id] = request.after ?? [];
  const after =
    request.after === undefined ? TRUE : sql`(s.created_at, s.asset_id) < (${at}::timestamptz, ${id})`;
  const parts = await searchNewest(scope, tx, {
    query: request.query,
    text,
    keyset: after,
    limit: request.limit,
  });
  return sql<ListedAsset>`with ${parts} ${joinRows(scope, request, { from: sql`hit`, id: sql`hit.asset_id` })}`;
}

function orderedMatches(scope: BrandScope, request: ListRequest, text: Condition) {
  const { query, sort, limit } = request;
  const conditions = all([
    sql`a.brand_id = ${scope.brandId}`,
    lifeCondition(query),
    ...conditionsBeside(request),
    keyset(request),
  ]);
  return sql<ListedAsset>`
    with ${searchAll(scope, query, text)},
    page as (
      select a.id from hit join asset a on a.brand_id = ${scope.brandId} and a.id = hit.asset_id
        ${places(scope, request)}
      where ${conditions} ${orderBy(sort)} limit ${limit} offset ${request.offset ?? 0})
    ${joinRows(scope, request, { from: sql`page`, id: sql`page.id` })}`;
}

function joinRows(
  scope: BrandScope,
  request: ListRequest,
  { from, id }: { from: Condition; id: Condition },
): Condition {
  const { sort } = request;
  return sql`select ${ASSET_COLUMNS}, ${SORT_COLUMNS[sort.key].value} as "sortValue"
    from ${from} join asset a on a.brand_id = ${scope.brandId} and a.id = ${id} ${places(scope, request)}
    ${orderBy(sort)}`;
}

/** Where the assets stand in the collection whose order is asked for (alias `m`), under an index of its own. */
function places(scope: BrandScope, { query, sort }: ListRequest): Condition {
  if (sort.key !== 'added') return sql``;
  return sql`join collection_member m on m.brand_id = ${scope.brandId}
    and m.collection_id = ${query.collection?.[0]} and m.asset_id = a.id
    join collection k on k.brand_id = m.brand_id and k.id = m.collection_id and k.deleted_at is null`;
}

/** Who reads along a collection's own order asks for its members once, not once more in a condition. */
function conditionsBeside({ query, sort }: ListRequest): Condition[] {
  return assetConditions(sort.key === 'added' ? { ...query, collection: undefined } : query);
}

function orderBy(sort: SortOrder): Condition {
  const direction = sort.descending ? sql`desc` : sql`asc`;
  return sql`order by ${SORT_COLUMNS[sort.key].column} ${direction}, a.id ${direction}`;
}

function keyset(request: ListRequest): Condition {
  if (request.after === undefined) return TRUE;
  const { column, type } = SORT_COLUMNS[request.sort.key];
  const [value, id] = request.after;
  const compare = request.sort.descending ? sql`<` : sql`>`;
  return sql`(${column}, a.id) ${compare} (${value}::${type}, ${id})`;
}
