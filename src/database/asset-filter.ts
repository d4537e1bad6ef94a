import { sql } from 'kysely';
import { FAVOURITE } from './asset-columns.ts';
import { idWord } from '../domain/ids.ts';
import { parseText } from '../domain/search-query.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import { SIZE_RANGE_KEYS } from '../domain/size-range.ts';
import type { SizeRangeKey } from '../domain/size-range.ts';
import { labelConditions } from './labels.ts';
import type { Condition } from './labels.ts';

export const TRUE = sql`true`;

export function all(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? TRUE : sql.join([...conditions], sql` and `);
}

/** One value is compared as such: only then does the planner take the index that begins with the column. */
function oneOf(column: Condition, values: readonly unknown[] | undefined, type = 'text'): Condition[] {
  if (values === undefined || values.length === 0) return [];
  const [first] = values;
  return values.length === 1
    ? [sql`${column} = ${first}::${sql.raw(type)}`]
    : [sql`${column} = any(${[...values]}::${sql.raw(type)}[])`];
}

const ranges = (keys: readonly SizeRangeKey[] | undefined) =>
  keys?.map((key) => SIZE_RANGE_KEYS.indexOf(key));

const COLUMNS = {
  asset: {
    type: sql`a.type`,
    source: sql`a.source`,
    media: sql`a.media_type`,
    range: sql`a.size_range`,
    at: sql`a.created_at`,
  },
  search: {
    type: sql`s.type`,
    source: sql`s.source`,
    media: sql`s.media_type`,
    range: sql`s.size_range`,
    at: sql`s.created_at`,
  },
  cell: {
    type: sql`c.type`,
    source: sql`c.source`,
    media: sql`c.media_type`,
    range: sql`c.size_range`,
    at: sql`c.month`,
  },
} as const;

/** The dimensions that the asset table, the search rows and the facet cube share. */
export const CELL_DIMENSIONS = ['type', 'source', 'mediaType', 'sizeRange', 'month'] as const;
export type CellDimension = (typeof CELL_DIMENSIONS)[number];

/** Conditions on the shared dimensions, but for one that a facet leaves out. */
export function cellConditions(
  query: AssetQuery,
  where: keyof typeof COLUMNS,
  without?: CellDimension,
): Condition[] {
  const column = COLUMNS[where];
  const conditions: Readonly<Record<CellDimension, Condition[]>> = {
    type: oneOf(column.type, query.type),
    source: oneOf(column.source, query.source),
    mediaType: oneOf(column.media, query.mediaType),
    sizeRange: oneOf(column.range, ranges(query.sizeRange), 'smallint'),
    month: monthCondition(query.month, where),
  };
  return CELL_DIMENSIONS.filter((dimension) => dimension !== without).flatMap(
    (dimension) => conditions[dimension],
  );
}

function monthCondition(month: string | undefined, where: keyof typeof COLUMNS): Condition[] {
  if (month === undefined) return [];
  const start = `${month}-01`;
  if (where === 'cell') return [sql`c.month = ${start}::date`];
  const at = COLUMNS[where].at;
  return [
    sql`${at} >= ${start}::date::timestamptz and ${at} < (${start}::date + interval '1 month')::timestamptz`,
  ];
}

/** Conditions that only the asset table can answer (alias `a`). */
export function assetConditions(query: AssetQuery): Condition[] {
  const list: Condition[] = [...oneOf(sql`a.state`, query.state)];
  const compare = (column: string, type: string, [least, most]: readonly (number | string | undefined)[]) => {
    const name = sql`a.${sql.ref(column)}`;
    if (least !== undefined) list.push(sql`${name} >= ${least}::${sql.raw(type)}`);
    if (most !== undefined) list.push(sql`${name} <= ${most}::${sql.raw(type)}`);
  };
  compare('size_bytes', 'bigint', [query.minSize, query.maxSize]);
  compare('width', 'int', [query.minWidth, query.maxWidth]);
  compare('height', 'int', [query.minHeight, query.maxHeight]);
  compare('duration', 'float8', [query.minDuration, query.maxDuration]);
  compare('created_at', 'timestamptz', [query.createdAfter, query.createdBefore]);
  compare('last_used_at', 'timestamptz', [query.usedSince]);
  const since = (days: number) => sql`now() - make_interval(days => ${days}::int)`;
  if (query.createdWithin !== undefined) list.push(sql`a.created_at >= ${since(query.createdWithin)}`);
  if (query.usedWithin !== undefined) list.push(sql`a.last_used_at >= ${since(query.usedWithin)}`);
  if (query.unusedFor !== undefined) {
    list.push(sql`coalesce(a.last_used_at, '-infinity'::timestamptz) < ${since(query.unusedFor)}`);
  }
  if (query.mustInclude === false) list.push(sql`not a.must_include`);
  if (query.neverUsed === true) list.push(sql`a.usage_count = 0`);
  if (query.neverUsed === false) list.push(sql`a.usage_count > 0`);
  if (query.collection !== undefined && query.collection.length > 0) {
    list.push(sql`a.id in (select m.asset_id from collection_member m
      join collection k on k.brand_id = m.brand_id and k.id = m.collection_id and k.deleted_at is null
      where m.brand_id = a.brand_id and m.collection_id = any(${[...query.collection]}::text[]))`);
  }
  if (query.favourite !== undefined) list.push(query.favourite ? FAVOURITE : sql`not ${FAVOURITE}`);
  const text = parseText(query.q);
  if (text.kind === 'id') list.push(sql`a.id = ${text.id}`);
  return list;
}

/** Conditions on the search rows (alias `s`), words and labels; null when the query has neither. */
export function textCondition(query: AssetQuery): Condition | null {
  const parts: Condition[] = [];
  const text = parseText(query.q);
  if (text.kind === 'short') parts.push(sql`s.tsv @@ ${quoteLexeme(`^${text.start}`)}::tsquery`);
  if (text.kind === 'words') {
    const names = text.words.map((word) => sql`s.name like ${`%${escapeLike(word)}%`}`);
    // Only the last word may still be growing; a prefix on each would read far more of the index.
    const lexemes = text.words.map(
      (word, i) => quoteLexeme(word) + (i === text.words.length - 1 ? ':*' : ''),
    );
    const id = text.idStart === undefined ? '' : ` | ${quoteLexeme(idWord(`AST-${text.idStart}`))}:*`;
    parts.push(sql`((${all(names)}) or s.tsv @@ ${lexemes.join(' & ') + id}::tsquery)`);
  }
  parts.push(...labelConditions(query));
  return parts.length === 0 ? null : all(parts);
}

function escapeLike(word: string): string {
  return word.replace(/[\\%_]/g, String.raw`\$&`);
}

function quoteLexeme(word: string): string {
  return `'${word.replaceAll(/['\\]/g, '')}'`;
}

/** Live or trashed; claimed for purge is neither. */
export function lifeCondition(query: AssetQuery): Condition {
  return query.trashed === true
    ? sql`a.trashed_at is not null and a.purging_at is null`
    : sql`a.trashed_at is null`;
}
