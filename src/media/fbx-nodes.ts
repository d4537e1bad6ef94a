import { inflateSync } from 'node:zlib';
import { CannotDecode } from './outcome.ts';

export type FbxValue = string | number | boolean | Uint8Array | FbxArray;

export interface FbxNode {
  readonly name: string;
  readonly values: readonly FbxValue[];
  readonly children: readonly FbxNode[];
}

const HEADER = 27;
const MOST_NODES = 500_000;
const DEEPEST = 32;
const MOST_NUMBERS = 60_000_000;
const BYTES: Readonly<Record<string, number>> = { f: 4, d: 8, l: 8, i: 4, b: 1, c: 1 };

/** Numbers that are unpacked only when somebody asks for them. */
export class FbxArray {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #type: string;
  readonly #isPacked: boolean;

  constructor(of: { bytes: Buffer; type: string; length: number; isPacked: boolean }) {
    this.length = of.length;
    this.#bytes = of.bytes;
    this.#type = of.type;
    this.#isPacked = of.isPacked;
  }

  /** Throws CannotDecode for what is not as long as it says. */
  numbers(): Float64Array {
    const size = (BYTES[this.#type] ?? 1) * this.length;
    if (this.length > MOST_NUMBERS) throw new CannotDecode('too_large');
    const bytes = this.#isPacked ? inflated(this.#bytes, size) : this.#bytes;
    if (bytes.length < size) throw new CannotDecode('damaged');
    const found = new Float64Array(this.length);
    for (let i = 0; i < this.length; i += 1) found[i] = numberAt(bytes, this.#type, i);
    return found;
  }
}

function inflated(bytes: Buffer, size: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw new CannotDecode('damaged', error);
  }
}

function numberAt(bytes: Buffer, type: string, i: number): number {
  switch (type) {
    case 'f':
      return bytes.readFloatLE(i * 4);
    case 'd':
      return bytes.readDoubleLE(i * 8);
    case 'i':
      return bytes.readInt32LE(i * 4);
    case 'l':
      return Number(bytes.readBigInt64LE(i * 8));
    default:
      return bytes[i] ?? 0;
  }
}

/** The version of a binary FBX file, such as 7400; null for anything else, its written form among it. */
export function fbxVersion(bytes: Buffer): number | null {
  if (bytes.length < HEADER || bytes.toString('latin1', 0, 18) !== 'Kaydara FBX Binary') return null;
  const version = bytes.readUInt32LE(23);
  return version >= 1000 && version < 100_000 ? version : null;
}

/**
 * The top nodes of a binary FBX file that are asked for, with all below them. Throws CannotDecode; never reads past
 * the end of the node that it is in.
 */
export function readFbxNodes(bytes: Buffer, wanted: ReadonlySet<string>): FbxNode[] {
  const version = fbxVersion(bytes);
  if (version === null) throw new CannotDecode('no_decoder_for_format');
  const reader = new Reader(bytes, version >= 7500);
  try {
    return reader.list({ at: HEADER, end: bytes.length, depth: 0, wanted });
  } catch (error) {
    if (error instanceof RangeError) throw new CannotDecode('damaged', error);
    throw error;
  }
}

interface Place {
  readonly at: number;
  readonly end: number;
  readonly depth: number;
  readonly wanted?: ReadonlySet<string>;
}

class Reader {
  readonly #bytes: Buffer;
  readonly #isWide: boolean;
  #nodes = 0;

  constructor(bytes: Buffer, isWide: boolean) {
    this.#bytes = bytes;
    this.#isWide = isWide;
  }

  list({ at, end, depth, wanted }: Place): FbxNode[] {
    const found: FbxNode[] = [];
    const head = this.#isWide ? 25 : 13;
    let next = at;
    while (next + head <= end) {
      const [close, count, size] = this.#head(next);
      // An empty record ends the list.
      if (close === 0) break;
      if (close <= next || close > end) throw new CannotDecode('damaged');
      const nameLength = this.#bytes[next + head - 1] ?? 0;
      const name = this.#bytes.toString('latin1', next + head, next + head + nameLength);
      const from = next + head + nameLength;
      if (from + size > close) throw new CannotDecode('damaged');
      this.#nodes += 1;
      if (this.#nodes > MOST_NODES || depth > DEEPEST) throw new CannotDecode('too_large');
      if (wanted === undefined || wanted.has(name)) {
        const values = this.#values(from, from + size, count);
        found.push({ name, values, children: this.list({ at: from + size, end: close, depth: depth + 1 }) });
      }
      next = close;
    }
    return found;
  }

  #head(at: number): readonly [number, number, number] {
    const step = this.#isWide ? 8 : 4;
    const read = (i: number): number =>
      this.#isWide
        ? Number(this.#bytes.readBigUInt64LE(at + i * step))
        : this.#bytes.readUInt32LE(at + i * step);
    return [read(0), read(1), read(2)];
  }

  #values(from: number, end: number, count: number): FbxValue[] {
    const found: FbxValue[] = [];
    let at = from;
    for (let i = 0; i < count && at < end; i += 1) {
      const { value, next } = this.#value(at, end);
      found.push(value);
      at = next;
    }
    return found;
  }

  #value(at: number, end: number): { value: FbxValue; next: number } {
    const bytes = this.#bytes;
    const type = String.fromCharCode(bytes[at] ?? 0);
    const from = at + 1;
    switch (type) {
      case 'Y':
        return { value: bytes.readInt16LE(from), next: from + 2 };
      case 'C':
        return { value: bytes[from] !== 0, next: from + 1 };
      case 'I':
        return { value: bytes.readInt32LE(from), next: from + 4 };
      case 'F':
        return { value: bytes.readFloatLE(from), next: from + 4 };
      case 'D':
        return { value: bytes.readDoubleLE(from), next: from + 8 };
      case 'L':
        // Ids are compared, never counted with: as text they keep their 64 bits.
        return { value: String(bytes.readBigInt64LE(from)), next: from + 8 };
      case 'S':
      case 'R': {
        const next = from + 4 + bytes.readUInt32LE(from);
        if (next > end) throw new CannotDecode('damaged');
        const part = bytes.subarray(from + 4, next);
        return { value: type === 'S' ? part.toString('utf8') : part, next };
      }
      default:
        return this.#array(type, from, end);
    }
  }

  #array(type: string, from: number, end: number): { value: FbxValue; next: number } {
    if (BYTES[type] === undefined) throw new CannotDecode('damaged');
    const length = this.#bytes.readUInt32LE(from);
    const isPacked = this.#bytes.readUInt32LE(from + 4) === 1;
    const size = isPacked ? this.#bytes.readUInt32LE(from + 8) : length * BYTES[type];
    const next = from + 12 + size;
    if (next > end) throw new CannotDecode('damaged');
    const bytes = this.#bytes.subarray(from + 12, next);
    return { value: new FbxArray({ bytes, type, length, isPacked }), next };
  }
}
