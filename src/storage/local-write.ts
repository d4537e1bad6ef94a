import { createHash } from 'node:crypto';
import { closeSync, fsync, openSync, writevSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { StageRequest } from './contract.ts';

/** Bytes gathered before they are written; one piece is written while the next arrives. */
const PIECE = 1 << 20;
const HEAD = 64 * 1024;
/** A sync started along the way keeps the last one short: the disk works while bytes still arrive. */
const SYNC_EVERY = 64 << 20;

export interface Hashed {
  readonly size: number;
  readonly sha256: Buffer;
}

/**
 * Files up to this size are gathered, then written by calls that block the program. Each costs some ten microseconds on
 * a disk; handing it to another thread and waking up again costs ten times as much, and an upload needs six of them.
 * The sync, which waits for the disk, is never one of them.
 */
export const AT_ONCE = 1 << 20;
const synced = promisify(fsync);

async function writeAtOnce(file: string, request: StageRequest): Promise<Hashed> {
  const hash = createHash('sha256');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const bytes of chunks(request)) {
    size += bytes.length;
    await request.inspect.progress(size);
    hash.update(bytes);
    pieces.push(bytes);
  }
  await request.inspect.head(startOf(pieces));
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeAll(descriptor, pieces, size);
    await synced(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { size, sha256: hash.digest() };
}

/** The first bytes, at most as many as an inspector looks at; as they came wherever the first piece holds them all. */
function startOf(pieces: readonly Buffer[]): Buffer {
  const [first = Buffer.alloc(0)] = pieces;
  return first.length >= HEAD || pieces.length === 1
    ? first.subarray(0, HEAD)
    : Buffer.concat(pieces).subarray(0, HEAD);
}

/** As they came: joined, each file would take as much memory again, and collecting that as long as all the rest. */
function writeAll(descriptor: number, pieces: readonly Buffer[], size: number): void {
  let rest = pieces;
  for (let left = size; left > 0;) {
    const written = writevSync(descriptor, rest);
    left -= written;
    if (left > 0) rest = [Buffer.concat(rest).subarray(written)];
  }
}

/** A refusal must still be able to travel back on the same connection, so leaving the loop keeps the body open. */
async function* chunks({ body, signal }: StageRequest): AsyncGenerator<Buffer> {
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    signal.throwIfAborted();
    yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
  }
  signal.throwIfAborted();
}

/** Streams a body into a new file with a running digest, shows the first bytes to the inspector, and syncs the file. */
export async function writeHashed(file: string, request: StageRequest): Promise<Hashed> {
  if (request.length !== null && request.length <= AT_ONCE) return writeAtOnce(file, request);
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const writer = new PieceWriter(handle);
    let head: Buffer[] | null = [];
    let size = 0;
    for await (const bytes of chunks(request)) {
      size += bytes.length;
      hash.update(bytes);
      if (head !== null) {
        head.push(bytes);
        if (size >= HEAD) {
          await request.inspect.head(Buffer.concat(head).subarray(0, HEAD));
          head = null;
        }
      }
      await request.inspect.progress(size);
      await writer.write(bytes);
    }
    if (head !== null) await request.inspect.head(Buffer.concat(head));
    await writer.finish();
    await handle.sync();
    return { size, sha256: hash.digest() };
  } finally {
    await handle.close();
  }
}

/** Digest of a file that already lies in the temporary area; synced, since nobody has done so yet. */
export async function hashFile(file: string, signal: AbortSignal): Promise<Hashed> {
  const handle = await open(file, 'r+');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(PIECE);
    let size = 0;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, PIECE, size);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
    await handle.sync();
    return { size, sha256: hash.digest() };
  } finally {
    await handle.close();
  }
}

/** Writes pieces of a megabyte, at most one in flight, so that memory stays flat whatever the sender's speed. */
class PieceWriter {
  readonly #handle: FileHandle;
  #waiting: Buffer[] = [];
  #gathered = 0;
  #written = 0;
  #synced = 0;
  #flight: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes);
    this.#gathered += bytes.length;
    if (this.#gathered >= PIECE) await this.#send();
  }

  async finish(): Promise<void> {
    if (this.#gathered > 0) await this.#send();
    await this.#flight;
  }

  async #send(): Promise<void> {
    await this.#flight;
    const pieces = this.#waiting;
    const length = this.#gathered;
    this.#waiting = [];
    this.#gathered = 0;
    this.#flight = this.#put(pieces, length);
    // The failure is reported by whoever awaits the flight next.
    this.#flight.catch(() => undefined);
  }

  async #put(pieces: Buffer[], length: number): Promise<void> {
    let rest = pieces;
    let left = length;
    while (left > 0) {
      const { bytesWritten } = await this.#handle.writev(rest, this.#written);
      this.#written += bytesWritten;
      left -= bytesWritten;
      if (left > 0) rest = [Buffer.concat(rest).subarray(bytesWritten)];
    }
    if (this.#written - this.#synced >= SYNC_EVERY) {
      this.#synced = this.#written;
      await this.#handle.datasync();
    }
  }
}
