import type { UploadFields } from '../../client/index.ts';
import { UploadFlow } from './flow.ts';
import type { FlowDeps } from './flow.ts';
import { createMeter } from './meter.ts';
import { activeCount, hasSetOut, matchKey, newRow, savedPart, totalsOf } from './rows.ts';
import type { Picked, Problem, RowState, SavedRow, Totals, UploadRow } from './rows.ts';

const PAINT_EVERY_MS = 100;
/** Rows written at once: each costs the page some 50 microseconds, and a paint may wait for no more than a frame. */
const SAVE_AT_MOST = 200;

export interface QueueDeps extends FlowDeps {
  readonly save: (rows: readonly SavedRow[]) => void;
  readonly forget: (ids: readonly string[]) => void;
  /** Tells finished rows' assets what was said about them too late to travel with the bytes. */
  readonly amend: (rows: readonly UploadRow[], fields: UploadFields) => void;
  /** Called with the brands whose uploads arrived since the last paint. */
  readonly arrived: (brand: string) => void;
  /** Names this page among the tabs of one browser. */
  readonly tab: string;
}

export interface QueueView {
  readonly version: number;
  readonly rows: ReadonlyMap<string, UploadRow>;
  readonly totals: Totals;
  /** Bytes a second; 0 while nothing moves. */
  readonly speed: number;
}

export type DuplicateChoice = 'reuse' | 'version' | 'keep';

