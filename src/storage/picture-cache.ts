import { constants, createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange } from './contract.ts';
import { codeOf } from './local-folder.ts';

/** Names one cached picture; every part comes from the program. */
export interface PictureKey {
  readonly brandId: string;
  readonly assetId: string;
  readonly name: string;
}

export interface CachedPicture {
  readonly size: number;
  read(range?: ByteRange): Promise<Readable>;
  readWhole(): Promise<Buffer>;
}

const SCRATCH = '.making';
const PART = /^[A-Za-z0-9][\w.-]*$/;
/** How far a full cache is emptied, so that the next picture does not walk it again. */
const LOW_WATER = 0.9;
/** Milliseconds within which a second use is not written down again. */
const TOUCH_MS = 60_000;
/** Milliseconds after which a scratch folder was left behind by a crash. */
const ABANDONED_MS = 3_600_000;

/**
 * Pictures that can be made again at any time, bounded in bytes: the least recently used go first. A file's time of
 * change says when it was last used, so several programs may share the folder, and losing it loses nothing.
 */
export class PictureCache {
  readonly scratch: string;
  readonly #root: string;
  readonly #limit: number;
  #bytes = 0;
  #sweeping: Promise<void> | null = null;

  private constructor(root: string, limit: number) {
    this.#root = root;
    this.#limit = limit;
    this.scratch = path.join(root, SCRATCH);
  }

  static async open(dir: string, limitBytes: number): Promise<PictureCache> {
    const cache = new PictureCache(path.resolve(dir), limitBytes);
    await mkdir(cache.scratch, { recursive: true, mode: 0o700 });
    for (const name of await readdir(cache.scratch)) {
      const left = path.join(cache.scratch, name);
      const found = await lstat(left).catch(() => null);
      if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS) {
        await rm(left, { recursive: true, force: true });
      }
    }
    await cache.#shrink();
    return cache;
  }

  /** The picture, or null when it has to be made. */
  async find(key: PictureKey): Promise<CachedPicture | null> {
    const file = this.#locate(key);
    const found = await lstat(file).catch(() => null);
    if (found === null || !found.isFile()) return null;
    const now = new Date();
    if (now.getTime() - found.mtimeMs > TOUCH_MS) await utimes(file, now, now).catch(() => undefined);
    return {
      size: found.size,
      read: (range) => Promise.resolve(createReadStream(file, { highWaterMark: 256 * 1024, ...range })),
      readWhole: () => readFile(file, { flag: constants.O_RDONLY | constants.O_NOFOLLOW }),
    };
  }

  /** Takes over a finished file of the scratch folder. */
  async keep(key: PictureKey, made: string): Promise<void> {
    const file = this.#locate(key);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(made, 'r+');
    try {
      // Without this a power loss may leave an empty file under a name that is served for ever.
      await handle.sync();
      this.#bytes += (await handle.stat()).size;
    } finally {
      await handle.close();
    }
    await rename(made, file);
    if (this.#bytes > this.#limit) await this.#shrink();
  }

  /** Removes every picture of an asset; harmless to repeat. */
  async forget(brandId: string, assetId: string): Promise<void> {
    await rm(path.dirname(this.#locate({ brandId, assetId, name: 'any' })), { recursive: true, force: true });
  }

  #locate({ brandId, assetId, name }: PictureKey): string {
    const parts = [brandId, assetId, name];
    if (!parts.every((part) => PART.test(part))) throw new Error('Malformed name of a cached picture.');
    return path.join(this.#root, ...parts);
  }

  /** Counts what is there, which other programs may have changed, and removes the oldest when it is too much. */
  #shrink(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = null));
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const files = await this.#walk();
    this.#bytes = files.reduce((sum, { size }) => sum + size, 0);
    if (this.#bytes <= this.#limit) return;
    for (const { file, size } of files.toSorted((a, b) => a.used - b.used)) {
      if (this.#bytes <= this.#limit * LOW_WATER) return;
      await unlink(file).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
      this.#bytes -= size;
    }
  }

  async #walk(): Promise<{ file: string; size: number; used: number }[]> {
    const files: { file: string; size: number; used: number }[] = [];
    for (const brand of await readdir(this.#root)) {
      if (!PART.test(brand)) continue;
      const names = await readdir(path.join(this.#root, brand), { recursive: true }).catch(() => []);
      for (const name of names) {
        const file = path.join(this.#root, brand, name);
        const found = await lstat(file).catch(() => null);
        if (found?.isFile() === true) files.push({ file, size: found.size, used: found.mtimeMs });
      }
    }
    return files;
  }
}
