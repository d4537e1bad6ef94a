import type { BacklotError } from '../../client/index.ts';
import type { Transfer, TransferEvents } from '../../client/upload.ts';
import { STEPS } from './rows.ts';
import type { Problem, RowState, Step, UploadRow } from './rows.ts';

export const TRANSFERS_AT_ONCE = 4;
/** Above this size (bytes) hashing and sending run at once; a match stops the sending. */
export const HASH_WHILE_SENDING = 1024 ** 3;
const ASK_AT_MOST = 1000;
/** Comparing waits for this many hashes, or until no hash is under way: ten thousand small files are few questions. */
const COMPARE_BATCH = 50;
const ASK_AGAIN_MS: readonly number[] = [1000, 3000, 8000];

export interface CheckedFile {
  readonly known: { readonly id: string; readonly name: string } | null;
  readonly refusal: Problem | null;
}

/** Everything that touches the network or a worker; tests hand in their own. */
export interface FlowDeps {
  /** Asks the server about files before their bytes travel; answers in order. */
  readonly check: (brand: string, rows: readonly UploadRow[]) => Promise<readonly CheckedFile[]>;
  /** Hex sha256, or null where the browser cannot hash. */
  readonly hash: (file: Blob, signal: AbortSignal) => Promise<string | null>;
  readonly open: (row: UploadRow, file: File, events: TransferEvents) => Transfer;
  /** Tells the server that an unfinished upload, named by its address, will not go on. */
  readonly giveUp: (address: string) => void;
  readonly hashersAtOnce: number;
}

/** What the flow tells the queue. */
export interface FlowEvents {
  readonly set: (row: UploadRow, state: RowState) => void;
  readonly progress: (row: UploadRow, sentBytes: number) => void;
  /** Something that outlives a reload has changed: the hash or the address. */
  readonly learnt: (row: UploadRow) => void;
  readonly stopped: (row: UploadRow, state: 'failed' | 'refused', problem: Problem) => void;
  readonly held: (row: UploadRow, asset: { readonly id: string; readonly name: string }) => void;
  readonly arrived: (row: UploadRow, asset: string) => void;
}

