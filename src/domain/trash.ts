const DAY_MS = 86_400_000;

/** Days that a trashed asset is kept when the plan says nothing else (L13). */
export const TRASH_DAYS = 20;

export function purgeDate(trashedAt: Date, days: number): Date {
  return new Date(trashedAt.getTime() + days * DAY_MS);
}

/** Whole days until the purge, at least 0; the last day counts as 1 until its end. */
export function daysLeft(trashedAt: Date, days: number, now: Date): number {
  return Math.max(0, Math.ceil((purgeDate(trashedAt, days).getTime() - now.getTime()) / DAY_MS));
}
