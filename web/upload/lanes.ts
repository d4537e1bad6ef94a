import { STEPS } from './rows.ts';
import type { Step, UploadRow } from './rows.ts';

/** Rows in line, one line for each step. */
export class Lanes {
  readonly #lanes: Record<Step, Set<UploadRow>> = {
    welcome: new Set(),
    hash: new Set(),
    compare: new Set(),
    send: new Set(),
  };

  of(step: Step): ReadonlySet<UploadRow> {
    return this.#lanes[step];
  }

  add(row: UploadRow): void {
    this.#lanes[row.step].add(row);
  }

  /** Puts rows before all others in the line of their step. */
  toFront(rows: readonly UploadRow[]): void {
    for (const step of STEPS) {
      const back = rows.filter((row) => row.step === step);
      if (back.length > 0) this.#lanes[step] = new Set([...back, ...this.#lanes[step]]);
    }
  }

  leave(row: UploadRow): void {
    for (const step of STEPS) this.#lanes[step].delete(row);
  }

  /** Takes the first so many rows of a line that belong to one brand; one question speaks about one brand. */
  takeBatch(step: Step, atMost: number): UploadRow[] {
    const batch: UploadRow[] = [];
    const lane = this.#lanes[step];
    for (const row of lane) {
      if (batch.length === atMost) break;
      if (batch[0] !== undefined && batch[0].brand !== row.brand) continue;
      batch.push(row);
      lane.delete(row);
    }
    return batch;
  }
}
