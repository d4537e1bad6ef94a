import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { EventKind } from '../domain/events.ts';
import type { BrandTx } from './database.ts';

export const EVENT_CHANNEL = 'backlot_event';

/** Most events of one reading. */
export const EVENTS_PAGE = 500;

export interface EventRow {
  /** `xid-seq`: the order in which a reader may safely walk, see `readEvents`. */
  readonly cursor: string;
  readonly kind: EventKind;
  readonly assetId: string | null;
  readonly at: Date;
}

export interface NewEvent {
  readonly kind: EventKind;
  readonly assetId?: string;
}

/** The insert alone, to travel inside a larger statement; `notifyBrand` belongs beside it. */
export function eventInsert(scope: BrandScope, event: NewEvent): RawBuilder<unknown> {
  return sql`insert into event (brand_id, kind, asset_id)
    values (${scope.brandId}, ${event.kind}, ${event.assetId ?? null})`;
}

/** Wakes the listeners of a brand when the transaction commits. */
export function notifyBrand(scope: BrandScope): RawBuilder<unknown> {
  return sql`pg_notify(${EVENT_CHANNEL}, ${scope.brandId}::text)`;
}

/** Part of the same transaction as the change it tells of; listeners wake when that commits. */
export async function addEvent(scope: BrandScope, tx: BrandTx, event: NewEvent): Promise<void> {
  await sql`with added as (${eventInsert(scope, event)} returning 1)
    select ${notifyBrand(scope)} from added`.execute(tx);
}

/**
 * Events after a cursor. Sequence numbers are given before commit, so a reader that went by them alone would step over
 * the event of a slower transaction; events are read only once every older transaction has ended.
 */
export async function readEvents(scope: BrandScope, tx: BrandTx, after: string): Promise<EventRow[]> {
  const [xid = '0', seq = '0'] = after.split('-');
  const { rows } = await sql<EventRow>`
    select xid::text || '-' || seq as cursor, kind, asset_id as "assetId", at from event
    where brand_id = ${scope.brandId} and (xid, seq) > (${xid}::xid8, ${seq}::bigint)
      and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid, seq limit ${EVENTS_PAGE}`.execute(tx);
  return rows;
}

/** Where a listener that has seen nothing begins: now. */
export async function newestCursor(tx: BrandTx): Promise<string> {
  const { rows } = await sql<{ cursor: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text || '-0' as cursor`.execute(tx);
  return rows[0]?.cursor ?? '0-0';
}

export async function deleteOldEvents(scope: BrandScope, tx: BrandTx): Promise<void> {
  await sql`
    delete from event where brand_id = ${scope.brandId} and at < now() - interval '1 day'`.execute(tx);
}
