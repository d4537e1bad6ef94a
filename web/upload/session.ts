import { BacklotError } from '../../client/index.ts';
import type { UploadFields } from '../../client/index.ts';
import { createTransfer, giveUpUpload } from '../../client/upload.ts';
import type { Transfer, TransferEvents, TransferJob } from '../../client/upload.ts';
import { client, explain, isSilence, queryClient, queryKeys, whenBack } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { toast } from '../panels/toast.tsx';
import { fromDrop, fromInput } from './entries.ts';
import { handlesOf, mayRead, readAgain } from './handles.ts';
import { createHasher } from './hasher.ts';
import { tellLeftOut } from './left-out.ts';
import { usePanel } from './open.ts';
import { UploadQueue } from './queue.ts';
import type { SavedRow, UploadRow } from './rows.ts';
import { withinRoom } from './room.ts';
import { createRowStore } from './store.ts';

const store = createRowStore('backlot');
/** Randomness without a secure context: pages on a plain http address of the house have no `randomUUID`. */
const tab = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join('');
const AMEND_AT_MOST = 10_000;
const LOCK = 'backlot-uploads-';

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
  tab,
});

async function askServer(brand: string, rows: readonly UploadRow[]) {
  const files = rows.map(({ sha256, size, name }) => ({
    size,
    name,
    ...(sha256 === null ? {} : { sha256 }),
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

function openTransfer(row: UploadRow, file: File, events: TransferEvents): Transfer {
  const job: TransferJob = {
    client,
    brand: row.brand,
    blob: file,
    fields: row.fields,
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    ...(row.address === null ? {} : { address: row.address }),
  };
  return createTransfer(job, events);
}

/** Failures keep the words on the row, so that they can be applied again. */
async function amend(rows: readonly UploadRow[], fields: UploadFields): Promise<void> {
  const brand = rows[0]?.brand;
  const ids = rows.flatMap(({ asset }) => (asset === null ? [] : [asset.id]));
  const [only] = ids;
  if (brand === undefined || only === undefined) return;
  const { type, mediaType, description, sceneHint, tags, title } = fields;
  const set = clean({ type, mediaType, description, sceneHint });
  try {
    if (ids.length === 1) {
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

/** Live events bring new cards; the sums follow here in case the stream is down. */
function refresh(brand: string): void {
  void refreshLibrary(brand);
}

/** Takes files from an `<input>` or the clipboard into the queue. */
export function addChosen(brand: string, files: Iterable<File>): void {
  let hidden = 0;
  const picked = fromInput(files, () => (hidden += 1));
  queue.add(brand, picked, usePanel.getState().shared);
  tellLeftOut({ hidden, unreadable: 0 });
}

/** Reads a drop into the queue while the folder is still being walked. Call it inside the drop event. */
export async function addDrop(brand: string, data: DataTransfer): Promise<void> {
  const counts = { hidden: 0, unreadable: 0 };
  const batches = fromDrop(data, {
    hidden: () => (counts.hidden += 1),
    unreadable: () => (counts.unreadable += 1),
  });
  const roots = new Map<string, string>();
  for (const [name, handle] of await handlesOf(data)) {
    const id = `${tab}-${Date.now().toString(36)}-${name}`;
    store.saveRoot(id, handle);
    roots.set(name, id);
  }
  for await (const batch of batches) {
    const picked = batch.map((one) => {
      const root = roots.get(one.path.split('/')[0] ?? '');
      return root === undefined ? one : { ...one, root };
    });
    queue.add(brand, picked, usePanel.getState().shared);
  }
  tellLeftOut(counts);
}

/** Marks this tab as alive; without locks (plain http) every other tab counts as closed. */
function holdLock(): void {
  if (!('locks' in navigator)) return;
  void navigator.locks.request(LOCK + tab, () => new Promise(() => undefined));
}

async function isAlive(): Promise<(owner: string) => boolean> {
  if (!('locks' in navigator)) return () => false;
  const { held = [] } = await navigator.locks.query();
  const names = new Set(held.map(({ name }) => name));
  return (owner) => names.has(LOCK + owner);
}

/** Lists what an earlier visit left unfinished; files that the browser may still read go on by themselves. */
export async function restore(): Promise<void> {
  holdLock();
  const goOn = () => queue.retryFailed('offline');
  globalThis.addEventListener('online', goOn);
  whenBack(goOn);
  const alive = await isAlive();
  const rows = (await store.load()).filter((row) => !alive(row.tab));
  if (rows.length === 0) return;
  queue.adopt(rows);
  usePanel.setState({ isOpen: true });
  await readRoots(rows, false);
}

/** Asks the browser for the files of waiting rows; call it from a click. Answers how many are still missing. */
export async function findAgain(): Promise<number> {
  const waiting = [...queue.view().rows.values()].filter(
    ({ file, state }) => file === null && state === 'paused',
  );
  await readRoots(waiting, true);
  return waiting.filter(({ file }) => file === null).length;
}

async function readRoots(rows: readonly SavedRow[], ask: boolean): Promise<void> {
  const ids = new Set(rows.flatMap(({ root }) => (root === null ? [] : [root])));
  for (const id of ids) {
    const handle = await store.loadRoot(id);
    if (handle === null || !(await mayRead(handle, ask).catch(() => false))) continue;
    for (const row of rows.filter(({ root }) => root === id)) {
      const file = await readAgain(handle, row);
      if (file !== null) queue.attach(row.id, file);
    }
  }
}
