import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { AssetEdit, FieldOrigin } from '../domain/asset.ts';
import { CUSTOM_MAX, TAGS_MAX } from '../domain/naming.ts';
import type { StepFailure } from '../domain/runs.ts';
import type { BrandTx } from './database.ts';
import type { Condition } from './labels.ts';
import { chosen, inPortion, isTextSelection, sourceOf } from './selections.ts';
import type { Portion, Selection } from './selections.ts';
import { isRead } from './search-rows.ts';
import type { SearchChange } from './search-rows.ts';

export interface BulkEdit extends AssetEdit {
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly life?: 'trash' | 'restore';
}

export interface Changed {
  readonly ids: readonly string[];
  /** Assets that were left as they are since the change would break a rule. */
  readonly failed: number;
  /** The greatest id dealt with, where the next portion begins; null when there was none. */
  readonly last: string | null;
}

/** Column of every field that a step may change and an undo puts back. */
export const COLUMNS: Readonly<Record<keyof AssetEdit, string>> = {
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
  lock: 'locked',
};
/** Their types, as an undo reads them from the journal; the last one is no field that people edit. */
export const COLUMN_TYPES: Readonly<Record<string, string>> = {
  name: 'text',
  type: 'text',
  media_type: 'text',
  status: 'text',
  description: 'text',
  scene_hint: 'text',
  tags: 'text[]',
  must_include: 'boolean',
  rating: 'smallint',
  product: 'text',
  campaign: 'text',
  mood: 'text[]',
  style: 'text[]',
  has_people: 'boolean',
  custom: 'jsonb',
  locked: 'text[]',
  trashed_at: 'timestamptz',
};
const FIELDS = Object.keys(COLUMNS) as (keyof AssetEdit)[];

/** What the search rows have to follow of an edit. */
export function searchChangeOf(edit: BulkEdit): SearchChange {
  const columns = columnsOf(edit);
  const { addTags = [], removeTags = [] } = edit;
  const onlyAdds = addTags.length > 0 && removeTags.length === 0 && edit.tags === undefined;
  return onlyAdds && !columns.some((column) => column !== 'tags' && isRead(column))
    ? { columns, addedTags: addTags }
    : { columns };
}

/** The columns that an edit writes. */
export function columnsOf(edit: BulkEdit): string[] {
  return editsOf(edit).map(({ name }) => name);
}

export interface ChangeStep extends Portion {
  readonly selection: Selection;
  readonly edit: BulkEdit;
  readonly operation: string;
  readonly origin: FieldOrigin;
}

/** The assets of a portion that do not hold the values yet, locked, each with why it cannot take them. */
function toChange(scope: BrandScope, step: ChangeStep, edits: readonly ColumnEdit[]): Condition {
  const source = sourceOf(scope, step.selection);
  const differs = sql.join(
    edits.map((edit) => sql`a.${edit.column} is distinct from ${edit.value}`),
    sql` or `,
  );
  const rules = edits.flatMap(({ breaks }) => (breaks === undefined ? [] : [breaks]));
  const reason =
    rules.length === 0
      ? sql`null::text`
      : sql`case ${sql.join(
          rules.map(({ when, reason: code }) => sql`when ${when} then ${code}::text`),
          sql` `,
        )} end`;
  return sql`select a.*, ${reason} as left_for from ${source.from}
    where ${source.where} and (${differs}) and ${inPortion(source, step)}
    order by ${source.key} limit ${step.limit} for update of a`;
}

