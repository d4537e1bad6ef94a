import { mkdir, open, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { StoreError } from './contract.ts';

const MARKER = 'installation.json';

/** Marks an empty folder as this installation's; refuses one that belongs to another or holds unknown files. */
export async function placeMarker(root: string, installationId: string): Promise<void> {
  const found = await readMarker(root);
  if (found === installationId) return;
  if (found !== null) {
    throw new Error(
      `The folder ${root} belongs to another installation (${found}). Point BACKLOT_DATA_DIR to the right folder, or DATABASE_URL to the database that belongs to it.`,
    );
  }
  const others = (await readdir(root)).filter((name) => !name.startsWith('.'));
  if (others.length > 0) {
    throw new Error(
      `The folder ${root} holds files but no marker of this installation. It may be the wrong disk; nothing was changed.`,
    );
  }
  await writeFile(path.join(root, MARKER), `${JSON.stringify({ installation: installationId })}\n`, {
    mode: 0o600,
  });
}

/** The installation that the folder belongs to; null when it carries no marker. */
export async function readMarker(root: string): Promise<string | null> {
  const text = await readFile(path.join(root, MARKER), 'utf8').catch(() => null);
  if (text === null) return null;
  const match = /"installation":\s*"([^"]+)"/.exec(text);
  return match?.[1] ?? 'unreadable';
}

const OPEN_FOLDERS = 64;

/** Makes folders durable once each, and keeps the descriptors that every upload must sync. */
export class SyncedFolders {
  readonly #root: string;
  readonly #known = new Set<string>();
  readonly #handles = new Map<string, FileHandle>();
  /** Per folder, the sync under way and the one that begins after it. */
  readonly #turns = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();

  constructor(root: string) {
    this.#root = root;
  }

  async ensure(folder: string): Promise<void> {
    if (this.#known.has(folder)) return;
    await guard(() => mkdir(folder, { recursive: true, mode: 0o700 }));
    for (let at = folder; at.startsWith(this.#root); at = path.dirname(at)) await this.sync(at);
    this.#known.add(folder);
  }

  /**
   * Resolves when every entry made before the call is on the disk. A sync that already runs may have missed it, so the
   * caller waits for the one after, together with all others who came meanwhile: many uploads, few syncs.
   */
  sync(folder: string): Promise<void> {
    const turn = this.#turns.get(folder);
    if (turn !== undefined) {
      turn.next ??= turn.running.catch(() => undefined).then(() => this.#begin(folder));
      return turn.next;
    }
    return this.#begin(folder);
  }

  #begin(folder: string): Promise<void> {
    const turn = { running: this.#syncNow(folder), next: null };
    this.#turns.set(folder, turn);
    const ended = () => {
      // A follower has put its own turn here, or will when its time comes.
      if (this.#turns.get(folder) === turn && turn.next === null) this.#turns.delete(folder);
    };
    turn.running.then(ended, ended);
    return turn.running;
  }

  /** The descriptors of the first folders stay open: every upload into them must sync the folder. */
  async #syncNow(folder: string): Promise<void> {
    const kept = this.#handles.get(folder);
    if (kept !== undefined) {
      await kept.sync();
      return;
    }
    const handle = await open(folder, 'r');
    const keep = this.#handles.size < OPEN_FOLDERS && !this.#handles.has(folder);
    if (keep) this.#handles.set(folder, handle);
    try {
      await handle.sync();
    } finally {
      if (!keep) await handle.close();
    }
  }
}

/** Errors of the file system in the store's words. */
export async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new StoreError('The disk is full.', { cause: error, full: true });
    }
    if (['EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EMFILE', 'ENFILE'].includes(code)) {
      throw new StoreError(`The folder did not take the bytes (${code}).`, { cause: error });
    }
    throw error;
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Files under a prefix, in no order. */
export async function* walk(root: string, prefix: string): AsyncGenerator<{ key: string; modified: Date }> {
  const entries = await readdir(path.join(root, prefix), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const key = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, key);
    if (!entry.isFile()) continue;
    const found = await stat(path.join(root, key)).catch(() => null);
    // A file copied here with its old time is as young as its arrival.
    if (found !== null) yield { key, modified: found.ctime > found.mtime ? found.ctime : found.mtime };
  }
}
