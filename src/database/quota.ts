import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { MediaType } from '../domain/asset-types.ts';
import type { BrandTx } from './database.ts';
import { pgError } from './transaction.ts';
import type { Executor } from './transaction.ts';

export interface WorkspaceUsage {
  readonly quotaBytes: number;
  readonly usedBytes: number;
  readonly reservedBytes: number;
}

export async function getWorkspaceUsage(db: Executor): Promise<WorkspaceUsage> {
  const { rows } = await sql<WorkspaceUsage>`
    select quota_bytes as "quotaBytes", used_bytes as "usedBytes", reserved_bytes as "reservedBytes"
    from workspace_usage`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error('The usage row is missing.');
  return row;
}

/**
 * Takes room for bytes that are about to arrive; false when they do not fit. The condition is checked on the locked
 * row, so that any number of parallel callers get exactly what there is.
 */
export async function reserve(
  scope: BrandScope,
  tx: BrandTx,
  room: { id: string; bytes: number; seconds: number },
): Promise<boolean> {
  const { rows } = await sql`
    with room as (
      update workspace_usage set reserved_bytes = reserved_bytes + ${room.bytes}
      where used_bytes + reserved_bytes + ${room.bytes} <= quota_bytes returning 1
    )
    insert into reservation (brand_id, id, bytes, expires_at)
    select ${scope.brandId}, ${room.id}, ${room.bytes}, now() + make_interval(secs => ${room.seconds}) from room
    on conflict (brand_id, id) do update set bytes = reservation.bytes + excluded.bytes, expires_at = excluded.expires_at
    returning 1`.execute(tx);
  return rows.length > 0;
}

/**
 * Gives a reservation back, or settles it in the transaction that counts the real bytes. Answers the bytes freed. The
 * workspace's counter is locked before the reservation, as in `reserve`: two orders would deadlock. It is locked by a
 * statement of its own, so that the next one sees what whoever held the lock has done.
 */
export async function release(scope: BrandScope, tx: BrandTx, id: string): Promise<number> {
  const [, { rows }] = await Promise.all([
    sql`select from workspace_usage for update`.execute(tx),
    sql<{ bytes: number }>`
      with gone as (
        delete from reservation where brand_id = ${scope.brandId} and id = ${id} returning bytes
      ), back as (
        update workspace_usage set reserved_bytes = reserved_bytes - gone.bytes from gone
      ) select bytes from gone`.execute(tx),
  ]);
  return rows[0]?.bytes ?? 0;
}

const OVERFULL = 'BL001';

/** Fails unless everything fits, counted by the rows of this transaction; see `isOverfull`. */
export async function requireRoom(tx: BrandTx): Promise<void> {
  await sql`/* kept */ select require_room()`.execute(tx);
}

export function isOverfull(error: unknown): boolean {
  return pgError(error)?.code === OVERFULL;
}

export async function prolong(
  scope: BrandScope,
  tx: BrandTx,
  room: { id: string; seconds: number },
): Promise<boolean> {
  const { rows } = await sql`
    update reservation set expires_at = now() + make_interval(secs => ${room.seconds})
    where brand_id = ${scope.brandId} and id = ${room.id} returning 1`.execute(tx);
  return rows.length > 0;
}

/** Reservations whose holder never came back, as after a kill. */
export async function releaseExpired(scope: BrandScope, tx: BrandTx): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from reservation where brand_id = ${scope.brandId} and expires_at < now() order by id`.execute(
    tx,
  );
  for (const row of rows) await release(scope, tx, row.id);
  return rows.length;
}

export interface BrandUsage {
  readonly liveCount: number;
  readonly liveBytes: number;
  readonly trashCount: number;
  readonly trashBytes: number;
  readonly segments: readonly {
    readonly mediaType: MediaType;
    readonly bytes: number;
    readonly count: number;
  }[];
}

export async function getBrandUsage(scope: BrandScope, tx: BrandTx): Promise<BrandUsage> {
  const totals = await sql<Omit<BrandUsage, 'segments'>>`
    select live_count as "liveCount", live_bytes as "liveBytes", trash_count as "trashCount", trash_bytes as "trashBytes"
    from brand_usage where brand_id = ${scope.brandId}`.execute(tx);
  const segments = await sql<BrandUsage['segments'][number]>`
    select media_type as "mediaType", sum(bytes)::bigint as bytes, sum(n)::bigint as count
    from asset_count where brand_id = ${scope.brandId} and not trashed
    group by media_type having sum(n) > 0`.execute(tx);
  const none = { liveCount: 0, liveBytes: 0, trashCount: 0, trashBytes: 0 };
  return { ...(totals.rows[0] ?? none), segments: segments.rows };
}
