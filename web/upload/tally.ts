import { ROW_STATES, canStart, folderTags } from './rows.ts';
import type { Problem, RowState, UploadRow } from './rows.ts';

/** Places of the list, from the top: what needs a person, what moves, the rest in order; finished ones are folded away. */
const PLACE: Readonly<Record<RowState, number | null>> = {
  refused: 0,
  failed: 1,
  duplicate: 2,
  uploading: 3,
  hashing: 4,
  checking: 4,
  queued: 4,
  paused: 4,
  done: null,
};
const FOLDERS_SHOWN = 50;

export interface Refused {
  readonly problem: Problem;
  count: number;
}

/**
 * Sums and order of the list, kept as rows change: a paint costs the same for ten files and for a hundred thousand. Every
 * change of a row that is listed goes through `change`.
 */
export class Tally {
  readonly counts = Object.fromEntries(ROW_STATES.map((state) => [state, 0])) as Record<RowState, number>;
  /** Bytes of the rows that travel or have travelled: neither duplicates nor refusals. */
  bytes = 0;
  sent = 0;
  /** Paused rows whose file is at hand, and those that wait for their file. */
  resumable = 0;
  missing = 0;
  /** Missing ones that the browser may be able to find by itself. */
  findable = 0;
  /** Why rows were refused, by code. */
  readonly refusals = new Map<string, Refused>();
  /** Names of the folders that rows came from, with how many did. */
  readonly folders = new Map<string, number>();
  readonly #places: Set<UploadRow>[] = [new Set(), new Set(), new Set(), new Set(), new Set()];

  add(row: UploadRow): void {
    this.#count(row, 1);
    this.#place(row)?.add(row);
    for (const folder of folderTags(row.path)) {
      const known = this.folders.get(folder) ?? 0;
      if (known > 0 || this.folders.size < FOLDERS_SHOWN) this.folders.set(folder, known + 1);
    }
  }

  remove(row: UploadRow): void {
    this.#count(row, -1);
    this.#place(row)?.delete(row);
    for (const folder of folderTags(row.path)) {
      const left = (this.folders.get(folder) ?? 1) - 1;
      if (left > 0) this.folders.set(folder, left);
      else this.folders.delete(folder);
    }
  }

  change(row: UploadRow, mutate: () => void): void {
    const before = this.#place(row);
    this.#count(row, -1);
    mutate();
    this.#count(row, 1);
    const after = this.#place(row);
    if (before === after) return;
    before?.delete(row);
    after?.add(row);
  }

  /** How many rows the list shows. */
  get listed(): number {
    return this.#places.reduce((sum, rows) => sum + rows.size, 0);
  }

  /** Rows of the list from one position up to another. */
  window(first: number, last: number): UploadRow[] {
    const found: UploadRow[] = [];
    let skip = first;
    for (const rows of this.#places) {
      if (skip >= rows.size) {
        skip -= rows.size;
        continue;
      }
      for (const row of rows) {
        if (skip > 0) skip -= 1;
        else if (found.length < last - first) found.push(row);
        else return found;
      }
    }
    return found;
  }

  /** Rows in one state, as they are now. */
  in(state: Exclude<RowState, 'done'>): UploadRow[] {
    return [...(this.#places[PLACE[state] ?? 0] ?? [])].filter((row) => row.state === state);
  }

  #place(row: UploadRow): Set<UploadRow> | undefined {
    const place = PLACE[row.state];
    return place === null ? undefined : this.#places[place];
  }

  #count(row: UploadRow, by: 1 | -1): void {
    const { state, problem } = row;
    this.counts[state] += by;
    if (state === 'refused' && problem !== null) this.#refuse(problem, by);
    if (state === 'paused') {
      if (canStart(row)) this.resumable += by;
      else {
        this.missing += by;
        if (row.root !== null) this.findable += by;
      }
    }
    if (state === 'refused' || state === 'duplicate') return;
    this.bytes += by * row.size;
    this.sent += by * (state === 'done' ? row.size : row.sent);
  }

  #refuse(problem: Problem, by: 1 | -1): void {
    const known = this.refusals.get(problem.code);
    if (known === undefined) return void this.refusals.set(problem.code, { problem, count: by });
    known.count += by;
    if (known.count <= 0) this.refusals.delete(problem.code);
  }
}

export function activeCount({ counts }: Pick<Tally, 'counts'>): number {
  return counts.uploading + counts.hashing + counts.checking + counts.queued;
}
