import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { AssetEdit, FieldOrigin } from '../domain/asset.ts';
import { CUSTOM_MAX } from '../domain/naming.ts';
import type { AssetQuery } from '../domain/search-query.ts';
import { all, assetConditions, cellConditions, lifeCondition, textCondition } from './asset-filter.ts';
import type { Condition } from './asset-filter.ts';
import type { BrandTx } from './database.ts';
import { searchAll } from './search.ts';

/** Which assets a step touches: by id, or everything a query finds but for some. */
export type Selection =
  | { readonly ids: readonly string[] }
  | { readonly query: AssetQuery; readonly except: readonly string[] };

export interface BulkEdit extends AssetEdit {
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly life?: 'trash' | 'restore';
}

export interface Changed {
  readonly ids: readonly string[];
  readonly bytes: number;
}

const COLUMNS: Readonly<Record<keyof AssetEdit, string>> = {
  name: 'name',
  type: 'type',
  mediaType: 'media_type',
  status: 'status',
  description: 'description',
  sceneHint: 'scene_hint',
  tags: 'tags',
  mustInclude: 'must_include',
  rating: 'rating',
  product: 'product',
  campaign: 'campaign',
  mood: 'mood',
  style: 'style',
  hasPeople: 'has_people',
  custom: 'custom',
};
const FIELDS = Object.keys(COLUMNS) as (keyof AssetEdit)[];

/** How many assets and bytes a selection means now, without changing any. */
export async function measureSelection(
  scope: BrandScope,
  tx: BrandTx,
  selection: Selection,
): Promise<{ count: number; bytes: number }> {
  const { rows } = await sql<{ count: number; bytes: number }>`
    ${chosen(scope, selection)}
    select count(*) as count, coalesce(sum(a.total_bytes), 0)::bigint as bytes
    from asset a where ${inSelection(scope, selection)}`.execute(tx);
  return rows[0] ?? { count: 0, bytes: 0 };
}

/**
 * Changes up to `limit` assets of a selection and journals each one's from → to under the operation. Assets that hold
 * the value already are left alone, so calling again until nothing changes walks through any number of them.
 */
export async function changeAssets(
  scope: BrandScope,
  tx: BrandTx,
  step: { selection: Selection; edit: BulkEdit; operation: string; origin: FieldOrigin; limit: number },
): Promise<Changed> {
  const edits = editsOf(step.edit);
  if (edits.length === 0) return { ids: [], bytes: 0 };
  const differs = sql.join(
    edits.map((edit) => sql`a.${edit.column} is distinct from ${edit.value}`),
    sql` or `,
  );
  const origins = Object.fromEntries(
    edits.filter((edit) => edit.field !== null).map((edit) => [edit.field, step.origin]),
  );
  const object = (row: string) =>
    sql.join(edits.flatMap((edit) => [sql`${edit.name}::text`, sql`${sql.ref(row)}.${edit.column}`]));
  const { rows } = await sql<{ id: string; bytes: number }>`
    ${chosen(scope, step.selection, ',')}
    ${isTextSelection(step.selection) ? sql`` : sql`with`}
    old as materialized (
      select a.* from asset a where ${inSelection(scope, step.selection)} and (${differs})
      order by a.id limit ${step.limit} for update),
    changed as (
      update asset a set ${sql.join(edits.map((edit) => sql`${edit.column} = ${edit.value}`))},
        provenance = a.provenance || ${JSON.stringify(origins)}::jsonb, updated_at = now(), revision = a.revision + 1
      from old where a.brand_id = ${scope.brandId} and a.id = old.id returning a.*),
    journaled as (
      insert into asset_change (brand_id, operation_id, asset_id, before, after)
      select n.brand_id, ${step.operation}::uuid, n.id, jsonb_build_object(${object('o')}), jsonb_build_object(${object('n')})
      from changed n join old o on o.brand_id = n.brand_id and o.id = n.id)
    select id, total_bytes as bytes from changed`.execute(tx);
  return { ids: rows.map((row) => row.id), bytes: rows.reduce((sum, row) => sum + row.bytes, 0) };
}

interface ColumnEdit {
  readonly name: string;
  readonly field: keyof AssetEdit | null;
  readonly column: Condition;
  readonly value: Condition;
}

