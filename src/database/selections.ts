import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import { TRUE, all, assetConditions, cellConditions, lifeCondition, textCondition } from './asset-filter.ts';
import type { BrandTx } from './database.ts';
import type { Condition } from './labels.ts';
import { searchAll } from './search.ts';

/** Which assets a step touches: by id, or everything a query finds but for some. */
export type Selection =
  | { readonly ids: readonly string[] }
  | { readonly query: AssetQuery; readonly except: readonly string[] };

export interface Portion {
  readonly limit: number;
  /** Where the portion before ended. */
  readonly after?: string;
  /** Leaves out what arrived later: a step that runs for a while means what was there when it was asked for. */
  readonly until?: Date;
}

/** How many assets and bytes a selection means now, without changing any. */
export async function measureSelection(
  scope: BrandScope,
  tx: BrandTx,
  selection: Selection,
): Promise<{ count: number; bytes: number }> {
  const source = sourceOf(scope, selection);
  const { rows } = await sql<{ count: number; bytes: number }>`
    ${chosen(scope, selection)}
    select count(*) as count, coalesce(sum(a.total_bytes), 0)::bigint as bytes
    from ${source.from} where ${source.where}`.execute(tx);
  return rows[0] ?? { count: 0, bytes: 0 };
}

/**
 * The next assets of a selection in the order of their ids, held against a purge until the transaction ends. Locked by
 * id, as everywhere.
 */
export async function nextSelected(
  scope: BrandScope,
  tx: BrandTx,
  portion: Portion & { readonly selection: Selection },
): Promise<string[]> {
  const source = sourceOf(scope, portion.selection);
  const { rows } = await sql<{ id: string }>`
    ${chosen(scope, portion.selection)}
    select a.id from ${source.from} where ${source.where} and ${inPortion(source, portion)}
    order by ${source.key} limit ${portion.limit} for key share of a`.execute(tx);
  return rows.map((row) => row.id);
}

/** Whether `chosen` opens the statement with its own table expression. */
export function isTextSelection(selection: Selection): boolean {
  return 'query' in selection && textCondition(selection.query) !== null;
}

/** Table expression of the text matches of a query selection, nothing for the others. */
export function chosen(scope: BrandScope, selection: Selection, then = ''): Condition {
  if ('ids' in selection) return sql``;
  const text = textCondition(selection.query);
  return text === null ? sql`` : sql`with ${searchAll(scope, selection.query, text)}${sql.raw(then)}`;
}

/** Condition on the assets of a selection (alias `a`). */
export function inSelection(scope: BrandScope, selection: Selection): Condition {
  const base = [sql`a.brand_id = ${scope.brandId}`, sql`a.purging_at is null`];
  if ('ids' in selection) return all([...base, sql`a.id = any(${[...selection.ids]}::text[])`]);
  const { query, except } = selection;
  const text =
    textCondition(query) === null ? [] : [sql`exists (select 1 from hit where hit.asset_id = a.id)`];
  return all([
    ...base,
    lifeCondition(query),
    ...cellConditions(query, 'asset'),
    ...assetConditions(query),
    ...text,
    ...(except.length === 0 ? [] : [sql`a.id <> all(${[...except]}::text[])`]),
  ]);
}

/** Where a step reads the assets of its selection (alias `a`), and the id by which it walks them. */
export interface AssetSource {
  readonly from: Condition;
  readonly where: Condition;
  readonly key: Condition;
}

/**
 * The assets of a selection for a walk in portions. One collection is walked along its members, each asset looked up by
 * its key: the planner has no say in it. Left to it, a collection that was filled just now, of which it has no
 * statistics yet, takes it for empty, and each asset is compared with each member.
 */
export function sourceOf(scope: BrandScope, selection: Selection): AssetSource {
  const plain = { from: sql`asset a`, where: inSelection(scope, selection), key: sql`a.id` };
  if ('ids' in selection) return plain;
  const [only, ...others] = selection.query.collection ?? [];
  if (only === undefined || others.length > 0) return plain;
  const rest = { ...selection, query: { ...selection.query, collection: undefined } };
  return {
    from: sql`collection_member walked
      cross join lateral (select * from asset where brand_id = ${scope.brandId} and id = walked.asset_id offset 0) a`,
    where: all([
      sql`walked.brand_id = ${scope.brandId} and walked.collection_id = ${only}`,
      sql`(select k.deleted_at is null from collection k where k.brand_id = ${scope.brandId} and k.id = ${only})`,
      inSelection(scope, rest),
    ]),
    key: sql`walked.asset_id`,
  };
}

export function inPortion(source: AssetSource, { after, until }: Portion): Condition {
  return all([
    after === undefined || after === '' ? TRUE : sql`${source.key} > ${after}`,
    until === undefined ? TRUE : sql`a.created_at <= ${until}`,
  ]);
}
