import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';

/** A resumable upload under way, or finished with the asset it became. */
export interface ResumableRow {
  readonly id: string;
  readonly lengthBytes: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly reservationId: string;
  readonly assetId: string | null;
  readonly reused: boolean;
}

const UPLOAD = sql`id, length_bytes as "lengthBytes", fields, reservation_id as "reservationId",
  asset_id as "assetId", reused`;

export async function insertResumable(
  scope: BrandScope,
  tx: BrandTx,
  upload: { id: string; lengthBytes: number; fields: object; reservationId: string },
): Promise<void> {
  const { id, name } = scope.actor;
  await sql`
    insert into upload (brand_id, id, length_bytes, fields, reservation_id, created_by)
    values (${scope.brandId}, ${upload.id}, ${upload.lengthBytes}, ${JSON.stringify(upload.fields)},
      ${upload.reservationId}, ${JSON.stringify({ id, name })})`.execute(tx);
}

export async function getResumable(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<ResumableRow | undefined> {
  const { rows } = await sql<ResumableRow>`
    select ${UPLOAD} from upload where brand_id = ${scope.brandId} and id = ${id}`.execute(tx);
  return rows[0];
}

export async function touchResumable(scope: BrandScope, tx: BrandTx, id: string): Promise<void> {
  await sql`update upload set touched_at = now() where brand_id = ${scope.brandId} and id = ${id}`.execute(
    tx,
  );
}

/** Ties the upload to its asset in the transaction that makes it; false when another attempt was first. */
export async function finishResumable(
  scope: BrandScope,
  tx: BrandTx,
  done: { id: string; assetId: string; reused: boolean },
): Promise<boolean> {
  const { rows } = await sql`
    update upload set asset_id = ${done.assetId}, reused = ${done.reused}, touched_at = now()
    where brand_id = ${scope.brandId} and id = ${done.id} and asset_id is null returning 1`.execute(tx);
  return rows.length > 0;
}

export async function deleteResumable(scope: BrandScope, tx: BrandTx, id: string): Promise<void> {
  await sql`delete from upload where brand_id = ${scope.brandId} and id = ${id}`.execute(tx);
}

/** Uploads that nobody has touched for the given hours, finished or not. */
export async function staleResumables(
  scope: BrandScope,
  tx: BrandTx,
  hours: number,
): Promise<ResumableRow[]> {
  const { rows } = await sql<ResumableRow>`
    select ${UPLOAD} from upload
    where brand_id = ${scope.brandId} and touched_at < now() - make_interval(hours => ${hours}) limit 1000`.execute(
    tx,
  );
  return rows;
}
