import { constants, createReadStream, linkSync, unlinkSync } from 'node:fs';
import {
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  unlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { KeyMissing, KeyTaken } from './contract.ts';
import type { ByteRange, StageRequest, StagedBytes, Store, StoredFile } from './contract.ts';
import { SyncedFolders, codeOf, guard, placeMarker, readMarker, walk } from './local-folder.ts';
import { stagingName, sweepStaging } from './local-staging.ts';
import { AT_ONCE, hashFile, writeHashed } from './local-write.ts';

const STAGING = '.staging';
const RESUMABLE = '.resumable';
const KEY = /^[a-z0-9-]+(\/[A-Za-z0-9_-]+)+\.[a-z0-9]+$/;

export async function openLocalStore(options: { dir: string; installationId: string }): Promise<Store> {
  const root = path.resolve(options.dir);
  await mkdir(root, { recursive: true, mode: 0o700 });
  await placeMarker(root, options.installationId);
  const store = new LocalStore(root, options.installationId);
  await mkdir(path.join(root, STAGING), { recursive: true, mode: 0o700 });
  await mkdir(store.resumableDir, { recursive: true, mode: 0o700 });
  return store;
}

/**
 * Bytes in a local folder. A blob is staged in a private folder of the same disk, synced, then linked to its key (a
 * link fails when the key exists, so nothing is ever overwritten) and the folder synced, all before anybody is told.
 */
class LocalStore implements Store {
  readonly resumableDir: string;
  readonly #root: string;
  readonly #installationId: string;
  readonly #folders: SyncedFolders;

  constructor(root: string, installationId: string) {
    this.#root = root;
    this.#installationId = installationId;
    this.#folders = new SyncedFolders(root);
    this.resumableDir = path.join(root, RESUMABLE);
  }

  async stage(request: StageRequest): Promise<StagedBytes> {
    const temporary = this.#temporary();
    try {
      const { size, sha256 } = await guard(() => writeHashed(temporary, request));
      return this.#staged(temporary, size, sha256);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async adopt(file: string, signal: AbortSignal): Promise<StagedBytes> {
    const { size, sha256 } = await guard(() => hashFile(file, signal));
    return this.#staged(file, size, sha256);
  }

  #staged(temporary: string, size: number, sha256: Buffer): StagedBytes {
    return {
      size,
      sha256,
      commit: (key) => this.#commit(temporary, key, size),
      withdraw: (key) => unlinkIfThere(this.#locate(key)),
      discard: () => (size <= AT_ONCE ? unlinkAtOnce(temporary) : unlinkIfThere(temporary)),
    };
  }

  async #commit(temporary: string, key: string, size: number): Promise<void> {
    const target = this.#locate(key);
    await this.#folders.ensure(path.dirname(target));
    await guard(async () => {
      try {
        if (size <= AT_ONCE) linkSync(temporary, target);
        else await link(temporary, target);
      } catch (error) {
        throw codeOf(error) === 'EEXIST' ? new KeyTaken(key) : error;
      }
      await this.#folders.sync(path.dirname(target));
    });
  }

  async put(key: string, bytes: { path: string } | { data: Uint8Array }): Promise<number> {
    const target = this.#locate(key);
    await this.#folders.ensure(path.dirname(target));
    const temporary = this.#temporary();
    try {
      return await guard(async () => {
        await ('path' in bytes
          ? copyFile(bytes.path, temporary)
          : writeFile(temporary, bytes.data, { mode: 0o600 }));
        const size = await syncFile(temporary);
        await rename(temporary, target);
        await this.#folders.sync(path.dirname(target));
        return size;
      });
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const file = this.#locate(key);
    await plainFile(file, key);
    return createReadStream(file, { highWaterMark: 256 * 1024, ...range });
  }

  async readWhole(key: string): Promise<Buffer> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
    return readFile(this.#locate(key), { flag: flags }).catch((error: unknown) => {
      throw ['ENOENT', 'ELOOP'].includes(codeOf(error)) ? new KeyMissing(key) : error;
    });
  }

  async stat(key: string): Promise<StoredFile | null> {
    const found = await lstat(this.#locate(key)).catch(() => null);
    return found?.isFile() === true ? { size: found.size, modified: found.mtime } : null;
  }

  remove(key: string): Promise<void> {
    return unlinkIfThere(this.#locate(key));
  }

  async localFile(key: string): Promise<{ path: string; release(): Promise<void> }> {
    const file = this.#locate(key);
    await plainFile(file, key);
    return { path: file, release: () => Promise.resolve() };
  }

  list(prefix: string): AsyncIterable<{ key: string; modified: Date }> {
    return walk(this.#root, prefix);
  }

  async isAttached(): Promise<boolean> {
    return (await readMarker(this.#root)) === this.#installationId;
  }

  sweep(olderThanHours: number): Promise<number> {
    return sweepStaging(path.join(this.#root, STAGING), olderThanHours);
  }

  #temporary(): string {
    return path.join(this.#root, STAGING, stagingName());
  }

  #locate(key: string): string {
    if (!KEY.test(key)) throw new Error(`Malformed storage key ${JSON.stringify(key)}.`);
    return path.join(this.#root, key);
  }
}

/** One call to the system where a forced removal makes two. */
async function unlinkIfThere(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

/** See `AT_ONCE`; async only so that it rejects where the other would. */
async function unlinkAtOnce(file: string): Promise<void> {
  try {
    unlinkSync(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function syncFile(file: string): Promise<number> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** Symbolic links in the store are never followed: whoever can plant one could read any file of the machine. */
async function plainFile(file: string, key: string): Promise<void> {
  const found = await lstat(file).catch(() => null);
  if (found === null || !found.isFile()) throw new KeyMissing(key);
}
