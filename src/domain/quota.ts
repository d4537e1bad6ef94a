import type { MediaType } from './asset-types.ts';
import { Failure } from './failures.ts';

/** What a workspace may store; bytes. */
export interface Plan {
  readonly quotaBytes: number;
  readonly capBytes: Readonly<Record<MediaType, number>>;
  readonly trashDays: number;
}

const MB = 1000 ** 2;
const GB = 1000 ** 3;

export const DEFAULT_PLAN: Plan = {
  quotaBytes: 100 * GB,
  capBytes: {
    image: 500 * MB,
    video: 50 * GB,
    audio: 5 * GB,
    document: GB,
    font: 100 * MB,
    model3d: 5 * GB,
    weights: 50 * GB,
    lut: 100 * MB,
    data: 5 * GB,
    other: 10 * GB,
  },
  trashDays: 20,
};

/** The bar warns from here on (L4). */
export const WARN_PERCENT = 80;
export const RED_PERCENT = 95;

export interface Usage {
  readonly usedBytes: number;
  readonly reservedBytes: number;
  readonly trashBytes: number;
}

const PROOF: unique symbol = Symbol('made by quota.ts');

/** Proof that there is room for the bytes; storing bytes demands one. */
export interface QuotaGrant {
  readonly [PROOF]: true;
  /** Null for a small file while plenty is free: the transaction that counts it makes sure that it fits. */
  readonly reservationId: string | null;
  readonly bytes: number;
}

export function grantQuota(reservationId: string | null, bytes: number): QuotaGrant {
  return Object.freeze({ [PROOF]: true as const, reservationId, bytes });
}

/** Files up to this size may come in without a reservation, … */
const SMALL_BYTES = 1 << 20;
/** … as long as this much is free: then a refusal at the end, after the bytes, is as good as impossible. */
const PLENTY_BYTES = 256 << 20;

/** Whether a file of a known length may be let in by a look at the counters instead of a reservation. */
export function needsNoReservation(
  usage: Omit<Usage, 'trashBytes'>,
  quotaBytes: number,
  bytes: number,
): boolean {
  return bytes <= SMALL_BYTES && usage.usedBytes + usage.reservedBytes + PLENTY_BYTES <= quotaBytes;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

export function requireUnderCap(plan: Plan, mediaType: MediaType, bytes: number): void {
  const cap = plan.capBytes[mediaType];
  if (bytes <= cap) return;
  throw new Failure('over_cap', {
    message: `This ${mediaType} file has more than the ${formatBytes(cap)} that one ${mediaType} file may have.`,
    details: { mediaType, capBytes: cap, sizeBytes: bytes, overBytes: bytes - cap },
  });
}

/** The refusal for bytes that do not fit, with what is missing and what would free it (L5). */
export function overQuota(plan: Plan, usage: Usage, bytes: number): Failure {
  const free = Math.max(0, plan.quotaBytes - usage.usedBytes - usage.reservedBytes);
  // A plan that was made smaller leaves more used than allowed; all of that has to go first.
  const missing = Math.max(0, usage.usedBytes + usage.reservedBytes + bytes - plan.quotaBytes);
  const byTrash =
    usage.trashBytes >= missing
      ? `Emptying the trash would free ${formatBytes(usage.trashBytes)}, which is enough.`
      : `Emptying the trash would free ${formatBytes(usage.trashBytes)}; the rest must come from other assets.`;
  return new Failure('over_quota', {
    message: `${formatBytes(bytes)} do not fit: ${formatBytes(free)} of ${formatBytes(plan.quotaBytes)} are free, ${formatBytes(missing)} are missing.`,
    remedy: byTrash,
    details: {
      limitBytes: plan.quotaBytes,
      usedBytes: usage.usedBytes,
      reservedBytes: usage.reservedBytes,
      neededBytes: bytes,
      missingBytes: missing,
      trashBytes: usage.trashBytes,
    },
  });
}
