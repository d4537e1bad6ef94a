import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';

interface CarriedTable {
  readonly table: string;
  /** Columns that get another value on the kept asset, as JSON. */
  readonly set: Readonly<Record<string, null>>;
  /** Rows with an id of their own, which live on where they are: an undo points them back and touches nothing else. */
  readonly hasId?: true;
}

/**
 * Everything beside the asset's own fields that a merge carries to the kept asset: rows of these tables point to an
 * asset by `asset_id`. A new table of that kind is one more line. A pinned version means other bytes there.
 */
export const CARRIED = {
  uses: { table: 'asset_use', set: { version: null } },
  collections: { table: 'collection_member', set: {} },
  favourites: { table: 'favourite', set: {} },
  links: { table: 'share_link', set: {}, hasId: true },
} as const satisfies Readonly<Record<string, CarriedTable>>;

export type CarriedNoun = keyof typeof CARRIED;
export const CARRIED_NOUNS = Object.keys(CARRIED) as CarriedNoun[];

/** How many rows of each kind the assets have. */
export async function countCarried(
  scope: BrandScope,
  tx: BrandTx,
  ids: readonly string[],
): Promise<Record<CarriedNoun, number>> {
  const counts: Record<CarriedNoun, number> = { uses: 0, collections: 0, favourites: 0, links: 0 };
  for (const noun of CARRIED_NOUNS) {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from ${sql.table(CARRIED[noun].table)}
      where brand_id = ${scope.brandId} and asset_id = any(${[...ids]}::text[])`.execute(tx);
    counts[noun] = rows[0]?.n ?? 0;
  }
  return counts;
}

interface Carrying {
  readonly operation: string;
  readonly keep: string;
}

/**
 * Moves the rows of the others to the kept asset and keeps each as it was for the undo. Where the kept asset has such a
 * row already (the same production and scene, the same collection) that one stays and the other is only remembered.
 */
export async function carryRows(
  scope: BrandScope,
  tx: BrandTx,
  step: Carrying & { others: readonly string[] },
): Promise<void> {
  for (const noun of CARRIED_NOUNS) {
    const { table, set }: CarriedTable = CARRIED[noun];
    const name = sql.table(table);
    const change = JSON.stringify({ ...set, asset_id: step.keep });
    await sql`
      with gone as (
        delete from ${name} t where t.brand_id = ${scope.brandId} and t.asset_id = any(${[...step.others]}::text[])
        returning t.*)
      insert into merge_row (brand_id, operation_id, source, row)
      select ${scope.brandId}, ${step.operation}::uuid, ${table}, to_jsonb(gone) from gone`.execute(tx);
    await sql`
      with put as (
        insert into ${name}
        select r.* from merge_row m, jsonb_populate_record(null::${name}, m.row || ${change}::jsonb) r
        where m.brand_id = ${scope.brandId} and m.operation_id = ${step.operation}::uuid and m.source = ${table}
        order by m.n on conflict do nothing returning *)
      update merge_row m set moved = true from put
      where m.brand_id = ${scope.brandId} and m.operation_id = ${step.operation}::uuid and m.source = ${table}
        and to_jsonb(put) = m.row || ${change}::jsonb`.execute(tx);
  }
  await countUses(scope, tx, { operation: step.operation, ids: [step.keep, ...step.others] });
}

/** Puts the rows of those assets back that an undo has restored; what was changed since on the kept asset stays. */
export async function returnRows(
  scope: BrandScope,
  tx: BrandTx,
  step: { operation: string; restored: readonly string[] },
): Promise<void> {
  const keep = await keptBy(scope, tx, step.operation);
  if (keep === null) return;
  const ours = sql`m.brand_id = ${scope.brandId} and m.operation_id = ${step.operation}::uuid
    and m.row ->> 'asset_id' = any(${[...step.restored]}::text[])`;
  for (const noun of CARRIED_NOUNS) {
    const { table, set, hasId }: CarriedTable = CARRIED[noun];
    const name = sql.table(table);
    if (hasId === true) {
      // A link may have been opened, turned off or given a password since; that holds wherever it leads.
      await sql`
        update ${name} t set asset_id = m.row ->> 'asset_id' from merge_row m
        where ${ours} and m.moved and m.source = ${table} and t.brand_id = ${scope.brandId} and t.asset_id = ${keep}
          and t.id = m.row ->> 'id'`.execute(tx);
      continue;
    }
    const change = JSON.stringify({ ...set, asset_id: keep });
    await sql`
      delete from ${name} t using merge_row m
      where ${ours} and m.moved and m.source = ${table} and t.brand_id = ${scope.brandId} and t.asset_id = ${keep}
        and to_jsonb(t) = m.row || ${change}::jsonb`.execute(tx);
    await sql`
      insert into ${name}
      select r.* from merge_row m, jsonb_populate_record(null::${name}, m.row) r
      where ${ours} and m.source = ${table} order by m.n on conflict do nothing`.execute(tx);
  }
  await countUses(scope, tx, { operation: step.operation, ids: [keep, ...step.restored] });
}

/** The asset that a merge kept; null for any other step. */
async function keptBy(scope: BrandScope, tx: BrandTx, operation: string): Promise<string | null> {
  const { rows } = await sql<{ keep: string | null }>`
    select request ->> 'keep' as keep from operation
    where brand_id = ${scope.brandId} and id = ${operation}::uuid`.execute(tx);
  return rows[0]?.keep ?? null;
}

/** Where uses moved, they are counted anew. */
async function countUses(
  scope: BrandScope,
  tx: BrandTx,
  of: { operation: string; ids: readonly string[] },
): Promise<void> {
  await sql`
    update asset a set usage_count = u.n, last_used_at = u.last
    from unnest(${[...of.ids]}::text[]) as one (id), lateral (
      select count(distinct production)::integer as n, max(used_at) as last from asset_use
      where brand_id = ${scope.brandId} and asset_id = one.id) u
    where a.brand_id = ${scope.brandId} and a.id = one.id
      and (a.usage_count, a.last_used_at) is distinct from (u.n, u.last)
      and exists (select 1 from merge_row m where m.brand_id = ${scope.brandId}
        and m.operation_id = ${of.operation}::uuid and m.source = 'asset_use')`.execute(tx);
}
