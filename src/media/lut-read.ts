/** A colour look-up table or correction: takes and gives red, green and blue, 0–1 in and about 0–1 out. */
export interface Lut {
  readonly format: string;
  readonly title: string | undefined;
  /** Samples per axis of the cube, when there is one. */
  readonly cube?: Cube;
  /** Curves per channel, applied before the cube. */
  readonly curves?: Curves;
  readonly correction?: Correction;
  readonly comments: readonly string[];
}

export interface Cube {
  readonly size: number;
  /** Red changes fastest; three numbers per sample. */
  readonly table: Float32Array;
  readonly low: Triple;
  readonly high: Triple;
}

export interface Curves {
  readonly size: number;
  readonly table: Float32Array;
  readonly low: Triple;
  readonly high: Triple;
}

/** The ASC colour decision list: per channel slope, offset and power, then saturation. */
export interface Correction {
  readonly slope: Triple;
  readonly offset: Triple;
  readonly power: Triple;
  readonly saturation: number;
}

export type Triple = readonly [number, number, number];

export const MAX_CUBE = 129;
const MAX_CURVE = 65_536;
const MAX_COMMENTS = 20;

/** Reads an Iridas or Resolve `.cube`; null when its table is not what its header says. */
export function readCube(text: string): Lut | null {
  const head = { title: undefined as string | undefined, one: 0, three: 0 };
  let low: Triple = [0, 0, 0];
  let high: Triple = [1, 1, 1];
  let oneRange: readonly [number, number] | null = null;
  let threeRange: readonly [number, number] | null = null;
  const comments: string[] = [];
  let rows: Rows | null = null;
  for (const line of linesOf(text)) {
    if (/^[-+.\d]/.test(line)) {
      rows ??= new Rows(head.one + head.three ** 3);
      if (!rows.add(line)) return null;
      continue;
    }
    const [key = '', ...values] = line.split(/\s+/);
    if (key.startsWith('#')) comments.push(line.replace(/^#+\s*/, ''));
    else if (key === 'TITLE') head.title = line.slice(5).trim().replace(/^"|"$/g, '');
    else if (key === 'LUT_1D_SIZE') head.one = Number(values[0]);
    else if (key === 'LUT_3D_SIZE') head.three = Number(values[0]);
    else if (key === 'DOMAIN_MIN') low = tripleOf(values) ?? low;
    else if (key === 'DOMAIN_MAX') high = tripleOf(values) ?? high;
    else if (key === 'LUT_1D_INPUT_RANGE') oneRange = pairOf(values);
    else if (key === 'LUT_3D_INPUT_RANGE') threeRange = pairOf(values);
    if (!sizeFits(head.one, MAX_CURVE) || !sizeFits(head.three, MAX_CUBE)) return null;
  }
  if (rows === null || !rows.full) return null;
  const { table } = rows;
  const range = (own: readonly [number, number] | null): { low: Triple; high: Triple } =>
    own === null ? { low, high } : { low: [own[0], own[0], own[0]], high: [own[1], own[1], own[1]] };
  return {
    format: 'cube',
    title: head.title,
    comments: comments.slice(0, MAX_COMMENTS),
    ...(head.one > 0
      ? { curves: { size: head.one, table: table.subarray(0, head.one * 3), ...range(oneRange) } }
      : {}),
    ...(head.three > 0
      ? { cube: { size: head.three, table: table.subarray(head.one * 3), ...range(threeRange) } }
      : {}),
  };
}

/** Reads a `.3dl` of Lustre or Flame: whole numbers, blue fastest, the size only told by their count. */
export function readThreeDl(text: string): Lut | null {
  let rows: number[] = [];
  const comments: string[] = [];
  for (const line of linesOf(text)) {
    if (line.startsWith('#')) comments.push(line.replace(/^#+\s*/, ''));
    if (!/^\d+\s+\d+\s+\d+$/.test(line)) continue;
    for (const part of line.split(/\s+/)) rows.push(Number(part));
    if (rows.length > MAX_CUBE ** 3 * 3) return null;
  }
  // The input grid of a cube of three looks like a row.
  if (rows.length === 28 * 3) rows = rows.slice(3);
  const size = Math.round(Math.cbrt(rows.length / 3));
  if (size < 2 || size ** 3 * 3 !== rows.length) return null;
  const largest = rows.reduce((most, value) => Math.max(most, value), 1);
  // The numbers do not say how many bits they have: the next full range above the largest one.
  const scale = 2 ** Math.ceil(Math.log2(largest + 1)) - 1;
  const table = new Float32Array(rows.length);
  for (let i = 0; i < size ** 3; i += 1) {
    const red = Math.floor(i / (size * size));
    const green = Math.floor(i / size) % size;
    const to = ((i % size) * size * size + green * size + red) * 3;
    for (let c = 0; c < 3; c += 1) table[to + c] = (rows[i * 3 + c] ?? 0) / scale;
  }
  const cube = { size, table, low: [0, 0, 0] as const, high: [1, 1, 1] as const };
  return { format: '3dl', title: undefined, comments: comments.slice(0, MAX_COMMENTS), cube };
}

/** Reads the first correction of a CDL, CC or CCC file; null when it holds none. */
export function readCorrection(text: string): Lut | null {
  const triple = (name: string, without: number): Triple => {
    const inner = new RegExp(`<(?:\\w+:)?${name}>([^<]{1,200})<`, 'i').exec(text)?.[1];
    return tripleOf(inner?.trim().split(/\s+/) ?? []) ?? [without, without, without];
  };
  if (!/<(?:\w+:)?(SOPNode|SatNode|SATNode)\b/.test(text)) return null;
  const saturation = Number(/<(?:\w+:)?Saturation>([^<]{1,40})</i.exec(text)?.[1] ?? 1);
  const correction = {
    slope: triple('Slope', 1),
    offset: triple('Offset', 0),
    power: triple('Power', 1),
    saturation,
  };
  if (!Number.isFinite(saturation)) return null;
  const title = /<(?:\w+:)?Description>([^<]{1,300})</i.exec(text)?.[1];
  return { format: 'cdl', title, comments: [], correction };
}

/** Rows of three numbers into a table of known length; what does not fit makes the file damaged. */
class Rows {
  readonly table: Float32Array;
  #at = 0;

  constructor(rows: number) {
    this.table = new Float32Array(rows * 3);
  }

  get full(): boolean {
    return this.table.length > 0 && this.#at === this.table.length;
  }

  add(line: string): boolean {
    const values = tripleOf(line.split(/\s+/));
    if (values === null || this.#at + 3 > this.table.length) return false;
    this.table.set(values, this.#at);
    this.#at += 3;
    return true;
  }
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(at, Math.min(stop, at + 2000)).trim();
    if (line !== '') yield line;
    at = stop + 1;
  }
}

function sizeFits(size: number, max: number): boolean {
  return Number.isInteger(size) && size >= 0 && size !== 1 && size <= max;
}

function tripleOf(parts: readonly string[]): Triple | null {
  const [red, green, blue] = parts.slice(0, 3).map(Number);
  if (red === undefined || green === undefined || blue === undefined) return null;
  return [red, green, blue].every(Number.isFinite) ? [red, green, blue] : null;
}

function pairOf(parts: readonly string[]): readonly [number, number] | null {
  const [low, high] = parts.map(Number);
  const good = low !== undefined && high !== undefined && Number.isFinite(low) && high > low;
  return good && Number.isFinite(high) ? [low, high] : null;
}
