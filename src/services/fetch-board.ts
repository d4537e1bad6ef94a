import type { Output } from '../contract/operations.ts';

type UploadResult = Output<'uploads.put'>;

/** Fetches at once; more wait in line. Each holds a connection and a file, not a worker's place. */
const AT_ONCE = 4;
/** More than this in line is somebody's mistake. */
const IN_LINE_MAX = 1000;
/** Milliseconds for which an outcome that nobody has heard yet is kept. */
const KEEP_MS = 10 * 60_000;

/** One fetch under way, or its outcome. */
export interface Fetching {
  state: 'waiting' | 'running';
  receivedBytes: number;
  totalBytes: number | null;
  readonly outcome: Promise<UploadResult>;
}

type Work = (fetching: Fetching, signal: AbortSignal) => Promise<UploadResult>;

/**
 * What is being fetched, by who wants what. A request that asks for the same thing again joins: so an asker may leave
 * after seconds and come back, and a proxy's timeout ends nothing. It forgets with the process; then the next request
 * begins anew, and bytes that were kept already are recognised by their digest.
 */
export class FetchBoard {
  readonly #entries = new Map<string, { fetching: Fetching; controller: AbortController }>();
  readonly #line: (() => void)[] = [];
  #running = 0;

  /** Answers null when too many wait already. */
  join(key: string, work: Work): Fetching | null {
    const known = this.#entries.get(key);
    if (known !== undefined) return known.fetching;
    if (this.#entries.size >= IN_LINE_MAX) return null;
    const controller = new AbortController();
    let settle: (value: Promise<UploadResult>) => void = () => undefined;
    const fetching: Fetching = {
      state: 'waiting',
      receivedBytes: 0,
      totalBytes: null,
      outcome: new Promise((resolve) => (settle = resolve)),
    };
    this.#entries.set(key, { fetching, controller });
    settle(this.#run(fetching, controller.signal, work));
    // Heard by whoever asks next; until then nobody may be listening.
    fetching.outcome
      .catch(() => undefined)
      .finally(() => setTimeout(() => this.#forget(key, fetching), KEEP_MS).unref());
    return fetching;
  }

  /** Called when somebody has heard the outcome: the same request is then a new wish. */
  heard(key: string): void {
    this.#entries.delete(key);
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

  async #run(fetching: Fetching, signal: AbortSignal, work: Work): Promise<UploadResult> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#line.push(resolve));
    this.#running += 1;
    try {
      signal.throwIfAborted();
      fetching.state = 'running';
      return await work(fetching, signal);
    } finally {
      this.#running -= 1;
      this.#line.shift()?.();
    }
  }

  #forget(key: string, fetching: Fetching): void {
    if (this.#entries.get(key)?.fetching === fetching) this.#entries.delete(key);
  }
}
