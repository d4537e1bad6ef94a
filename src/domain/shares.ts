/** How often a password may be tried on one link in a window, and of those from one address, so that others get in. */
export const TRY_WINDOW_MS = 10 * 60_000;
export const TRIES_PER_LINK = 10;
export const TRIES_PER_ADDRESS = 6;

/** A typed password opens the link for so long. */
export const OPEN_SECONDS = 12 * 3600;

export type ShareState = 'open' | 'off' | 'expired' | 'hidden';

export interface ShareTerms {
  readonly revokedAt: Date | null;
  readonly expiresAt: Date | null;
  /** What it shows is there: not in the trash, not deleted. */
  readonly isThere: boolean;
}

export function shareState(terms: ShareTerms, now: Date): ShareState {
  if (terms.revokedAt !== null) return 'off';
  if (terms.expiresAt !== null && terms.expiresAt.getTime() <= now.getTime()) return 'expired';
  return terms.isThere ? 'open' : 'hidden';
}

const KEYS_MAX = 10_000;

/** Counts by key in windows; forgets the oldest once it knows too many keys, which only a flood of addresses reaches. */
export class Throttle {
  readonly #seen = new Map<string, { count: number; since: number }>();
  readonly #limit: number;
  readonly #window: number;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#window = windowMs;
  }

  /** Whether one more may pass now. */
  take(key: string, now: number): boolean {
    const entry = this.#seen.get(key);
    if (entry === undefined || now - entry.since >= this.#window) {
      this.#seen.delete(key);
      const [oldest] = this.#seen.keys();
      if (this.#seen.size >= KEYS_MAX && oldest !== undefined) this.#seen.delete(oldest);
      this.#seen.set(key, { count: 1, since: now });
      return true;
    }
    entry.count += 1;
    return entry.count <= this.#limit;
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
