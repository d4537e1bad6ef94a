/** Values one after another may be nested this deep; claims need six or seven. */
const DEEPEST = 24;
const MOST_ITEMS = 50_000;

/** What is read of CBOR (RFC 8949): undefined when it is broken, cut, too deep or too long. Bytes come out as null. */
export function readCbor(bytes: Uint8Array): unknown {
  try {
    return new CborReader(bytes).read(0);
  } catch {
    return undefined;
  }
}

class CborReader {
  private at = 0;
  private items = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(depth: number): unknown {
    this.items += 1;
    if (depth > DEEPEST || this.items > MOST_ITEMS) throw new RangeError('Too much');
    const head = this.view.getUint8(this.at);
    this.at += 1;
    const [major, short] = [head >> 5, head & 31];
    if (major === 7) return this.simple(short);
    const length = this.length(short);
    switch (major) {
      case 0:
        return length;
      case 1:
        return -1 - length;
      case 2:
        this.skip(length, depth);
        return null;
      case 3:
        return this.text(length, depth);
      case 4:
        return this.list(length, depth);
      case 5:
        return this.group(length, depth);
      default:
        return this.read(depth + 1);
    }
  }

  /** Infinity stands for an open end. */
  private length(short: number): number {
    if (short < 24) return short;
    if (short === 31) return Infinity;
    const size = 1 << (short - 24);
    const start = this.at;
    this.at += size;
    if (size === 1) return this.view.getUint8(start);
    if (size === 2) return this.view.getUint16(start);
    if (size === 4) return this.view.getUint32(start);
    if (size === 8) return Number(this.view.getBigUint64(start));
    throw new RangeError('No such length');
  }

  private simple(short: number): unknown {
    if (short === 20 || short === 21) return short === 21;
    if (short < 24) return null;
    const size = 1 << (short - 24);
    const start = this.at;
    this.at += size;
    if (short === 26) return this.view.getFloat32(start);
    if (short === 27) return this.view.getFloat64(start);
    if (short === 24 || short === 25) return null;
    throw new RangeError('No value');
  }

  private text(length: number, depth: number): string {
    if (length !== Infinity) return new TextDecoder().decode(this.take(length));
    const parts: string[] = [];
    while (!this.atEnd()) parts.push(String(this.read(depth + 1)));
    return parts.join('');
  }

  private skip(length: number, depth: number): void {
    if (length !== Infinity) this.take(length);
    else while (!this.atEnd()) this.read(depth + 1);
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new RangeError('Cut');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private list(length: number, depth: number): unknown[] {
    const list: unknown[] = [];
    while (length === Infinity ? !this.atEnd() : list.length < length) list.push(this.read(depth + 1));
    return list;
  }

  private group(length: number, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (length === Infinity ? !this.atEnd() : entries.length < length) {
      entries.push([String(this.read(depth + 1)), this.read(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  private atEnd(): boolean {
    if (this.view.getUint8(this.at) !== 0xff) return false;
    this.at += 1;
    return true;
  }
}
