import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import { all } from './asset-filter.ts';
import { COLUMN_TYPES } from './changes.ts';
import type { BrandTx } from './database.ts';

export interface Undone {
  readonly ids: readonly string[];
  readonly skipped: number;
  /** The last asset looked at, where the next portion begins; null when there was none. */
  readonly last: string | null;
  /** Columns that were put back. */
  readonly columns: readonly string[];
}

interface UndoStep {
  readonly operation: string;
  readonly undo: string;
  readonly after: string;
  readonly limit: number;
}

/**
 * Puts back what an operation changed, and who had said it, for those assets whose fields still hold what it wrote;
 * later edits by others are kept. The undo is journaled like any other step. Walks by asset id.
 */
export async function undoChanges(scope: BrandScope, tx: BrandTx, step: UndoStep): Promise<Undone> {
  const columns = await touchedColumns(scope, tx, step);
  if (columns.length === 0) return { ids: [], skipped: 0, last: null, columns };
  const untouched = columns.map(
    (name) => sql`(not e.after ? ${name}::text
      or coalesce(to_jsonb(a.${sql.ref(name)}), 'null') = e.after -> ${name}::text)`,
  );
  const restored = columns.map(
    (name) =>
      sql`${sql.ref(name)} = case when old.before ? ${name}::text then r.${sql.ref(name)} else a.${sql.ref(name)} end`,
  );
  const typed = columns.map((name) => sql`${sql.ref(name)} ${sql.raw(COLUMN_TYPES[name] ?? '')}`);
  const { rows } = await sql<{ id: string; done: boolean }>`
    with entries as materialized (
      select c.asset_id, c.before, c.after, c.origins from asset_change c
      where c.brand_id = ${scope.brandId} and c.operation_id = ${step.operation}::uuid and c.asset_id > ${step.after}
      order by c.asset_id limit ${step.limit}),
    old as materialized (
      select a.id, e.before, e.after, e.origins,
        case when e.origins is not null then (
          select jsonb_object_agg(said.field, a.provenance -> said.field)
          from jsonb_object_keys(e.origins) as said (field)) end as replaced
      from entries e join asset a on a.brand_id = ${scope.brandId} and a.id = e.asset_id
      where a.purging_at is null and ${all(untouched)}
      order by a.id for update of a),
    changed as (
      update asset a set ${sql.join(restored)},
        provenance = case when old.origins is null then a.provenance
          else (a.provenance - array(select jsonb_object_keys(old.origins))) || jsonb_strip_nulls(old.origins) end,
        updated_at = now(), revision = a.revision + 1
      from old cross join lateral jsonb_to_record(old.before) as r (${sql.join(typed)})
      where a.brand_id = ${scope.brandId} and a.id = old.id returning a.id),
    journaled as (
      insert into asset_change (brand_id, operation_id, asset_id, before, after, origins)
      select ${scope.brandId}, ${step.undo}::uuid, old.id, old.after, old.before, old.replaced from old)
    select asset_id as id, false as done from entries union all select id, true from changed`.execute(tx);
  // Brought together here: the planner expects one row of a fresh step and would compare each with each.
  const ids = rows.filter((row) => row.done).map((row) => row.id);
  const seen = rows.filter((row) => !row.done).map((row) => row.id);
  const last = seen.reduce<string | null>((most, id) => (most === null || id > most ? id : most), null);
  return { ids, skipped: seen.length - ids.length, last, columns };
}

/** The columns of a portion: naming only those spares reading and writing the rest of each row. */
async function touchedColumns(scope: BrandScope, tx: BrandTx, step: UndoStep): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct written.name from (
      select c.after from asset_change c
      where c.brand_id = ${scope.brandId} and c.operation_id = ${step.operation}::uuid and c.asset_id > ${step.after}
      order by c.asset_id limit ${step.limit}) c, jsonb_object_keys(c.after) as written (name)`.execute(tx);
  return rows.map(({ name }) => name).filter((name) => Object.hasOwn(COLUMN_TYPES, name));
}
