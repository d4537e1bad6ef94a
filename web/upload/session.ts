import { BacklotError } from '../../client/index.ts';
import type { UploadFields } from '../../client/index.ts';
import { createFetch } from '../../client/fetch-url.ts';
import { createTransfer, giveUpUpload } from '../../client/upload.ts';
import type { Transfer, TransferEvents } from '../../client/upload.ts';
import { client, explain, isSilence, queryClient, queryKeys } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { toast } from '../panels/toast.tsx';
import { createHasher } from './hasher.ts';
import { UploadQueue } from './queue.ts';
import type { StandStill } from './queue-view.ts';
import { folderOf, mayHaveArrived } from './rows.ts';
import type { SavedRow, UploadRow } from './rows.ts';
import { withinRoom } from './room.ts';
import { createRowStore } from './store.ts';

export const store = createRowStore('backlot');
/** Randomness without a secure context: pages on a plain http address of the house have no `randomUUID`. */
export const tab = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join('');
const AMEND_AT_MOST = 10_000;
/** Waits before the server is asked whether it is there again, in milliseconds; the last one repeats. */
const KNOCK_MS: readonly number[] = [0, 1000, 2000, 4000, 8000];
const PAUSED_KEY = 'backlot.uploads.paused';

/** The page's one queue; it outlives panels and changes of brand. */
export const queue = new UploadQueue({
  check: askServer,
  hash: createHasher(),
  open: openTransfer,
  giveUp: (address) => void giveUpUpload(client, address),
  hashersAtOnce: navigator.hardwareConcurrency > 2 ? 2 : 1,
  save: store.save,
  forget: store.forget,
  amend: (rows, fields) => void amend(rows, fields),
  arrived: refresh,
  stoodStill,
  tab,
});

async function askServer(brand: string, rows: readonly SavedRow[]) {
  const files = rows.map(({ sha256, size, name, path }) => ({
    size,
    name,
    ...(sha256 === null ? {} : { sha256 }),
    ...(path.includes('/') ? { folder: folderOf(path) } : {}),
  }));
  const answer = await client.call('uploads.check', { b: brand, files }).catch((error: unknown) => {
    // A proxy that speaks for a server that is away says no more than silence does.
    if (!isSilence(error)) throw error;
    const { message, remedy } = error;
    throw new BacklotError(error.status, {
      code: 'offline',
      message,
      ...(remedy === null ? {} : { remedy }),
    });
  });
  return withinRoom(rows, answer.files, answer.room.freeBytes);
}

const ASK_AT_MOST = 1000;

/** Ids of the rows of an earlier visit whose bytes the server has all the same; none where it does not answer. */
export async function arrivedOf(rows: readonly SavedRow[]): Promise<ReadonlySet<string>> {
  const arrived = new Set<string>();
  for (const brand of new Set(rows.map((row) => row.brand))) {
    const mine = rows.filter((row) => row.brand === brand && mayHaveArrived(row));
    for (let start = 0; start < mine.length; start += ASK_AT_MOST) {
      const some = mine.slice(start, start + ASK_AT_MOST);
      const answers = await askServer(brand, some).catch(() => []);
      for (const [n, { known }] of answers.entries()) if (known !== null) arrived.add(some[n]?.id ?? '');
    }
  }
  return arrived;
}

function openTransfer(row: UploadRow, events: TransferEvents): Transfer {
  const { brand, fields, url } = row;
  if (url !== null) return createFetch({ client, brand, url, fields }, events);
  return createTransfer(
    {
      client,
      brand,
      blob: row.file ?? new Blob(),
      fields,
      ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
      ...(row.address === null ? {} : { address: row.address }),
    },
    events,
  );
}

/** Failures keep the words on the row, so that they can be applied again. */
async function amend(rows: readonly UploadRow[], fields: UploadFields): Promise<void> {
  const brand = rows[0]?.brand;
  const ids = rows.flatMap(({ asset }) => (asset === null ? [] : [asset.id]));
  const [only] = ids;
  if (brand === undefined || only === undefined) return;
  const { type, mediaType, description, sceneHint, product, campaign, tags, title } = fields;
  const set = clean({ type, mediaType, description, sceneHint, product, campaign });
  const isSaid = Object.keys(clean({ ...set, tags, title })).length > 0;
  try {
    for (const id of fields.collection ?? []) {
      for (let start = 0; start < ids.length; start += AMEND_AT_MOST) {
        const select = { ids: ids.slice(start, start + AMEND_AT_MOST) };
        await client.call('collections.add', { b: brand, id, select });
      }
    }
    if (!isSaid) {
      // Collections were all that was said.
    } else if (ids.length === 1) {
      await client.call('assets.update', { b: brand, id: only, ...set, ...clean({ tags, name: title }) });
    } else {
      const change = { set, ...(tags === undefined ? {} : { addTags: tags }) };
      for (let start = 0; start < ids.length; start += AMEND_AT_MOST) {
        await client.call('assets.bulk', {
          b: brand,
          select: { ids: ids.slice(start, start + AMEND_AT_MOST) },
          change,
        });
      }
    }
    void queryClient.invalidateQueries({ queryKey: queryKeys.brand(brand) });
  } catch (error) {
    toast({ text: `The details were not saved. ${explain(error)}`, tone: 'bad' });
  }
}

function clean<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(fields));
}

const REFRESH_EVERY_MS = 2000;
const refreshedAt = new Map<string, number>();
const due = new Set<string>();

/** Live events bring new cards; the sums follow here in case the stream is down, the first at once, then seldom. */
function refresh(brand: string): void {
  if (due.has(brand)) return;
  due.add(brand);
  const wait = Math.max(0, (refreshedAt.get(brand) ?? 0) + REFRESH_EVERY_MS - Date.now());
  setTimeout(() => {
    due.delete(brand);
    refreshedAt.set(brand, Date.now());
    void refreshLibrary(brand);
  }, wait);
}

function stoodStill(why: StandStill): void {
  if (why === 'offline') void knock();
}

/** Asks until the server answers; then everything goes on by itself. */
async function knock(): Promise<void> {
  for (let turn = 0; queue.view().standStill.has('offline'); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, KNOCK_MS[turn] ?? KNOCK_MS.at(-1)));
    try {
      await client.call('session.get', {});
      return queue.lift('offline');
    } catch (error) {
      if (isSilence(error)) continue;
      if (error instanceof BacklotError && error.status === 401) queue.halt('signedOut');
      return queue.lift('offline');
    }
  }
}

/** Pauses the whole list; that holds after a reload too. */
export function pauseAll(): void {
  queue.halt('you');
  remember(true);
}

export function resumeAll(): void {
  remember(false);
  queue.lift('signedOut');
  void queue.resumeAll();
}

function remember(isPaused: boolean): void {
  try {
    if (isPaused) localStorage.setItem(PAUSED_KEY, 'yes');
    else localStorage.removeItem(PAUSED_KEY);
  } catch {
    // Without storage nothing outlives the reload, the list neither.
  }
}

export function wasPaused(): boolean {
  try {
    return localStorage.getItem(PAUSED_KEY) !== null;
  } catch {
    return false;
  }
}
