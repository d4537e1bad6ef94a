import type { UploadFields } from '../../client/index.ts';
import { UploadFlow } from './flow.ts';
import type { FlowDeps } from './flow-deps.ts';
import { Keeper } from './keeper.ts';
import type { SavedChunk } from './keeper.ts';
import { createMeter } from './meter.ts';
import type { QueueView, StandStill } from './queue-view.ts';
import { byCollection, canStart, hasSetOut, isMoving, joinOf, matchKey } from './rows.ts';
import { newAddressRow, newRow, oldRow } from './rows.ts';
import type { Picked, Problem, RowState, SavedRow, UploadRow } from './rows.ts';
import { inSlices } from './slices.ts';
import { Tally, activeCount } from './tally.ts';

const PAINT_EVERY_MS = 100;
/** Records of 200 rows written at once: some milliseconds, so that no frame is missed. */
const WRITE_AT_MOST = 4;

export interface QueueDeps extends FlowDeps {
  readonly save: (chunks: readonly SavedChunk[]) => void;
  readonly forget: (chunkIds: readonly string[]) => void;
  /** Tells finished rows' assets what was said about them too late to travel with the bytes. */
  readonly amend: (rows: readonly UploadRow[], fields: UploadFields) => void;
  /** Called with the brands whose uploads arrived since the last paint. */
  readonly arrived: (brand: string) => void;
  /** The list stands still for this reason from now on, until `lift`. */
  readonly stoodStill: (why: StandStill) => void;
  /** Names this page among the tabs of one browser. */
  readonly tab: string;
}

export type DuplicateChoice = 'reuse' | 'version' | 'keep';

/** The list of files on their way. No React: a page of a hundred thousand rows is painted by one ticker, ten times a second. */
export class UploadQueue {
  readonly #deps: QueueDeps;
  readonly #flow: UploadFlow;
  readonly #rows = new Map<string, UploadRow>();
  /** Rows of an earlier visit that wait for their file, by `matchKey`. */
  readonly #orphans = new Map<string, UploadRow>();
  readonly #listeners = new Set<() => void>();
  readonly #tally = new Tally();
  readonly #keeper = new Keeper();
  readonly #arrivals = new Set<string>();
  /** Files that the library held already, on their way into the collections that they were sent to. */
  #joining: UploadRow[] = [];
  readonly #standStill = new Set<StandStill>();
  readonly #meter = createMeter();
  #view: QueueView;
  #next = 0;
  #changed = false;
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
    this.#view = this.#look(0, 0);
    this.#flow = new UploadFlow(deps, {
      set: (row, state) => this.#change(row, () => (row.state = state)),
      progress: (row, sent) => this.#change(row, () => (row.sent = sent)),
      size: (row, bytes) => this.#change(row, () => (row.size = bytes)),
      learnt: (row) => this.#keep(row),
      stopped: (row, state, problem) => this.#stopped(row, state, problem),
      held: (row, asset) =>
        this.#change(row, () => Object.assign(row, { asset, sent: 0, state: 'duplicate' })),
      arrived: (row, asset) => this.#finish(row, asset),
      hindered: (why) => this.halt(why),
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until something is painted; the rows inside change in place. */
  view = (): QueueView => this.#view;

  /** Queues files; those of an earlier visit go on where they stopped. */
  add(brand: string, picked: readonly Picked[], fields: UploadFields = {}): void {
    for (const one of picked) {
      const { file, path } = one;
      const { size, lastModified: modified } = file;
      const orphan = this.#orphans.get(matchKey({ brand, path, size, modified }));
      if (orphan !== undefined) this.attach(orphan.id, file);
      else this.#enlist(newRow(this.#id(), { brand, tab: this.#deps.tab, picked: one, fields }));
    }
  }

  /** Queues addresses, which the server fetches. */
  addAddresses(brand: string, addresses: readonly string[], fields: UploadFields = {}): void {
    for (const url of addresses) {
      this.#enlist(newAddressRow(this.#id(), { brand, tab: this.#deps.tab, url, fields }));
    }
  }

  /** Lists rows of an earlier visit; they wait, paused, for their files. Those that arrived after all are let go. */
  async adopt(saved: readonly SavedRow[], arrived: ReadonlySet<string> = new Set()): Promise<void> {
    await inSlices(saved, (old) => {
      if (this.#rows.has(old.id)) return;
      const row = oldRow(old, this.#deps.tab);
      if (arrived.has(row.id)) return this.#letGo(row);
      this.#rows.set(row.id, row);
      this.#tally.add(row);
      this.#keep(row);
      if (row.url === null) this.#orphans.set(matchKey(row), row);
      else if (!row.held) this.resume(row.id);
    });
  }

  /** Hands a file to a row that waits for it, and lets the row go on unless the person paused it. */
  attach(id: string, file: File): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.file !== null) return;
    this.#orphans.delete(matchKey(row));
    this.#change(row, () => (row.file = file));
    if (!row.held) this.resume(id);
  }

  /** Says more about files: with the bytes where they have not set out yet, otherwise to the asset that they become. */
  async describe(ids: Iterable<string>, fields: UploadFields): Promise<void> {
    const there: UploadRow[] = [];
    await inSlices(ids, (id) => {
      const row = this.#rows.get(id);
      if (row === undefined) return;
      row.fields = { ...row.fields, ...fields };
      if (row.state === 'done') there.push(row);
      else if (hasSetOut(row)) row.late = { ...row.late, ...fields };
      if (row.state !== 'done') this.#keep(row);
      this.#touch();
    });
    if (there.length > 0) this.#deps.amend(there, fields);
  }

