import { Faces, Floats, MAX_TRIANGLES, MAX_VERTICES, type Model, PLAIN_COLOUR, sizeFacts } from './mesh.ts';
import { CannotDecode } from './outcome.ts';

interface Property {
  readonly name: string;
  readonly type: string;
  /** Type of the count before a list; none for a single value. */
  readonly count?: string;
}

interface Element {
  readonly name: string;
  readonly count: number;
  readonly properties: Property[];
}

const SIZES: Readonly<Record<string, number>> = {
  char: 1,
  uchar: 1,
  int8: 1,
  uint8: 1,
  short: 2,
  ushort: 2,
  int16: 2,
  uint16: 2,
  int: 4,
  uint: 4,
  int32: 4,
  uint32: 4,
  float: 4,
  float32: 4,
  double: 8,
  float64: 8,
};
const MOST_CORNERS = 1000;
/** Of all elements together: one without properties takes no bytes, however many rows it declares. */
const MOST_ROWS = MAX_VERTICES + MAX_TRIANGLES;

/** Reads a Stanford PLY, text or binary; null when its header is none. A file that ends early throws. */
export function readPly(bytes: Buffer): Model | null {
  const end = bytes.indexOf('end_header');
  if (end < 0 || end > 65_536) return null;
  const lines = bytes.toString('latin1', 0, end).split(/\r?\n/);
  const format = lines.find((line) => line.startsWith('format '))?.split(/\s+/)[1] ?? '';
  const elements = elementsOf(lines);
  const from = bytes.indexOf('\n', end) + 1;
  if (elements === null || from === 0) return null;
  const reader =
    format === 'ascii'
      ? new Words(bytes, from)
      : new Numbers(bytes, { from, little: format === 'binary_little_endian' });
  return readElements(elements, reader);
}

function elementsOf(lines: readonly string[]): Element[] | null {
  const elements: Element[] = [];
  let rows = 0;
  for (const line of lines) {
    const [key, ...words] = line.trim().split(/\s+/);
    if (key === 'element') {
      const count = Number(words[1]);
      if (!Number.isSafeInteger(count) || count < 0) return null;
      rows += count;
      if (rows > MOST_ROWS) throw new CannotDecode('too_large');
      elements.push({ name: words[0] ?? '', count, properties: [] });
    } else if (key === 'property') {
      const list = words[0] === 'list';
      const [type = '', count] = list ? [words[2], words[1]] : [words[0]];
      if (!Object.hasOwn(SIZES, type) || (list && !Object.hasOwn(SIZES, count ?? ''))) return null;
      const name = words.at(-1) ?? '';
      elements.at(-1)?.properties.push({ name, type, ...(count === undefined ? {} : { count }) });
    }
  }
  return elements;
}

interface Reader {
  /** Throws CannotDecode at the end of the bytes. */
  next(type: string): number;
}

function readElements(elements: readonly Element[], reader: Reader): Model | null {
  const positions = new Floats();
  const faces = new Faces();
  const colours: number[] = [];
  for (const { name, count, properties } of elements) {
    for (let i = 0; i < count; i += 1) {
      const row = readRow(properties, reader);
      if (name === 'vertex') {
        for (const axis of ['x', 'y', 'z']) positions.push(row.values.get(axis) ?? 0);
        for (const part of ['red', 'green', 'blue']) {
          const value = row.values.get(part);
          if (value !== undefined) colours.push(value);
        }
      } else if (name === 'face') faces.add(row.list);
    }
  }
  const vertices = positions.length / 3;
  if (vertices === 0) return null;
  const part = {
    positions: positions.done(),
    triangles: faces.done(vertices),
    colour: PLAIN_COLOUR,
    ...(colours.length === positions.length ? { colours: Uint8Array.from(colours) } : {}),
  };
  const cloud = part.triangles.length === 0 ? { pointCloud: true } : {};
  return { parts: [part], more: { ...sizeFacts([part]), ...cloud } };
}

function readRow(
  properties: readonly Property[],
  reader: Reader,
): { values: Map<string, number>; list: number[] } {
  const values = new Map<string, number>();
  let list: number[] = [];
  for (const { name, type, count } of properties) {
    if (count === undefined) {
      values.set(name, reader.next(type));
      continue;
    }
    const length = reader.next(count);
    if (!(length >= 0 && length <= MOST_CORNERS)) throw new CannotDecode('damaged');
    const items = Array.from({ length }, () => reader.next(type));
    if (name.startsWith('vertex_ind')) list = items;
  }
  return { values, list };
}

class Numbers implements Reader {
  readonly #bytes: Buffer;
  readonly #little: boolean;
  #at: number;

  constructor(bytes: Buffer, { from, little }: { from: number; little: boolean }) {
    this.#bytes = bytes;
    this.#little = little;
    this.#at = from;
  }

  next(type: string): number {
    const size = SIZES[type] ?? 1;
    const at = this.#at;
    if (at + size > this.#bytes.length) throw new CannotDecode('damaged');
    this.#at += size;
    const view = this.#bytes;
    if (type.startsWith('float') || type === 'double') {
      if (size === 8) return this.#little ? view.readDoubleLE(at) : view.readDoubleBE(at);
      return this.#little ? view.readFloatLE(at) : view.readFloatBE(at);
    }
    const unsigned = type.startsWith('u');
    if (unsigned) return this.#little ? view.readUIntLE(at, size) : view.readUIntBE(at, size);
    return this.#little ? view.readIntLE(at, size) : view.readIntBE(at, size);
  }
}

class Words implements Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#at = from;
  }

  next(): number {
    const bytes = this.#bytes;
    while (this.#at < bytes.length && (bytes[this.#at] ?? 0) <= 32) this.#at += 1;
    const from = this.#at;
    while (this.#at < bytes.length && (bytes[this.#at] ?? 0) > 32) this.#at += 1;
    if (from === this.#at) throw new CannotDecode('damaged');
    return Number(bytes.toString('latin1', from, Math.min(this.#at, from + 40)));
  }
}
