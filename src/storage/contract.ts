import type { Readable } from 'node:stream';
import type { QuotaGrant } from '../domain/quota.ts';

/** Bytes on their way in: hashed and written to a private temporary place, not yet under any key. */
export interface StagedBytes {
  readonly size: number;
  readonly sha256: Buffer;
  /**
   * Makes the bytes durable under a key that must never have been used; rejects with `KeyTaken` when it was. After it
   * resolves the bytes survive a crash.
   */
  commit(key: string): Promise<void>;
  /** Removes what `commit` made, when the row could not be written. */
  withdraw(key: string): Promise<void>;
  /** Removes the temporary copy; harmless at any point and any number of times. */
  discard(): Promise<void>;
}

export interface StageRequest {
  readonly body: Readable;
  /** Announced by the sender, who may lie; null when it did not know. */
  readonly length: number | null;
  /** Room that was reserved for the bytes. */
  readonly grant: QuotaGrant;
  /**
   * Sees the first bytes (64 KiB, or all of a smaller file) before the rest is written, and the running size after each
   * piece; whatever it throws ends the upload and leaves nothing behind.
   */
  readonly inspect: { head(bytes: Uint8Array): Promise<void>; progress(size: number): Promise<void> | void };
  readonly signal: AbortSignal;
}

export interface StoredFile {
  readonly size: number;
  readonly modified: Date;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** Where bytes live. Blobs are immutable under keys that are used once; see `suites/store.ts` for what each must pass. */
export interface Store {
  stage(request: StageRequest): Promise<StagedBytes>;
  /** Stages a file that is already complete in the temporary area (a resumable upload), which the store then owns. */
  adopt(path: string, signal: AbortSignal): Promise<StagedBytes>;
  /** Stores a small file that the program made: a rendition or a sidecar. Replaces an older one under the same key. */
  put(key: string, bytes: { path: string } | { data: Uint8Array }): Promise<number>;
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** All bytes at once, for small files such as thumbnails. */
  readWhole(key: string): Promise<Buffer>;
  stat(key: string): Promise<StoredFile | null>;
  /** Absent keys are no error: a purge may run twice. */
  remove(key: string): Promise<void>;
  /** A file on this machine with the bytes of a key, for decoders; `release` ends its use. */
  localFile(key: string): Promise<{ path: string; release(): Promise<void> }>;
  /** Walks the keys under a prefix with their times, in no order. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly modified: Date }>;
  /** Whether the marker with the installation's id is in place; without it nothing may be deleted. */
  isAttached(): Promise<boolean>;
  /** Removes leftovers of interrupted uploads older than the given hours; answers how many. */
  sweep(olderThanHours: number): Promise<number>;
  /** Folder for resumable uploads, on the same disk as the blobs. */
  readonly resumableDir: string;
}

/** The key has been used before. */
export class KeyTaken extends Error {
  constructor(key: string) {
    super(`The key ${key} is taken.`);
    this.name = 'KeyTaken';
  }
}

/** No bytes lie under the key. */
export class KeyMissing extends Error {
  constructor(key: string) {
    super(`Nothing is stored under ${key}.`);
    this.name = 'KeyMissing';
  }
}

/** The store could not take or give bytes; `full` means the disk has no space. */
export class StoreError extends Error {
  readonly full: boolean;
  constructor(message: string, options: { cause: unknown; full?: boolean }) {
    super(message, { cause: options.cause });
    this.name = 'StoreError';
    this.full = options.full ?? false;
  }
}
