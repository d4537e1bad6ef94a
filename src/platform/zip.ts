import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

/** One file of an archive; it is opened when its turn comes. */
export interface ZipEntry {
  /** Unique in the archive, with `/` between folders. */
  readonly name: string;
  /** Bytes that `open` will give; others end the archive with an error. */
  readonly size: number;
  readonly modified: Date;
  open(): Promise<Readable>;
}

export interface ZipOptions {
  /** Sizes and offsets from here on take the 64-bit form. Default 4 GiB − 1, as the format has it. */
  readonly wideFrom?: number;
  /** Entries from here on, likewise. */
  readonly manyFrom?: number;
}

const WIDE = 0xffff_ffff;
const MANY = 0xffff;
/** Sizes and checksum follow the bytes; names are UTF-8. */
const FLAGS = 0x0808;

interface Placed {
  readonly entry: ZipEntry;
  readonly name: Buffer;
  readonly isWide: boolean;
  readonly offset: number;
}

interface Plan {
  readonly placed: readonly Placed[];
  readonly centralAt: number;
  readonly centralSize: number;
  readonly wideFrom: number;
  readonly isWideEnd: boolean;
  /** Bytes of the whole archive. */
  readonly length: number;
}

/** Everything about an archive but its bytes: stored entries make all places known beforehand. */
function plan(entries: readonly ZipEntry[], options: ZipOptions): Plan {
  const { wideFrom = WIDE, manyFrom = MANY } = options;
  const placed: Placed[] = [];
  let offset = 0;
  let centralSize = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const isWide = entry.size >= wideFrom;
    placed.push({ entry, name, isWide, offset });
    centralSize += 46 + name.length + extraOf({ isWide, offset, wideFrom });
    offset += 30 + name.length + (isWide ? 20 : 0) + entry.size + (isWide ? 24 : 16);
  }
  const isWideEnd = placed.length >= manyFrom || offset >= wideFrom || centralSize >= wideFrom;
  const length = offset + centralSize + (isWideEnd ? 76 : 0) + 22;
  return { placed, centralAt: offset, centralSize, wideFrom, isWideEnd, length };
}

function extraOf({
  isWide,
  offset,
  wideFrom,
}: {
  isWide: boolean;
  offset: number;
  wideFrom: number;
}): number {
  const fields = (isWide ? 2 : 0) + (offset >= wideFrom ? 1 : 0);
  return fields === 0 ? 0 : 4 + 8 * fields;
}

/** Exact length of the archive in bytes. */
export function zipLength(entries: readonly ZipEntry[], options: ZipOptions = {}): number {
  return plan(entries, options).length;
}

/**
 * The archive, piece by piece, as APPNOTE 6.3.10 has it: entries are stored as they are (media does not shrink), with
 * the 64-bit form where it is needed. Nothing is held but one piece and the list of entries. Whoever stops reading closes
 * the file that is open.
 */
export async function* zipBytes(
  entries: readonly ZipEntry[],
  options: ZipOptions = {},
): AsyncGenerator<Buffer, void> {
  const made = plan(entries, options);
  const sums: number[] = [];
  for (const placed of made.placed) {
    yield localHeader(placed);
    const { entry } = placed;
    const bytes = await entry.open();
    let sum = 0;
    let size = 0;
    try {
      for await (const piece of bytes as AsyncIterable<Buffer>) {
        sum = crc32(piece, sum);
        size += piece.length;
        if (size > entry.size) break;
        yield piece;
      }
    } finally {
      bytes.destroy();
    }
    if (size !== entry.size)
      throw new Error(`A file of the archive has ${size} bytes instead of ${entry.size}.`);
    sums.push(sum);
    yield descriptor(placed, sum);
  }
  for (const [at, placed] of made.placed.entries()) yield centralHeader(placed, sums[at] ?? 0, made.wideFrom);
  yield end(made);
}

/** Time in the format's own form: two seconds, from 1980 on; taken as UTC, which every reader shows alike. */
function dosTime(date: Date): { time: number; day: number } {
  const year = Math.min(2107, Math.max(1980, date.getUTCFullYear()));
  return {
    time: (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1),
    day: ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(),
  };
}

