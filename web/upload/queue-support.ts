import type { UploadFields } from '../../client/index.ts';
import type { TransferEvents } from '../../client/upload.ts';
import { UploadQueue } from './queue.ts';
import type { StandStill } from './queue-view.ts';
import type { QueueDeps } from './queue.ts';
import type { CheckedFile, Picked, SavedRow, UploadRow } from './rows.ts';

export const FINE: CheckedFile = { known: null, refusal: null };

interface Opened {
  readonly row: UploadRow;
  readonly events: TransferEvents;
  readonly acts: string[];
}

/** A file as the page hands it over. */
export function pick(name: string, size = 10, path = name): Picked {
  const file = new File([], name, { lastModified: 1000 });
  Object.defineProperty(file, 'size', { value: size });
  return { file, path };
}

/** A queue without a server or a disk: what it opens, asks and keeps is handed out to be looked at. */
export function setUp(answer: (row: UploadRow) => CheckedFile = () => FINE, over: Partial<QueueDeps> = {}) {
  const opened: Opened[] = [];
  const chunksKept = new Map<string, readonly SavedRow[]>();
  const stood: StandStill[] = [];
  const arrived: string[] = [];
  const asked: number[] = [];
  const late: [string, UploadFields][] = [];
  const givenUp: string[] = [];
  const queue = new UploadQueue({
    check: async (_, rows) => {
      asked.push(rows.length);
      return rows.map(answer);
    },
    hash: async (file) => (file instanceof File ? `hash of ${file.name}` : null),
    open: (row, events) => {
      const acts: string[] = [];
      opened.push({ row, events, acts });
      return {
        start: () => void acts.push('start'),
        pause: () => void acts.push('pause'),
        resume: () => void acts.push('resume'),
        abort: () => void acts.push('abort'),
      };
    },
    giveUp: (address) => void givenUp.push(address),
    hashersAtOnce: 2,
    save: (chunks) => chunks.forEach(({ id, rows }) => void chunksKept.set(id, rows)),
    forget: (ids) => ids.forEach((id) => chunksKept.delete(id)),
    stoodStill: (why) => void stood.push(why),
    amend: (amended, fields) => amended.forEach((row) => void late.push([row.name, fields])),
    arrived: (brand) => void arrived.push(brand),
    tab: 't',
    ...over,
  });
  const rows = () => [...queue.view().rows.values()];
  const states = () => rows().map(({ state }) => state);
  const saved = () => [...chunksKept.values()].flat();
  return { queue, opened, saved, arrived, asked, late, givenUp, rows, states, stood };
}
