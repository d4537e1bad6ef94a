import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';

export interface MemberStep {
  readonly collection: string;
  /** As people read it in the history of each asset. */
  readonly name: string;
  readonly ids: readonly string[];
  readonly operation: string;
}

/** Puts those of the assets in that are not in yet, and journals each. Answers how many. */
export async function addMembers(scope: BrandScope, tx: BrandTx, step: MemberStep): Promise<number> {
  const { rows } = await sql`
    with fresh as materialized (
      select a.id, a.created_at from asset a
      where a.brand_id = ${scope.brandId} and a.id = any(${[...step.ids]}::text[]) and a.trashed_at is null
      order by a.id),
    joined as (
      insert into collection_member (brand_id, collection_id, asset_id, added_at, operation_id)
      select ${scope.brandId}, ${step.collection}, f.id,
        now() + row_number() over (order by f.created_at, f.id) * interval '1 microsecond', ${step.operation}::uuid
      from fresh f
      on conflict do nothing returning asset_id)
    insert into asset_change (brand_id, operation_id, asset_id, before, after)
    select ${scope.brandId}, ${step.operation}::uuid, asset_id, '{"collection": null}',
      jsonb_build_object('collection', ${step.name}::text) from joined returning 1`.execute(tx);
  return rows.length;
}

/**
 * Takes those of the assets out that are in, trashed ones as well, and journals each. The ids come as a list and not as
 * a join: without statistics, which a collection that was filled just now has not, the planner expects one row on either
 * side of a join and compares each with each.
 */
export async function removeMembers(scope: BrandScope, tx: BrandTx, step: MemberStep): Promise<number> {
  const { rows } = await sql`
    with parted as (
      delete from collection_member m
      where m.brand_id = ${scope.brandId} and m.collection_id = ${step.collection}
        and m.asset_id = any(${[...step.ids]}::text[])
      returning m.asset_id, m.added_at)
    insert into asset_change (brand_id, operation_id, asset_id, before, after)
    select ${scope.brandId}, ${step.operation}::uuid, asset_id,
      jsonb_build_object('collection', ${step.name}::text, 'added_at', added_at), '{"collection": null}'
    from parted returning 1`.execute(tx);
  return rows.length;
}

interface Entry {
  readonly id: string;
  /** The name of the collection then; null for whoever was taken out. */
  readonly came: string | null;
  readonly went: string | null;
  /** Where whoever was taken out stood, to the microsecond. */
  readonly at: string | null;
}

export interface UndoneMembers {
  readonly ids: readonly string[];
  readonly skipped: number;
  readonly last: string | null;
}

interface MembersUndo {
  readonly collection: string;
  readonly operation: string;
  readonly undo: string;
  readonly after: string;
  readonly limit: number;
}

/**
 * Puts a step's members back, or takes them out again: those that nobody has moved since. Whoever was put in must still
 * stand there by that step; whoever was taken out must still be out, and gets back the place it had.
 */
export async function undoMembers(scope: BrandScope, tx: BrandTx, step: MembersUndo): Promise<UndoneMembers> {
  const { rows: entries } = await sql<Entry>`
    select c.asset_id as id, c.after ->> 'collection' as came, c.before ->> 'collection' as went,
      c.before ->> 'added_at' as at
    from asset_change c
    where c.brand_id = ${scope.brandId} and c.operation_id = ${step.operation}::uuid and c.asset_id > ${step.after}
    order by c.asset_id limit ${step.limit}`.execute(tx);
  const ids = [
    ...(await takeAgain(scope, tx, { ...step, entries: entries.filter((entry) => entry.came !== null) })),
    ...(await putAgain(scope, tx, { ...step, entries: entries.filter((entry) => entry.came === null) })),
  ];
  return { ids, skipped: entries.length - ids.length, last: entries.at(-1)?.id ?? null };
}

type Entries = MembersUndo & { readonly entries: readonly Entry[] };

async function takeAgain(scope: BrandScope, tx: BrandTx, step: Entries): Promise<string[]> {
  const [first] = step.entries;
  if (first === undefined) return [];
  const { rows } = await sql<{ id: string }>`
    with taken as (
      delete from collection_member m
      where m.brand_id = ${scope.brandId} and m.collection_id = ${step.collection}
        and m.asset_id = any(${step.entries.map(({ id }) => id)}::text[]) and m.operation_id = ${step.operation}::uuid
      returning m.asset_id, m.added_at)
    insert into asset_change (brand_id, operation_id, asset_id, before, after)
    select ${scope.brandId}, ${step.undo}::uuid, asset_id,
      jsonb_build_object('collection', ${first.came}::text, 'added_at', added_at), '{"collection": null}'
    from taken returning asset_id as id`.execute(tx);
  return rows.map((row) => row.id);
}

async function putAgain(scope: BrandScope, tx: BrandTx, step: Entries): Promise<string[]> {
  const [first] = step.entries;
  if (first === undefined) return [];
  const ids = step.entries.map(({ id }) => id);
  const times = step.entries.map(({ at }) => at);
  const { rows } = await sql<{ id: string }>`
    with returned as (
      insert into collection_member (brand_id, collection_id, asset_id, added_at, operation_id)
      select ${scope.brandId}, ${step.collection}, e.id, e.at, ${step.undo}::uuid
      from unnest(${ids}::text[], ${times}::timestamptz[]) as e (id, at)
      cross join lateral (select 1 from asset a
        where a.brand_id = ${scope.brandId} and a.id = e.id and a.purging_at is null offset 0) there
      where exists (select 1 from collection c where c.brand_id = ${scope.brandId} and c.id = ${step.collection})
      on conflict do nothing returning asset_id)
    insert into asset_change (brand_id, operation_id, asset_id, before, after)
    select ${scope.brandId}, ${step.undo}::uuid, asset_id, '{"collection": null}',
      jsonb_build_object('collection', ${first.went}::text)
    from returned returning asset_id as id`.execute(tx);
  return rows.map((row) => row.id);
}