function localHeader({ entry, name, isWide }: Placed): Buffer {
  const head = Buffer.alloc(30 + name.length + (isWide ? 20 : 0));
  const { time, day } = dosTime(entry.modified);
  head.writeUInt32LE(0x0403_4b50, 0);
  head.writeUInt16LE(isWide ? 45 : 20, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt16LE(time, 10);
  head.writeUInt16LE(day, 12);
  head.writeUInt16LE(name.length, 26);
  name.copy(head, 30);
  if (isWide) {
    head.writeUInt32LE(WIDE, 18);
    head.writeUInt32LE(WIDE, 22);
    head.writeUInt16LE(20, 28);
    // Present, so that the sizes after the bytes are read as 64 bits.
    head.writeUInt16LE(1, 30 + name.length);
    head.writeUInt16LE(16, 32 + name.length);
  }
  return head;
}

function descriptor({ entry, isWide }: Placed, sum: number): Buffer {
  const tail = Buffer.alloc(isWide ? 24 : 16);
  tail.writeUInt32LE(0x0807_4b50, 0);
  tail.writeUInt32LE(sum, 4);
  if (isWide) {
    tail.writeBigUInt64LE(BigInt(entry.size), 8);
    tail.writeBigUInt64LE(BigInt(entry.size), 16);
  } else {
    tail.writeUInt32LE(entry.size, 8);
    tail.writeUInt32LE(entry.size, 12);
  }
  return tail;
}

function centralHeader({ entry, name, isWide, offset }: Placed, sum: number, wideFrom: number): Buffer {
  const isFar = offset >= wideFrom;
  const extra = extraOf({ isWide, offset, wideFrom });
  const head = Buffer.alloc(46 + name.length + extra);
  const { time, day } = dosTime(entry.modified);
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE((3 << 8) | 45, 4);
  head.writeUInt16LE(isWide || isFar ? 45 : 20, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt16LE(time, 12);
  head.writeUInt16LE(day, 14);
  head.writeUInt32LE(sum, 16);
  head.writeUInt32LE(isWide ? WIDE : entry.size, 20);
  head.writeUInt32LE(isWide ? WIDE : entry.size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(extra, 30);
  head.writeUInt32LE((0o100644 << 16) >>> 0, 38);
  head.writeUInt32LE(isFar ? WIDE : offset, 42);
  name.copy(head, 46);
  if (extra > 0) {
    let at = 46 + name.length;
    head.writeUInt16LE(1, at);
    head.writeUInt16LE(extra - 4, at + 2);
    at += 4;
    const fields = [...(isWide ? [entry.size, entry.size] : []), ...(isFar ? [offset] : [])];
    for (const value of fields) at = head.writeBigUInt64LE(BigInt(value), at);
  }
  return head;
}

function end({ placed, centralAt, centralSize, isWideEnd }: Plan): Buffer {
  const count = placed.length;
  const wide = isWideEnd ? wideEnd({ count, centralAt, centralSize }) : Buffer.alloc(0);
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x0605_4b50, 0);
  tail.writeUInt16LE(isWideEnd ? MANY : count, 8);
  tail.writeUInt16LE(isWideEnd ? MANY : count, 10);
  tail.writeUInt32LE(isWideEnd ? WIDE : centralSize, 12);
  tail.writeUInt32LE(isWideEnd ? WIDE : centralAt, 16);
  return Buffer.concat([wide, tail]);
}

/** The 64-bit end of the directory, and the locator that points to it. */
function wideEnd(of: { count: number; centralAt: number; centralSize: number }): Buffer {
  const wide = Buffer.alloc(76);
  wide.writeUInt32LE(0x0606_4b50, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt16LE((3 << 8) | 45, 12);
  wide.writeUInt16LE(45, 14);
  wide.writeBigUInt64LE(BigInt(of.count), 24);
  wide.writeBigUInt64LE(BigInt(of.count), 32);
  wide.writeBigUInt64LE(BigInt(of.centralSize), 40);
  wide.writeBigUInt64LE(BigInt(of.centralAt), 48);
  wide.writeUInt32LE(0x0706_4b50, 56);
  wide.writeBigUInt64LE(BigInt(of.centralAt + of.centralSize), 64);
  wide.writeUInt32LE(1, 72);
  return wide;
}
