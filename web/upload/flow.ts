import type { BacklotError } from '../../client/index.ts';
import type { Transfer, TransferEvents } from '../../client/upload.ts';
import type { FlowDeps, FlowEvents } from './flow-deps.ts';
import { Lanes } from './lanes.ts';
import { UNREADABLE, canRead, hindranceOf, isRefusal, problemOf } from './problems.ts';
import { canStart } from './rows.ts';
import type { CheckedFile, RowState, Step, UploadRow } from './rows.ts';
import { breathe, createPace } from './slices.ts';

export const TRANSFERS_AT_ONCE = 4;
/** Above this size (bytes) hashing and sending run at once; a match stops the sending. */
export const HASH_WHILE_SENDING = 1024 ** 3;
const ASK_AT_MOST = 1000;
/** Comparing waits for this many hashes, or until no hash is under way: ten thousand small files are few questions. */
const COMPARE_BATCH = 50;
/** Connections that one row may lose in a row before it is set aside: others may do better. */
const LOSSES_MAX = 3;

/** Leads rows through their steps: welcome, hash, compare, send. Knows no list, no disk and no screen. */
export class UploadFlow {
  readonly #deps: FlowDeps;
  readonly #events: FlowEvents;
  readonly #lanes = new Lanes();
  /** What a row is doing now. An answer whose token is no longer here comes too late and is ignored. */
  readonly #doing = new Map<UploadRow, AbortController>();
  readonly #transfers = new Map<UploadRow, Transfer>();
  readonly #losses = new Map<UploadRow, number>();
  #halted = false;
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
    this.#lanes.add(row);
    this.#pumpSoon();
  }

  /** Stops everything where it is; rows under way go back to the head of the line. */
  halt(): void {
    if (this.#halted) return;
    this.#halted = true;
    const rows = [...this.#doing.keys()];
    for (const row of rows) {
      this.pause(row);
      this.#events.set(row, 'queued');
    }
    this.#lanes.toFront(rows);
  }

  go(): void {
    if (!this.#halted) return;
    this.#halted = false;
    this.#pumpSoon();
  }

  #pumpSoon(): void {
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
    this.#losses.delete(row);
    if (transfer !== undefined) transfer.abort();
    // Rows of an earlier visit, failed ones and those in line have no transfer, but may hold room on the server.
    else if (row.address !== null) this.#deps.giveUp(row.address);
    row.address = null;
  }

  #leave(row: UploadRow): void {
    this.#lanes.leave(row);
    this.#doing.get(row)?.abort();
    this.#doing.delete(row);
  }

  #pump(): void {
    this.#pumping = false;
    if (this.#halted) return;
    this.#ask();
    for (const row of this.#lanes.of('hash')) {
      if (this.#hashing >= this.#deps.hashersAtOnce) break;
      this.#lanes.leave(row);
      void this.#hash(row);
    }
    for (const row of this.#lanes.of('send')) {
      if (this.#sending >= TRANSFERS_AT_ONCE) break;
      this.#lanes.leave(row);
      this.#send(row);
    }
  }

  /** Asks about the next batch; questions go one at a time, so that a slow server is not flooded. */
  #ask(): void {
    if (this.#asking) return;
    const waiting = (step: Step) => this.#lanes.of(step).size;
    const idle = this.#hashing === 0 && waiting('hash') === 0;
    const compares =
      waiting('compare') >= COMPARE_BATCH || (waiting('welcome') === 0 && (idle || this.#sending === 0));
    const batch = this.#lanes.takeBatch(compares ? 'compare' : 'welcome', ASK_AT_MOST);
    if (batch.length === 0) return;
    this.#asking = true;
    void this.#check(batch, compares).finally(() => {
      this.#asking = false;
      this.#pump();
    });
  }

  async #check(batch: readonly UploadRow[], hashed: boolean): Promise<void> {
    const tokens = batch.map((row) => this.#begin(row, hashed ? 'checking' : 'queued'));
    const mustBreathe = createPace();
    const each = async (settle: (row: UploadRow, n: number) => void) => {
      for (const [n, row] of batch.entries()) {
        const token = tokens[n];
        if (token !== undefined && this.#end(row, token)) settle(row, n);
        if (mustBreathe()) await breathe();
      }
    };
    try {
      const answers = await this.#deps.check(batch[0]?.brand ?? '', batch);
      await each((row, n) => {
        const answer = answers[n];
        if (answer !== undefined) this.#judge(row, answer, hashed);
      });
    } catch (error) {
      const back: UploadRow[] = [];
      await each((row) => {
        if (hindranceOf(error) === null) return this.#events.stopped(row, 'failed', problemOf(error));
        back.push(row);
        this.#events.set(row, 'queued');
      });
      this.#lanes.toFront(back);
      const why = hindranceOf(error);
      if (why !== null) this.#events.hindered(why);
    }
  }

  #judge(row: UploadRow, answer: CheckedFile, hashed: boolean): void {
    row.guess = answer.guess ?? row.guess;
    if (answer.refusal !== null) return this.#events.stopped(row, 'refused', answer.refusal);
    if (answer.known !== null && row.fields.onDuplicate === undefined) {
      return row.begun ? this.#events.arrived(row, answer.known) : this.#events.held(row, answer.known);
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
    if (!canStart(row)) return;
    const token = this.#begin(row, 'uploading');
    const wasBegun = row.begun;
    row.begun = true;
    if (!wasBegun) this.#events.learnt(row);
    this.#sending += 1;
    token.signal.addEventListener('abort', () => this.#free());
    const over = (settle: () => void) => {
      if (!this.#end(row, token)) return;
      this.#transfers.delete(row);
      settle();
      this.#free();
    };
    const isMine = () => this.#doing.get(row) === token;
    const events: TransferEvents = {
      onProgress: (sent) => {
        if (!isMine()) return;
        if (sent > row.sent) this.#losses.delete(row);
        this.#events.progress(row, sent);
      },
      onSize: (bytes) => isMine() && this.#events.size(row, bytes),
      onAddress: (address) => {
        row.address = address;
        this.#events.learnt(row);
      },
      onDone: ({ asset, reused, name }) =>
        over(() => {
          // Nothing is left there to go on with or to give up.
          row.address = null;
          this.#losses.delete(row);
          const there = { id: asset, name: name ?? row.fields.title ?? row.name };
          // What an earlier attempt brought without an answer is no duplicate.
          const isHeld = reused && !wasBegun && row.fields.onDuplicate === undefined;
          if (isHeld) this.#events.held(row, there);
          else this.#events.arrived(row, there);
        }),
      onError: (error) => over(() => void this.#lose(row, error)),
    };
    const transfer = this.#deps.open(row, events);
    this.#transfers.set(row, transfer);
    transfer.start();
    if (row.file !== null && row.size > HASH_WHILE_SENDING && row.sha256 === null)
      void this.#hashBeside(row, row.file, token);
  }

  /** Tells what ended a transfer: the row itself, its file, or something that ends them all. */
  async #lose(row: UploadRow, error: BacklotError): Promise<void> {
    const why = hindranceOf(error);
    if (why === null)
      return this.#events.stopped(row, isRefusal(error) ? 'refused' : 'failed', problemOf(error));
    const token = this.#begin(row, 'queued');
    // To the browser a file that was changed or moved away is a broken connection, too.
    const isReadable = row.file === null || (await canRead(row.file));
    if (!this.#end(row, token)) return;
    if (!isReadable) return this.#events.stopped(row, 'failed', UNREADABLE);
    const losses = (this.#losses.get(row) ?? 0) + 1;
    this.#losses.set(row, losses);
    if (why === 'offline' && losses >= LOSSES_MAX) {
      this.#losses.delete(row);
      return this.#events.stopped(row, 'failed', problemOf(error));
    }
    this.#lanes.toFront([row]);
    this.#events.hindered(why);
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