  pause(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || !isMoving(row.state)) return;
    this.#flow.pause(row);
    this.#change(row, () => Object.assign(row, { state: 'paused', held: true }));
    this.#keep(row);
  }

  resume(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || !canStart(row) || row.state !== 'paused') return;
    this.#flow.enter(row, row.step);
    this.#change(row, () => Object.assign(row, { state: 'queued', held: false }));
    this.#keep(row);
  }

  /** Tries a failed or refused row again; a refused one asks for admission anew. */
  retry(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || !canStart(row) || row.problem === null) return;
    this.#flow.enter(row, row.state === 'refused' && row.url === null ? 'welcome' : row.step);
    this.#change(row, () => Object.assign(row, { state: 'queued', problem: null }));
  }

  /** Answers a duplicate: use the asset that is there, add a version to it, or keep both. */
  decide(id: string, choice: DuplicateChoice): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.state !== 'duplicate' || row.asset === null) return;
    // An unfinished upload made with other fields is of no use to any choice.
    this.#flow.drop(row);
    if (choice === 'reuse') {
      if (row.fields.collection !== undefined) this.#joining.push(row);
      return this.#finish(row, row.asset);
    }
    row.fields = { ...row.fields, onDuplicate: choice };
    this.#keep(row);
    this.#flow.enter(row, 'send');
    this.#change(row, () => Object.assign(row, { state: 'queued', sent: 0 }));
  }

  /** Takes a row off the list; what it has sent so far is given up. */
  remove(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#flow.drop(row);
    this.#orphans.delete(matchKey(row));
    this.#keeper.drop(row);
    this.#tally.remove(row);
    this.#rows.delete(id);
    this.#touch();
  }

  /** Nothing moves until every reason is lifted; rows keep their places. */
  halt(why: StandStill): void {
    if (this.#standStill.has(why)) return;
    this.#standStill.add(why);
    this.#flow.halt();
    this.#deps.stoodStill(why);
    this.#touch();
  }

  lift(why: StandStill): void {
    if (!this.#standStill.delete(why)) return;
    if (this.#standStill.size === 0) this.#flow.go();
    this.#touch();
  }

  /** Lets everything go on that can, rows that were paused one by one too. */
  async resumeAll(): Promise<void> {
    this.lift('you');
    await inSlices(this.#tally.in('paused'), ({ id }) => this.resume(id));
  }

  /** Refused rows stay as they are: the same request would be refused again. */
  retryFailed(): Promise<void> {
    return inSlices(this.#tally.in('failed'), ({ id }) => this.retry(id));
  }

  decideAll(choice: DuplicateChoice): Promise<void> {
    return inSlices(this.#tally.in('duplicate'), ({ id }) => this.decide(id, choice));
  }

  clear(states: readonly RowState[]): Promise<void> {
    const wanted = new Set(states);
    return inSlices([...this.#rows.values()], ({ id, state }) =>
      wanted.has(state) ? this.remove(id) : undefined,
    );
  }

  #id(): string {
    this.#next += 1;
    return `${this.#deps.tab}-${this.#next - 1}`;
  }

  #enlist(row: UploadRow): void {
    this.#rows.set(row.id, row);
    this.#tally.add(row);
    this.#flow.enter(row, row.step);
    this.#keep(row);
  }

  #change(row: UploadRow, mutate: () => void): void {
    this.#tally.change(row, mutate);
    this.#touch();
  }

  #keep(row: UploadRow): void {
    this.#keeper.touch(row);
    this.#touch();
  }

  /** Takes a row out of the browser's storage, where an earlier visit left it. */
  #letGo(row: UploadRow): void {
    this.#keep(row);
    this.#keeper.drop(row);
  }

  #stopped(row: UploadRow, state: 'failed' | 'refused', problem: Problem): void {
    this.#change(row, () => Object.assign(row, { state, problem }));
  }

  #finish(row: UploadRow, asset: { readonly id: string; readonly name: string }): void {
    this.#change(row, () => Object.assign(row, { asset, file: null, sent: row.size, state: 'done' }));
    this.#keeper.drop(row);
    this.#arrivals.add(row.brand);
    if (row.late !== null) this.#deps.amend([row], row.late);
    row.late = null;
  }

  #touch(): void {
    this.#changed = true;
    this.#ticker ??= setInterval(() => this.#tick(), PAINT_EVERY_MS);
  }

  #look(version: number, speed: number): QueueView {
    return { version, rows: this.#rows, tally: this.#tally, speed, standStill: this.#standStill };
  }

  #tick(): void {
    const isActive = activeCount(this.#tally) > 0 && this.#standStill.size === 0;
    if (!isActive) this.#meter.reset();
    const speed = this.#tally.counts.uploading > 0 ? this.#meter.read(this.#tally.sent, Date.now()) : 0;
    if (this.#changed || speed !== this.#view.speed) {
      this.#changed = false;
      this.#view = this.#look(this.#view.version + 1, speed);
      for (const listener of this.#listeners) listener();
      for (const rows of byCollection(this.#joining)) this.#deps.amend(rows, joinOf(rows));
      this.#joining = [];
      for (const brand of this.#arrivals) this.#deps.arrived(brand);
      this.#arrivals.clear();
    }
    this.#write(WRITE_AT_MOST);
    if (isActive || this.#changed || !this.#keeper.isIdle) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  /** Writes everything at once: the page is about to go, and what has arrived must not be asked for again. */
  flush(): void {
    this.#write(Infinity);
  }

  #write(atMost: number): void {
    const { save, forget } = this.#keeper.take(atMost);
    if (save.length > 0) this.#deps.save(save);
    if (forget.length > 0) this.#deps.forget(forget);
  }
}