/** The asset that the next portion of a step begins with. */
export async function nextToChange(
  scope: BrandScope,
  tx: BrandTx,
  step: ChangeStep,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    ${chosen(scope, step.selection, ',')}
    ${isTextSelection(step.selection) ? sql`` : sql`with`}
    old as materialized (${toChange(scope, { ...step, limit: 1 }, editsOf(step.edit))})
    select id from old`.execute(tx);
  return rows[0]?.id;
}

/**
 * Changes up to `limit` assets of a selection in the order of their ids and journals each one's from → to, and who had
 * said it, under the operation. Assets that hold the value already are left alone, and so are those that would break a
 * rule, which the operation remembers.
 */
export async function changeAssets(scope: BrandScope, tx: BrandTx, step: ChangeStep): Promise<Changed> {
  const edits = editsOf(step.edit);
  if (edits.length === 0) return { ids: [], failed: 0, last: null };
  const origins = Object.fromEntries(
    edits.filter((edit) => edit.field !== null).map((edit) => [edit.field, step.origin]),
  );
  const fields = Object.keys(origins);
  const said = sql.join(
    fields.flatMap((field) => [sql`${field}::text`, sql`old.provenance -> ${field}::text`]),
  );
  const object = (row: string) =>
    sql.join(edits.flatMap((edit) => [sql`${edit.name}::text`, sql`${sql.ref(row)}.${edit.column}`]));
  const { rows } = await sql<{ id: string; failed: boolean }>`
    ${chosen(scope, step.selection, ',')}
    ${isTextSelection(step.selection) ? sql`` : sql`with`}
    old as materialized (${toChange(scope, step, edits)}),
    changed as (
      update asset a set ${sql.join(edits.map((edit) => sql`${edit.column} = ${edit.value}`))},
        provenance = a.provenance || ${JSON.stringify(origins)}::jsonb, updated_at = now(), revision = a.revision + 1
      from old where a.brand_id = ${scope.brandId} and a.id = old.id and old.left_for is null
      returning a.id, jsonb_build_object(${object('old')}) as before,
        jsonb_build_object(${object('a')}) as after,
        ${fields.length === 0 ? sql`null::jsonb` : sql`jsonb_build_object(${said})`} as origins),
    journaled as (
      insert into asset_change (brand_id, operation_id, asset_id, before, after, origins)
      select ${scope.brandId}, ${step.operation}::uuid, id, before, after, origins from changed),
    failures as (
      insert into step_failure (brand_id, operation_id, asset_id, reason)
      select ${scope.brandId}, ${step.operation}::uuid, id, left_for from old where left_for is not null
      on conflict (brand_id, operation_id, asset_id) do update set reason = excluded.reason)
    select id, left_for is not null as failed from old`.execute(tx);
  const ids = rows.filter((row) => !row.failed).map((row) => row.id);
  const last = rows.reduce<string | null>((most, { id }) => (most === null || id > most ? id : most), null);
  return { ids, failed: rows.length - ids.length, last };
}

interface ColumnEdit {
  readonly name: string;
  readonly field: keyof AssetEdit | null;
  readonly column: Condition;
  readonly value: Condition;
  /** When an asset would break a rule with the value. */
  readonly breaks?: { readonly when: Condition; readonly reason: StepFailure };
}

function editsOf(edit: BulkEdit): ColumnEdit[] {
  const list: ColumnEdit[] = [];
  for (const field of FIELDS) {
    const value = edit[field];
    if (value === undefined || field === 'custom' || field === 'lock') continue;
    list.push({ name: COLUMNS[field], field, column: sql.ref(COLUMNS[field]), value: stored(value) });
  }
  if (edit.custom !== undefined) list.push(customEdit(edit.custom));
  if (edit.lock !== undefined) list.push(lockEdit(edit.lock));
  const add = edit.addTags ?? [];
  const remove = edit.removeTags ?? [];
  if (add.length > 0 || remove.length > 0) {
    // Tags already there keep their place; new ones follow in the order given.
    const value = sql`(
      select coalesce(array_agg(t.tag order by t.place), '{}') from (
        select u.tag, min(u.place) as place
        from unnest(a.tags || ${[...add]}::text[]) with ordinality as u (tag, place)
        where u.tag <> all (${[...remove]}::text[]) group by u.tag) t)`;
    // Most assets are far from the limit, so few are counted.
    const when = sql`cardinality(a.tags) + ${add.length}::int > ${TAGS_MAX} and cardinality(${value}) > ${TAGS_MAX}`;
    const breaks = { when, reason: 'tags_full' } as const;
    list.push({ name: 'tags', field: 'tags', column: sql.ref('tags'), value, breaks });
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

function customEdit(custom: Readonly<Record<string, string | null>>): ColumnEdit {
  const value = sql`jsonb_strip_nulls(a.custom || ${JSON.stringify(custom)}::jsonb)`;
  const when = sql`(select count(*) from jsonb_object_keys(${value})) > ${CUSTOM_MAX}`;
  const breaks = { when, reason: 'fields_full' } as const;
  return { name: 'custom', field: 'custom', column: sql.ref('custom'), value, breaks };
}

/** Who said a field stays as it is: a lock says nothing about its value. */
function lockEdit(lock: NonNullable<BulkEdit['lock']>): ColumnEdit {
  const named = (wanted: boolean) =>
    Object.entries(lock).flatMap(([field, locked]) => (locked === wanted ? [field] : []));
  const value = sql`(
    select coalesce(array_agg(distinct u.field order by u.field), '{}') from unnest(a.locked || ${named(true)}::text[]) as u (field)
    where u.field <> all (${named(false)}::text[]))`;
  return { name: 'locked', field: null, column: sql.ref('locked'), value };
}
