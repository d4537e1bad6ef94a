import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
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

/** Streams a body into a new file with a running digest, shows the first bytes to the inspector, and syncs the file. */
export async function writeHashed(file: string, request: StageRequest): Promise<Hashed> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const writer = new PieceWriter(handle);
    let head: Buffer[] | null = [];
    let size = 0;
    // A refusal must still be able to travel back on the same connection, so leaving the loop keeps the body open.
    for await (const chunk of request.body.iterator({ destroyOnReturn: false })) {
      request.signal.throwIfAborted();
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
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
    request.signal.throwIfAborted();
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
