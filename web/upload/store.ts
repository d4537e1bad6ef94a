import type { SavedChunk } from './keeper.ts';
import type { SavedRow } from './rows.ts';

const NAME = 'uploads';
const CHUNKS = 'chunks';
const ROOTS = 'roots';
const VERSION = 2;

/** Unfinished uploads in IndexedDB. Where storage is refused (private windows) everything works but the resume after a reload. */
export interface RowStore {
  save(chunks: readonly SavedChunk[]): void;
  forget(chunkIds: readonly string[]): void;
  /** Rows of earlier visits, in the order in which they were queued. */
  load(): Promise<SavedRow[]>;
  saveRoot(id: string, handle: FileSystemHandle): void;
  loadRoot(id: string): Promise<FileSystemHandle | null>;
}

export function createRowStore(prefix: string): RowStore {
  let opened: Promise<IDBDatabase> | null = null;
  const database = () => (opened ??= open(`${prefix}-${NAME}`));

  async function write(store: string, act: (objects: IDBObjectStore) => void): Promise<void> {
    try {
      const transaction = (await database()).transaction(store, 'readwrite');
      act(transaction.objectStore(store));
      // By itself it would wait for its answers, which a page that is going away never gets.
      transaction.commit();
    } catch {
      // Best effort: a full disk must not stop an upload.
    }
  }

  async function read<T>(store: string, ask: (objects: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
    try {
      return await answer(ask((await database()).transaction(store).objectStore(store)));
    } catch {
      return null;
    }
  }

  return {
    save: (chunks) => void write(CHUNKS, (objects) => chunks.forEach((chunk) => objects.put(chunk))),
    forget: (ids) => void write(CHUNKS, (objects) => ids.forEach((id) => objects.delete(id))),
    async load() {
      const chunks = (await read<SavedChunk[]>(CHUNKS, (objects) => objects.getAll())) ?? [];
      const collator = new Intl.Collator('en', { numeric: true });
      return chunks.toSorted((a, b) => collator.compare(a.id, b.id)).flatMap(({ rows }) => rows);
    },
    saveRoot: (id, handle) => void write(ROOTS, (objects) => objects.put(handle, id)),
    loadRoot: async (id) =>
      (await read<FileSystemHandle | undefined>(ROOTS, (objects) => objects.get(id))) ?? null,
  };
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION);
  request.addEventListener('upgradeneeded', () => {
    const db = request.result;
    // Each row was a record of its own once.
    if (db.objectStoreNames.contains('rows')) db.deleteObjectStore('rows');
    db.createObjectStore(CHUNKS, { keyPath: 'id' });
    if (!db.objectStoreNames.contains(ROOTS)) db.createObjectStore(ROOTS);
  });
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('storage failed')));
    // Another tab still has the older form open: this visit goes on without storage.
    request.addEventListener('blocked', () => reject(new Error('storage is in use')));
  });
}
