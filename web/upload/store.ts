import type { SavedRow } from './rows.ts';

const NAME = 'uploads';
const ROWS = 'rows';
const ROOTS = 'roots';

/** Unfinished uploads in IndexedDB. Where storage is refused (private windows) everything works but the resume after a reload. */
export interface RowStore {
  save(rows: readonly SavedRow[]): void;
  forget(ids: readonly string[]): void;
  /** Rows of earlier visits, in the order in which they were queued. */
  load(): Promise<SavedRow[]>;
  saveRoot(id: string, handle: FileSystemHandle): void;
  loadRoot(id: string): Promise<FileSystemHandle | null>;
}

export function createRowStore(prefix: string): RowStore {
  let opened: Promise<IDBDatabase> | null = null;
  const database = () => (opened ??= open(`${prefix}-${NAME}`));

  /** Writes are best effort: a full disk must not stop an upload. */
  function write(store: string, act: (objects: IDBObjectStore) => void): void {
    void database()
      .then((db) => act(db.transaction(store, 'readwrite').objectStore(store)))
      .catch(() => undefined);
  }

  return {
    save: (rows) => write(ROWS, (objects) => rows.forEach((row) => objects.put(row))),
    forget: (ids) => write(ROWS, (objects) => ids.forEach((id) => objects.delete(id))),
    async load() {
      try {
        const db = await database();
        const rows = await answer<SavedRow[]>(db.transaction(ROWS).objectStore(ROWS).getAll());
        const collator = new Intl.Collator('en', { numeric: true });
        return rows.sort((a, b) => collator.compare(a.id, b.id));
      } catch {
        return [];
      }
    },
    saveRoot: (id, handle) => write(ROOTS, (objects) => objects.put(handle, id)),
    async loadRoot(id) {
      try {
        const db = await database();
        return (
          (await answer<FileSystemHandle | undefined>(db.transaction(ROOTS).objectStore(ROOTS).get(id))) ??
          null
        );
      } catch {
        return null;
      }
    },
  };
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(ROWS, { keyPath: 'id' });
    request.result.createObjectStore(ROOTS);
  });
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('storage failed')));
  });
}