function editsOf(edit: BulkEdit): ColumnEdit[] {
  const list: ColumnEdit[] = [];
  for (const field of FIELDS) {
    const value = edit[field];
    if (value === undefined || field === 'custom') continue;
    list.push({ name: COLUMNS[field], field, column: sql.ref(COLUMNS[field]), value: stored(value) });
  }
  if (edit.custom !== undefined) list.push(customEdit(edit.custom));
  const add = edit.addTags ?? [];
  const remove = edit.removeTags ?? [];
  if (add.length > 0 || remove.length > 0) {
    // Tags already there keep their place; new ones follow in the order given.
    const value = sql`(
      select coalesce(array_agg(t.tag order by t.place), '{}') from (
        select u.tag, min(u.place) as place
        from unnest(a.tags || ${[...add]}::text[]) with ordinality as u (tag, place)
        where u.tag <> all (${[...remove]}::text[]) group by u.tag) t)`;
    list.push({ name: 'tags', field: 'tags', column: sql.ref('tags'), value });
  }
  if (edit.life !== undefined) {
    const value = edit.life === 'trash' ? sql`coalesce(a.trashed_at, now())` : sql`null::timestamptz`;
    list.push({ name: 'trashed_at', field: null, column: sql.ref('trashed_at'), value });
  }
  return list;
}

function stored(value: unknown): Condition {
  return Array.isArray(value) ? sql`${[...(value as unknown[])]}::text[]` : sql`${value}`;
}

/** An asset that would hold too many fields is left as it is; the single edit is refused before it comes here. */
function customEdit(custom: Readonly<Record<string, string | null>>): ColumnEdit {
  const merged = sql`jsonb_strip_nulls(a.custom || ${JSON.stringify(custom)}::jsonb)`;
  const value = sql`(select case when (select count(*) from jsonb_object_keys(m)) <= ${CUSTOM_MAX} then m else a.custom end
    from (select ${merged} as m) as merging)`;
  return { name: 'custom', field: 'custom', column: sql.ref('custom'), value };
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

/**
 * Puts back what an operation changed, for those assets whose fields still hold what it wrote; later edits by others
 * are kept. The undo is journaled like any other step. Walks by asset id; `last` is where the next portion begins.
 */
export async function undoChanges(
  scope: BrandScope,
  tx: BrandTx,
  step: { operation: string; undo: string; after: string; limit: number },
): Promise<{ readonly ids: readonly string[]; readonly skipped: number; readonly last: string | null }> {
  const columns = [...Object.values(COLUMNS), 'trashed_at'].map((name) => sql.ref(name));
  const { rows } = await sql<{ id: string; done: boolean }>`
    with entries as materialized (
      select c.asset_id, c.before, c.after from asset_change c
      where c.brand_id = ${scope.brandId} and c.operation_id = ${step.operation}::uuid and c.asset_id > ${step.after}
      order by c.asset_id limit ${step.limit}),
    old as materialized (
      select a.id, e.before, e.after from entries e
      join asset a on a.brand_id = ${scope.brandId} and a.id = e.asset_id
      where a.purging_at is null and not exists (
        select 1 from jsonb_each(e.after) as written (field, value)
        where to_jsonb(a) -> written.field is distinct from written.value)
      order by a.id for update of a),
    changed as (
      update asset a set (${sql.join(columns)}, updated_at, revision) = (
        select ${sql.join(columns.map((column) => sql`r.${column}`))}, now(), a.revision + 1
        from jsonb_populate_record(a, old.before) r)
      from old where a.brand_id = ${scope.brandId} and a.id = old.id returning a.id),
    journaled as (
      insert into asset_change (brand_id, operation_id, asset_id, before, after)
      select ${scope.brandId}, ${step.undo}::uuid, old.id, old.after, old.before from old)
    select e.asset_id as id, c.id is not null as done
    from entries e left join changed c on c.id = e.asset_id order by e.asset_id`.execute(tx);
  const ids = rows.filter((row) => row.done).map((row) => row.id);
  return { ids, skipped: rows.length - ids.length, last: rows.at(-1)?.id ?? null };
}
