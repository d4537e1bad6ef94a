import { Failure } from '../domain/failures.ts';

/** In line at once over all brands, and of one brand, so that one cannot keep the others out. */
const LINE_MAX = 64;
const LINE_BRAND_MAX = 48;
/** Milliseconds for which a refusal stands, so that a file that cannot be drawn is not tried with every request. */
const REFUSED_MS = 60_000;
const REFUSED_MAX = 1000;

/**
 * Work that many may ask for at once: each result is made once while all its askers wait, a few at a time, brands in
 * turn. When the line is full the next asker is sent away, which costs less than letting everybody wait for ever.
 */
export class WorkLine {
  readonly #parallel: number;
  readonly #running = new Map<string, Promise<void>>();
  readonly #refused = new Map<string, { failure: Failure; until: number }>();
  /** Who waits, brand by brand; the brand whose turn is next stands first. */
  readonly #lines = new Map<string, (() => void)[]>();
  #busy = 0;
  #waiting = 0;

  constructor(parallel: number) {
    this.#parallel = parallel;
  }

  /** Settles when the work for the key is done; rejects with `too_busy` when the line is full. */
  join(brandId: string, key: string, work: () => Promise<void>): Promise<void> {
    const under = `${brandId}/${key}`;
    const refused = this.#refused.get(under);
    if (refused !== undefined && refused.until > Date.now()) return Promise.reject(refused.failure);
    const known = this.#running.get(under);
    if (known !== undefined) return known;
    const line = this.#lines.get(brandId) ?? [];
    const isFree = this.#busy < this.#parallel;
    if (!isFree && (this.#waiting >= LINE_MAX || line.length >= LINE_BRAND_MAX)) {
      return Promise.reject(new Failure('too_busy'));
    }
    const done = this.#run(brandId, work)
      .catch((error: unknown) => {
        if (error instanceof Failure && error.code === 'no_picture') this.#refuse(under, error);
        throw error;
      })
      .finally(() => this.#running.delete(under));
    this.#running.set(under, done);
    return done;
  }

  async #run(brandId: string, work: () => Promise<void>): Promise<void> {
    if (this.#busy >= this.#parallel) await this.#wait(brandId);
    else this.#busy += 1;
    try {
      await work();
    } finally {
      // A place is handed on, never free in between.
      if (!this.#callNext()) this.#busy -= 1;
    }
  }

  #wait(brandId: string): Promise<void> {
    return new Promise((resolve) => {
      const line = this.#lines.get(brandId) ?? [];
      line.push(resolve);
      this.#lines.set(brandId, line);
      this.#waiting += 1;
    });
  }

  #callNext(): boolean {
    const [next] = this.#lines;
    if (next === undefined) return false;
    const [brandId, line] = next;
    const call = line.shift();
    this.#lines.delete(brandId);
    if (line.length > 0) this.#lines.set(brandId, line);
    if (call === undefined) return false;
    this.#waiting -= 1;
    call();
    return true;
  }

  #refuse(key: string, failure: Failure): void {
    const [oldest] = this.#refused.keys();
    if (this.#refused.size >= REFUSED_MAX && oldest !== undefined) this.#refused.delete(oldest);
    this.#refused.set(key, { failure, until: Date.now() + REFUSED_MS });
  }
}
