import { savedPart } from './rows.ts';
import type { SavedRow, UploadRow } from './rows.ts';

/** Rows in one record: a write costs the browser nearly as much for one row as for two hundred. */
const CHUNK_ROWS = 200;

/** A record of the browser's storage. */
export interface SavedChunk {
  readonly id: string;
  readonly rows: readonly SavedRow[];
}

export interface Writes {
  readonly save: readonly SavedChunk[];
  /** Records that hold nothing any more. */
  readonly forget: readonly string[];
}

/** Which unfinished rows still have to be written, in records of neighbours. */
export class Keeper {
  readonly #chunks = new Map<string, Set<UploadRow>>();
  readonly #dirty = new Set<string>();

  /** Something that outlives a reload has changed. */
  touch(row: UploadRow): void {
    const id = chunkOf(row.id);
    const rows = this.#chunks.get(id);
    if (rows === undefined) this.#chunks.set(id, new Set([row]));
    else rows.add(row);
    this.#dirty.add(id);
  }

  drop(row: UploadRow): void {
    const id = chunkOf(row.id);
    if (this.#chunks.get(id)?.delete(row) === true) this.#dirty.add(id);
  }

  get isIdle(): boolean {
    return this.#dirty.size === 0;
  }

  /** The next writes, at most so many records. */
  take(atMost: number): Writes {
    const save: SavedChunk[] = [];
    const forget: string[] = [];
    for (const id of this.#dirty) {
      if (save.length + forget.length === atMost) break;
      this.#dirty.delete(id);
      const rows = this.#chunks.get(id) ?? new Set();
      if (rows.size > 0) save.push({ id, rows: [...rows].map(savedPart) });
      else {
        this.#chunks.delete(id);
        forget.push(id);
      }
    }
    return { save, forget };
  }
}

/** Row ids end with their number in the order of queueing. */
function chunkOf(id: string): string {
  const at = id.lastIndexOf('-');
  return `${id.slice(0, at)}:${Math.floor(Number(id.slice(at + 1)) / CHUNK_ROWS)}`;
}
