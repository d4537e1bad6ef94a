import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import { mayShareColours } from '../domain/colour.ts';
import {
  NEAR_DISTANCE,
  SIMILAR_DIFFERENCE,
  SIMILAR_DISTANCE,
  TELLING_BITS,
  bandsNear,
} from '../domain/duplicates.ts';
import type { BrandTx } from './database.ts';

/** Takes over the hashes of the current version; sound, paper and flat pictures have none that tell anything. */
export async function syncLikeness(scope: BrandScope, tx: BrandTx, assetId: string): Promise<void> {
  await sql`
    with found as (
      select v.dct_hash, v.difference_hash from asset a
      join version v on v.brand_id = a.brand_id and v.asset_id = a.id and v.n = a.current_version
      where a.brand_id = ${scope.brandId} and a.id = ${assetId} and a.purging_at is null
        and v.media_type in ('image', 'video') and v.dct_hash is not null and v.difference_hash is not null
        and bit_count(v.dct_hash::bit(64)) >= ${TELLING_BITS}),
    gone as (
      delete from likeness where brand_id = ${scope.brandId} and asset_id = ${assetId}
        and not exists (select 1 from found))
    insert into likeness (brand_id, asset_id, dct_hash, difference_hash)
    select ${scope.brandId}, ${assetId}, dct_hash, difference_hash from found
    on conflict (brand_id, asset_id) do update
      set dct_hash = excluded.dct_hash, difference_hash = excluded.difference_hash`.execute(tx);
}

export interface Alike {
  readonly id: string;
  readonly sameBytes: boolean;
  /** Bits in which the hashes differ; null when only the bytes were compared. */
  readonly distance: number | null;
  readonly difference: number | null;
}

interface Look {
  readonly mediaType: string;
  readonly duration: number | null;
  readonly sha256: Buffer;
  readonly palette: readonly { readonly hex: string; readonly share: number }[];
  readonly dct: string | null;
  readonly difference: string | null;
}

/** Lengths of cuts of one film may differ by a fade; lengths of different films do by more. */
const DURATION_SHARE = 0.03;
const DURATION_SECONDS = 0.5;

/**
 * Assets with the same bytes, or whose picture is like this one's in light and in colour: closest first. Whatever was kept apart by hand is
 * left out. Reads some ten thousand entries of four indexes in a library of a million, whatever it holds.
 */
export async function findAlike(
  scope: BrandScope,
  tx: BrandTx,
  which: { assetId: string; limit: number; trashed: boolean },
): Promise<Alike[]> {
  const look = await readLook(scope, tx, which.assetId);
  if (look === undefined) return [];
  const { rows } = await sql<Alike & Pick<Look, 'palette'>>`
    with near as (${nearRows(scope, look)}),
    same as (
      select v.asset_id, true as same, null::integer as distance, null::integer as difference from version v
      where v.brand_id = ${scope.brandId} and v.sha256 = ${look.sha256} limit 1000),
    pair as (
      select asset_id, bool_or(same) as "sameBytes", min(distance) as distance, min(difference) as difference
      from (select * from near union all select * from same) found group by asset_id)
    select a.id, a.sha256 = ${look.sha256} as "sameBytes", p.distance, p.difference, a.palette
    from pair p join asset a on a.brand_id = ${scope.brandId} and a.id = p.asset_id
    where a.id <> ${which.assetId} and a.purging_at is null and (${which.trashed} or a.trashed_at is null)
      and (a.sha256 = ${look.sha256} or (p.distance is not null and a.media_type = ${look.mediaType}
        and (${look.duration}::float8 is null or a.duration is null or
          abs(a.duration - ${look.duration}::float8) <= greatest(${DURATION_SECONDS}::float8, ${DURATION_SHARE}::float8 * a.duration))))
      and not exists (
        select 1 from not_duplicate d where d.brand_id = ${scope.brandId}
          and d.asset_id = least(a.id, ${which.assetId}) and d.other_id = greatest(a.id, ${which.assetId}))
    order by 2 desc, p.distance, a.id limit ${which.limit}`.execute(tx);
  return rows
    .filter((row) => row.sameBytes || mayShareColours(row.palette, look.palette))
    .map(({ id, sameBytes, distance, difference }) => ({ id, sameBytes, distance, difference }));
}

async function readLook(scope: BrandScope, tx: BrandTx, assetId: string): Promise<Look | undefined> {
  const { rows } = await sql<Look>`
    select a.media_type as "mediaType", a.duration, a.sha256, a.palette, l.dct_hash::text as dct,
      l.difference_hash::text as difference
    from asset a left join likeness l on l.brand_id = a.brand_id and l.asset_id = a.id
    where a.brand_id = ${scope.brandId} and a.id = ${assetId} and a.purging_at is null`.execute(tx);
  return rows[0];
}

function nearRows(scope: BrandScope, look: Look) {
  const { dct, difference } = look;
  if (dct === null || difference === null) {
    return sql`select ''::text as asset_id, false as same, 0 as distance, 0 as difference where false`;
  }
  const parts = bandsNear(BigInt(dct)).map(
    (values, at) => sql`
      select asset_id, dct_hash, difference_hash from likeness
      where brand_id = ${scope.brandId} and ${sql.ref(`band${at}`)} = any(${values}::integer[])
        and bit_count((dct_hash # ${dct}::bigint)::bit(64)) <= ${SIMILAR_DISTANCE}`,
  );
  return sql`
    select asset_id, false as same, distance, difference from (
      select asset_id, bit_count((dct_hash # ${dct}::bigint)::bit(64))::integer as distance,
        bit_count((difference_hash # ${difference}::bigint)::bit(64))::integer as difference
      from (${sql.join(parts, sql` union `)}) candidate) measured
    where distance <= ${NEAR_DISTANCE} or difference <= ${SIMILAR_DIFFERENCE}`;
}