/** The list of files on their way. No React: a page of ten thousand rows is painted by one ticker, ten times a second. */
export class UploadQueue {
  readonly #deps: QueueDeps;
  readonly #flow: UploadFlow;
  readonly #rows = new Map<string, UploadRow>();
  /** Rows of an earlier visit that wait for their file, by `matchKey`. */
  readonly #orphans = new Map<string, UploadRow>();
  readonly #listeners = new Set<() => void>();
  readonly #unsaved = new Set<UploadRow>();
  readonly #forgotten = new Set<string>();
  readonly #arrivals = new Set<string>();
  readonly #meter = createMeter();
  #view: QueueView;
  #next = 0;
  #changed = false;
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
    this.#view = { version: 0, rows: this.#rows, totals: totalsOf([]), speed: 0 };
    this.#flow = new UploadFlow(deps, {
      set: (row, state) => this.#set(row, state),
      progress: (row, sent) => {
        row.sent = sent;
        this.#touch();
      },
      learnt: (row) => {
        this.#unsaved.add(row);
        this.#touch();
      },
      stopped: (row, state, problem) => this.#stopped(row, state, problem),
      held: (row, asset) => this.#held(row, asset),
      arrived: (row, asset) => this.#finish(row, { id: asset, name: row.fields.title ?? row.name }),
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
    for (const { file, path, root } of picked) {
      const orphan = this.#orphans.get(matchKey({ path, size: file.size, modified: file.lastModified }));
      if (orphan !== undefined && orphan.brand === brand) {
        this.attach(orphan.id, file);
        continue;
      }
      const row = newRow(`${this.#deps.tab}-${this.#next}`, {
        brand,
        tab: this.#deps.tab,
        file,
        path,
        root,
        fields,
      });
      this.#next += 1;
      this.#rows.set(row.id, row);
      this.#flow.enter(row, 'welcome');
      this.#unsaved.add(row);
    }
    this.#touch();
  }

  /** Lists rows of an earlier visit; they wait, paused, for their files. */
  adopt(saved: readonly SavedRow[]): void {
    for (const old of saved) {
      if (this.#rows.has(old.id)) continue;
      const row: UploadRow = {
        ...old,
        tab: this.#deps.tab,
        state: 'paused',
        step: old.address === null ? 'welcome' : 'send',
        file: null,
        sent: 0,
        late: null,
        asset: null,
        problem: null,
      };
      this.#rows.set(row.id, row);
      this.#orphans.set(matchKey(row), row);
      this.#unsaved.add(row);
    }
    this.#touch();
  }

  /** Hands a file to a row that waits for it, and lets the row go on. */
  attach(id: string, file: File): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.file !== null) return;
    row.file = file;
    this.#orphans.delete(matchKey(row));
    this.resume(id);
  }

  /** Says more about files: with the bytes where they have not set out yet, otherwise to the asset that they become. */
  describe(ids: Iterable<string>, fields: UploadFields): void {
    const there: UploadRow[] = [];
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row === undefined) continue;
      row.fields = { ...row.fields, ...fields };
      if (row.state === 'done') there.push(row);
      else if (hasSetOut(row)) row.late = { ...row.late, ...fields };
      this.#unsaved.add(row);
    }
    if (there.length > 0) this.#deps.amend(there, fields);
    this.#touch();
  }

  pause(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || !isMoving(row.state)) return;
    this.#flow.pause(row);
    this.#set(row, 'paused');
  }

  resume(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.file === null || row.state !== 'paused') return;
    this.#flow.enter(row, row.step);
    this.#set(row, 'queued');
  }

  /** Tries a failed or refused row again; a refused one asks for admission anew. */
  retry(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.file === null || row.problem === null) return;
    this.#flow.enter(row, row.state === 'refused' ? 'welcome' : row.step);
    row.problem = null;
    this.#set(row, 'queued');
  }

  /** Answers a duplicate: use the asset that is there, add a version to it, or keep both. */
  decide(id: string, choice: DuplicateChoice): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.state !== 'duplicate' || row.asset === null) return;
    // An unfinished upload made with other fields is of no use to any choice.
    this.#flow.drop(row);
    if (choice === 'reuse') return this.#finish(row, row.asset);
    row.fields = { ...row.fields, onDuplicate: choice };
    row.sent = 0;
    this.#unsaved.add(row);
    this.#flow.enter(row, 'send');
    this.#set(row, 'queued');
  }

  /** Takes a row off the list; what it has sent so far is given up. */
  remove(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#flow.drop(row);
    this.#orphans.delete(matchKey(row));
    this.#unsaved.delete(row);
    this.#rows.delete(id);
    this.#forgotten.add(id);
    this.#touch();
  }

  pauseAll(): void {
    for (const id of this.#rows.keys()) this.pause(id);
  }

  resumeAll(): void {
    for (const id of this.#rows.keys()) this.resume(id);
  }

  /** Refused rows stay as they are: the same request would be refused again. */
  retryFailed(code?: string): void {
    for (const row of this.#rows.values()) {
      if (row.state === 'failed' && (code === undefined || row.problem?.code === code)) this.retry(row.id);
    }
  }

  decideAll(choice: DuplicateChoice): void {
    for (const id of this.#rows.keys()) this.decide(id, choice);
  }

  clear(states: readonly RowState[]): void {
    for (const row of this.#rows.values()) if (states.includes(row.state)) this.remove(row.id);
  }

  #set(row: UploadRow, state: RowState): void {
    row.state = state;
    this.#touch();
  }

  #stopped(row: UploadRow, state: 'failed' | 'refused', problem: Problem): void {
    row.problem = problem;
    this.#set(row, state);
  }

  #held(row: UploadRow, asset: { readonly id: string; readonly name: string }): void {
    row.asset = asset;
    row.sent = 0;
    this.#set(row, 'duplicate');
  }

  #finish(row: UploadRow, asset: { readonly id: string; readonly name: string }): void {
    row.asset = asset;
    row.file = null;
    row.sent = row.size;
    this.#set(row, 'done');
    this.#unsaved.delete(row);
    this.#forgotten.add(row.id);
    this.#arrivals.add(row.brand);
    if (row.late !== null) this.#deps.amend([row], row.late);
    row.late = null;
  }

  #touch(): void {
    this.#changed = true;
    this.#ticker ??= setInterval(() => this.#tick(), PAINT_EVERY_MS);
  }

  #tick(): void {
    const now = Date.now();
    const totals = totalsOf(this.#rows.values());
    const active = activeCount(totals) > 0;
    if (!active) this.#meter.reset();
    const speed = totals.counts.uploading > 0 ? this.#meter.read(totals.sent, now) : 0;
    if (this.#changed || speed !== this.#view.speed) {
      this.#changed = false;
      this.#view = { version: this.#view.version + 1, rows: this.#rows, totals, speed };
      for (const listener of this.#listeners) listener();
      for (const brand of this.#arrivals) this.#deps.arrived(brand);
      this.#arrivals.clear();
    }
    this.#save();
    if (active || this.#changed || this.#unsaved.size > 0 || this.#forgotten.size > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  #save(): void {
    if (this.#forgotten.size > 0) this.#deps.forget([...this.#forgotten]);
    this.#forgotten.clear();
    const batch: SavedRow[] = [];
    for (const row of this.#unsaved) {
      if (batch.length === SAVE_AT_MOST) break;
      this.#unsaved.delete(row);
      if (row.state !== 'done') batch.push(savedPart(row));
    }
    if (batch.length > 0) this.#deps.save(batch);
  }
}

function isMoving(state: RowState): boolean {
  return state === 'queued' || state === 'hashing' || state === 'checking' || state === 'uploading';
}
