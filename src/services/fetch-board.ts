import type { Output } from '../contract/operations.ts';
import { Failure } from '../domain/failures.ts';

type UploadResult = Output<'uploads.put'>;

/** Fetches at once; more wait in line. Each holds a connection and a file, not a worker's place. */
const AT_ONCE = 4;
/** Of these for one brand, so that slow addresses of one never keep the others out. */
const AT_ONCE_BRAND = 2;
/** More than this in line is somebody's mistake. */
const IN_LINE_MAX = 1000;
const IN_LINE_BRAND_MAX = 500;
/** Milliseconds for which an outcome that nobody has heard yet is kept. */
const KEEP_MS = 10 * 60_000;

/** One fetch under way, or its outcome. */
export interface Fetching {
  state: 'waiting' | 'running';
  receivedBytes: number;
  totalBytes: number | null;
  readonly outcome: Promise<UploadResult>;
}

interface Entry {
  readonly brandId: string;
  readonly fetching: Fetching;
  readonly controller: AbortController;
}

interface Waiting {
  readonly brandId: string;
  readonly call: () => void;
}

type Work = (fetching: Fetching, signal: AbortSignal) => Promise<UploadResult>;

/**
 * What is being fetched, by who wants what. A request that asks for the same thing again joins: so an asker may leave
 * after seconds and come back, and a proxy's timeout ends nothing. It forgets with the process; then the next request
 * begins anew, and bytes that were kept already are recognised by their digest.
 */
export class FetchBoard {
  readonly #entries = new Map<string, Entry>();
  /** In the order of their coming. */
  readonly #line = new Set<Waiting>();
  /** Places held, by brand. */
  readonly #held = new Map<string, number>();
  #busy = 0;

  /** Answers null when too many wait already. */
  join(brandId: string, key: string, work: Work): Fetching | null {
    const known = this.#entries.get(key);
    if (known !== undefined) return known.fetching;
    const ours = [...this.#entries.values()].filter((entry) => entry.brandId === brandId).length;
    if (this.#entries.size >= IN_LINE_MAX || ours >= IN_LINE_BRAND_MAX) return null;
    const controller = new AbortController();
    let settle: (value: Promise<UploadResult>) => void = () => undefined;
    const fetching: Fetching = {
      state: 'waiting',
      receivedBytes: 0,
      totalBytes: null,
      outcome: new Promise((resolve) => (settle = resolve)),
    };
    const entry = { brandId, fetching, controller };
    this.#entries.set(key, entry);
    settle(this.#run(entry, work));
    // Heard by whoever asks next; until then nobody may be listening.
    fetching.outcome
      .catch(() => undefined)
      .finally(() => setTimeout(() => this.heard(key, fetching), KEEP_MS).unref());
    return fetching;
  }

  /** Called when somebody has heard the outcome: the same request is then a new wish, and one made since stays. */
  heard(key: string, fetching: Fetching): void {
    if (this.#entries.get(key)?.fetching === fetching) this.#entries.delete(key);
  }

  /** Gives one up; its asker hears nothing more of it. */
  stop(key: string): void {
    this.#entries.get(key)?.controller.abort();
    this.#entries.delete(key);
  }

  /** Ends all of them and waits until their temporary files are gone. */
  async close(): Promise<void> {
    const open = [...this.#entries.values()];
    for (const { controller } of open) controller.abort();
    await Promise.allSettled(open.map(({ fetching }) => fetching.outcome));
  }

  /** How many are in line. */
  get waiting(): number {
    return this.#line.size;
  }

  async #run({ brandId, fetching, controller }: Entry, work: Work): Promise<UploadResult> {
    const { signal } = controller;
    await this.#place(brandId, signal);
    try {
      if (signal.aborted) throw stopped();
      fetching.state = 'running';
      return await work(fetching, signal);
    } finally {
      this.#busy -= 1;
      const held = this.#heldBy(brandId) - 1;
      if (held === 0) this.#held.delete(brandId);
      else this.#held.set(brandId, held);
      this.#callNext();
    }
  }

  /** Settles when a place is held; whoever is stopped before leaves the line. */
  #place(brandId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.delete(waiting);
        reject(stopped());
      };
      const call = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiting: Waiting = { brandId, call };
      signal.addEventListener('abort', leave, { once: true });
      this.#line.add(waiting);
      this.#callNext();
    });
  }

  /** A free place goes to the brand that holds the fewest, and there to whoever has waited longest. */
  #callNext(): void {
    if (this.#busy >= AT_ONCE) return;
    let next: Waiting | undefined;
    for (const waiting of this.#line) {
      const least = next === undefined ? AT_ONCE_BRAND : this.#heldBy(next.brandId);
      if (this.#heldBy(waiting.brandId) < least) next = waiting;
    }
    if (next === undefined) return;
    this.#line.delete(next);
    this.#busy += 1;
    this.#held.set(next.brandId, this.#heldBy(next.brandId) + 1);
    next.call();
  }

  #heldBy(brandId: string): number {
    return this.#held.get(brandId) ?? 0;
  }
}

function stopped(): Failure {
  return new Failure('fetch_failed', { message: 'The fetch was stopped.' });
}