/** Leads rows through their steps: welcome, hash, compare, send. Knows no list, no disk and no screen. */
export class UploadFlow {
  readonly #deps: FlowDeps;
  readonly #events: FlowEvents;
  readonly #lanes: Readonly<Record<Step, Set<UploadRow>>> = {
    welcome: new Set(),
    hash: new Set(),
    compare: new Set(),
    send: new Set(),
  };
  /** What a row is doing now. An answer whose token is no longer here comes too late and is ignored. */
  readonly #doing = new Map<UploadRow, AbortController>();
  readonly #transfers = new Map<UploadRow, Transfer>();
  #hashing = 0;
  #sending = 0;
  #asking = false;
  #pumping = false;

  constructor(deps: FlowDeps, events: FlowEvents) {
    this.#deps = deps;
    this.#events = events;
  }

  /** Puts a row in line for a step. */
  enter(row: UploadRow, step: Step): void {
    row.step = step;
    this.#lanes[step].add(row);
    if (this.#pumping) return;
    this.#pumping = true;
    // One macrotask later, so that queueing many files is not slowed by the first of them starting.
    setTimeout(() => this.#pump(), 0);
  }

  /** Stops a row where it is; what the server has is kept and `enter` goes on from there. */
  pause(row: UploadRow): void {
    this.#leave(row);
    this.#transfers.get(row)?.pause();
  }

  /** Gives a row up, on the server too. */
  drop(row: UploadRow): void {
    this.#leave(row);
    const transfer = this.#transfers.get(row);
    this.#transfers.delete(row);
    if (transfer !== undefined) transfer.abort();
    // Rows of an earlier visit, failed ones and those in line have no transfer, but may hold room on the server.
    else if (row.address !== null) this.#deps.giveUp(row.address);
    row.address = null;
  }

  #leave(row: UploadRow): void {
    for (const step of STEPS) this.#lanes[step].delete(row);
    this.#doing.get(row)?.abort();
    this.#doing.delete(row);
  }

  #pump(): void {
    this.#pumping = false;
    this.#ask();
    for (const row of this.#lanes.hash) {
      if (this.#hashing >= this.#deps.hashersAtOnce) break;
      this.#lanes.hash.delete(row);
      void this.#hash(row);
    }
    for (const row of this.#lanes.send) {
      if (this.#sending >= TRANSFERS_AT_ONCE) break;
      this.#lanes.send.delete(row);
      this.#send(row);
    }
  }

  /** Asks about the next batch; questions go one at a time, so that a slow server is not flooded. */
  #ask(): void {
    if (this.#asking) return;
    const { welcome, compare } = this.#lanes;
    const idle = this.#hashing === 0 && this.#lanes.hash.size === 0;
    const lane =
      compare.size >= COMPARE_BATCH || (welcome.size === 0 && (idle || this.#sending === 0))
        ? compare
        : welcome;
    const batch = takeBatch(lane);
    if (batch.length === 0) return;
    this.#asking = true;
    void this.#check(batch, lane === compare).finally(() => {
      this.#asking = false;
      this.#pump();
    });
  }

  async #check(batch: readonly UploadRow[], hashed: boolean): Promise<void> {
    const tokens = batch.map((row) => this.#begin(row, hashed ? 'checking' : 'queued'));
    try {
      const answers = await this.#askAgain(batch);
      batch.forEach((row, n) => {
        const token = tokens[n];
        const answer = answers[n];
        if (token !== undefined && answer !== undefined && this.#end(row, token))
          this.#judge(row, answer, hashed);
      });
    } catch (error) {
      batch.forEach((row, n) => {
        const token = tokens[n];
        if (token !== undefined && this.#end(row, token))
          this.#events.stopped(row, 'failed', problemOf(error));
      });
    }
  }

  async #askAgain(batch: readonly UploadRow[]): Promise<readonly CheckedFile[]> {
    const brand = batch[0]?.brand ?? '';
    for (const wait of ASK_AGAIN_MS) {
      try {
        return await this.#deps.check(brand, batch);
      } catch (error) {
        if (problemOf(error).code !== 'offline') throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return this.#deps.check(brand, batch);
  }

  #judge(row: UploadRow, answer: CheckedFile, hashed: boolean): void {
    if (answer.refusal !== null) return this.#events.stopped(row, 'refused', answer.refusal);
    if (answer.known !== null && row.fields.onDuplicate === undefined) {
      return this.#events.held(row, answer.known);
    }
    const next = hashed || row.sha256 !== null || row.size > HASH_WHILE_SENDING ? 'send' : 'hash';
    this.enter(row, next);
    this.#events.set(row, 'queued');
  }

  async #hash(row: UploadRow): Promise<void> {
    if (row.file === null) return;
    const token = this.#begin(row, 'hashing');
    this.#hashing += 1;
    // A file that cannot be hashed here is hashed by the server as it arrives; the transfer reports unreadable ones.
    const sha256 = await this.#deps.hash(row.file, token.signal).catch(() => null);
    this.#hashing -= 1;
    if (this.#end(row, token)) {
      row.sha256 = sha256;
      this.#events.learnt(row);
      this.enter(row, sha256 === null ? 'send' : 'compare');
      this.#events.set(row, sha256 === null ? 'queued' : 'checking');
    }
    this.#pump();
  }

  #send(row: UploadRow): void {
    const { file } = row;
    if (file === null) return;
    const token = this.#begin(row, 'uploading');
    this.#sending += 1;
    token.signal.addEventListener('abort', () => this.#free());
    const over = (settle: () => void) => {
      if (!this.#end(row, token)) return;
      this.#transfers.delete(row);
      settle();
      this.#free();
    };
    const events: TransferEvents = {
      onProgress: (sent) => this.#doing.get(row) === token && this.#events.progress(row, sent),
      onAddress: (address) => {
        row.address = address;
        this.#events.learnt(row);
      },
      onDone: ({ asset, reused }) =>
        over(() => {
          // Nothing is left there to go on with or to give up.
          row.address = null;
          if (reused) this.#events.held(row, { id: asset, name: row.name });
          else this.#events.arrived(row, asset);
        }),
      onError: (error) =>
        over(() => this.#events.stopped(row, isRefusal(error) ? 'refused' : 'failed', problemOf(error))),
    };
    const transfer = this.#deps.open(row, file, events);
    this.#transfers.set(row, transfer);
    transfer.start();
    if (row.size > HASH_WHILE_SENDING && row.sha256 === null) void this.#hashBeside(row, file, token);
  }

  /** Hashes a large file while it travels, and calls the transfer off when the brand holds it already. */
  async #hashBeside(row: UploadRow, file: File, token: AbortController): Promise<void> {
    const sha256 = await this.#deps.hash(file, token.signal).catch(() => null);
    if (sha256 === null || this.#doing.get(row) !== token) return;
    row.sha256 = sha256;
    // Without an answer the bytes simply go on; the server recognises them at the end.
    const [answer] = await this.#deps.check(row.brand, [row]).catch(() => []);
    if (answer?.known == null || row.fields.onDuplicate !== undefined || this.#doing.get(row) !== token)
      return;
    this.drop(row);
    this.#events.held(row, answer.known);
  }

  #free(): void {
    this.#sending -= 1;
    this.#pump();
  }

  #begin(row: UploadRow, state: RowState): AbortController {
    const token = new AbortController();
    this.#doing.set(row, token);
    this.#events.set(row, state);
    return token;
  }

  #end(row: UploadRow, token: AbortController): boolean {
    return this.#doing.get(row) === token && this.#doing.delete(row);
  }
}

/** The rows at the head of a lane that belong to one brand; one question speaks about one brand. */
function takeBatch(lane: Set<UploadRow>): UploadRow[] {
  const batch: UploadRow[] = [];
  for (const row of lane) {
    if (batch.length === ASK_AT_MOST) break;
    if (batch[0] !== undefined && batch[0].brand !== row.brand) continue;
    batch.push(row);
    lane.delete(row);
  }
  return batch;
}

function isRefusal(error: BacklotError): boolean {
  return (error.status >= 400 && error.status < 500) || error.status === 507;
}

function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : null;
    return { code: error.code, message: error.message, remedy };
  }
  const message = error instanceof Error ? error.message : 'Something unexpected happened.';
  return { code: 'unexpected', message, remedy: 'Retry it.' };
}
