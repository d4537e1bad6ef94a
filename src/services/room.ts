import {
  getBrandUsage,
  getWorkspaceUsage,
  isOverfull,
  prolong,
  release,
  releaseExpired,
  requireRoom,
  reserve,
} from '../database/quota.ts';
import { getRoom, getWorkspace } from '../database/workspace.ts';
import type { BrandTx } from '../database/database.ts';
import type { BrandScope } from '../domain/access.ts';
import { newToken } from '../domain/ids.ts';
import { grantQuota, needsNoReservation, overQuota } from '../domain/quota.ts';
import type { Plan, QuotaGrant, Usage } from '../domain/quota.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database' | 'log'>;

/** Seconds a reservation outlives its holder; while bytes arrive it is prolonged, so a killed upload frees it soon. */
const HOLD_SECONDS = 300;
const PROLONG_MS = 60_000;

export interface Room {
  readonly grant: QuotaGrant;
  readonly plan: Plan;
  /** Makes sure that this many bytes are covered; a body of unknown length grows its room step by step. */
  cover(size: number): Promise<void> | void;
  /** The transaction that counted the real bytes has given the room back. */
  settled(): void;
  /** Gives the room back unless it was settled. */
  release(): Promise<void>;
}

/** Reserves before any byte is kept; what does not fit is refused with what is missing and what would free it. */
export async function holdRoom(deps: Db, scope: BrandScope, bytes: number): Promise<Room> {
  const id = newToken();
  const plan = await take(deps, scope, { id, bytes, seconds: HOLD_SECONDS });
  let covered = bytes;
  let prolonged = Date.now();
  let isSettled = false;
  return {
    grant: grantQuota(id, bytes),
    plan,
    async cover(size) {
      if (size > covered) {
        const step = Math.max(bytes, size - covered);
        await take(deps, scope, { id, bytes: step, seconds: HOLD_SECONDS });
        covered += step;
      } else if (Date.now() - prolonged > PROLONG_MS) {
        prolonged = Date.now();
        await deps.database.inBrand(scope, (tx) => prolong(scope, tx, { id, seconds: HOLD_SECONDS }), {
          relaxed: true,
        });
      }
    },
    settled() {
      isSettled = true;
    },
    async release() {
      if (isSettled) return;
      await deps.database
        .inBrand(scope, (tx) => release(scope, tx, id), { relaxed: true })
        .catch((error: unknown) => deps.log.warn('A reservation waits for its expiry', { error }));
    },
  };
}

/**
 * Room for a small file of a known length while plenty is free, without a reservation: two transactions for a file that
 * is there within milliseconds are one too many. `settleRoom` makes sure that it fits, on the locked counters.
 */
export async function glanceAtRoom(deps: Db, bytes: number): Promise<Room | null> {
  const { plan, ...usage } = await getRoom(deps.database.workspace);
  if (!needsNoReservation(usage, plan.quotaBytes, bytes)) return null;
  return {
    grant: grantQuota(null, bytes),
    plan,
    cover: () => undefined,
    settled: () => undefined,
    release: () => Promise.resolve(),
  };
}

/**
 * Belongs after the rows that count the bytes, in their transaction: gives the reservation back, or has the counters,
 * which those rows have locked, checked for bytes that came without one.
 */
export async function settleRoom(
  scope: BrandScope,
  tx: BrandTx,
  { grant }: Pick<Room, 'grant'>,
): Promise<void> {
  if (grant.reservationId === null) await requireRoom(tx);
  else await release(scope, tx, grant.reservationId);
}

/** What to tell somebody whose bytes did not fit in the end; any other error is told as it is. */
export async function refusalOf(
  deps: Pick<Deps, 'database'>,
  scope: BrandScope,
  { error, room }: { error: unknown; room: Room },
): Promise<unknown> {
  if (!isOverfull(error)) return error;
  const usage = await usageOf(deps, scope);
  return overQuota({ ...room.plan, quotaBytes: usage.quotaBytes }, usage, room.grant.bytes);
}

function usageOf(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
): Promise<Usage & { quotaBytes: number }> {
  return database.inBrand(scope, async (tx) => {
    const { trashBytes } = await getBrandUsage(scope, tx);
    return { ...(await getWorkspaceUsage(tx)), trashBytes };
  });
}

/** A lost reservation harms nobody (its upload is lost with it), so its commit need not wait for the disk. */
export async function take(
  deps: Pick<Deps, 'database'>,
  scope: BrandScope,
  room: { id: string; bytes: number; seconds: number },
): Promise<Plan> {
  const { database } = deps;
  const attempt = () =>
    database.inBrand(
      scope,
      async (tx) => {
        const [workspace, fits] = await Promise.all([getWorkspace(tx), reserve(scope, tx, room)]);
        return { plan: workspace.plan, fits };
      },
      { relaxed: true },
    );
  const first = await attempt();
  if (first.fits) return first.plan;
  await database.inBrand(scope, (tx) => releaseExpired(scope, tx));
  const second = await attempt();
  if (second.fits) return second.plan;
  throw overQuota(second.plan, await usageOf(deps, scope), room.bytes);
}
