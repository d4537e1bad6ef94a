import { lumaOf, type Raster, shrink } from './raster.ts';

const SIDE = 32;
const KEPT = 8;

/** Of a flat picture nothing is left but rounding, which would make a hash of chance. */
const ROUNDING = 1e-6;

/** Cosines of the low frequencies over 32 samples, `[frequency × 32 + sample]`. */
const COSINES = new Float64Array(KEPT * SIDE).map((_, i) =>
  Math.cos((Math.PI * Math.floor(i / SIDE) * ((i % SIDE) + 0.5)) / SIDE),
);

/**
 * 64-bit hash of the low frequencies of the brightness, 16 hex digits. Two pictures at a Hamming distance ≤ 8 are near
 * duplicates; 9–14 together with a difference hash ≤ 9 are similar.
 */
export function dctHash(raster: Raster): string {
  const luma = lumaOf(stretch(raster, SIDE, SIDE));
  const rows = new Float64Array(KEPT * SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    for (let u = 0; u < KEPT; u += 1) {
      let sum = 0;
      for (let x = 0; x < SIDE; x += 1) sum += at(luma, y * SIDE + x) * at(COSINES, u * SIDE + x);
      rows[u * SIDE + y] = sum;
    }
  }
  const low: number[] = [];
  for (let v = 0; v < KEPT; v += 1) {
    for (let u = 0; u < KEPT; u += 1) {
      let sum = 0;
      for (let y = 0; y < SIDE; y += 1) sum += at(rows, u * SIDE + y) * at(COSINES, v * SIDE + y);
      low.push(sum);
    }
  }
  // The first term is the mean brightness: it would make every bright picture alike.
  const rest = low.slice(1).toSorted((a, b) => a - b);
  const median = rest[Math.floor(rest.length / 2)] ?? 0;
  return toHex(low.map((value, i) => (i === 0 ? false : value > median + ROUNDING)));
}

/** 64-bit hash of whether brightness rises to the right, 9 × 8 samples, 16 hex digits. */
export function differenceHash(raster: Raster): string {
  const luma = lumaOf(stretch(raster, KEPT + 1, KEPT));
  const bits: boolean[] = [];
  for (let y = 0; y < KEPT; y += 1) {
    for (let x = 0; x < KEPT; x += 1) {
      const i = y * (KEPT + 1) + x;
      bits.push(at(luma, i) < at(luma, i + 1));
    }
  }
  return toHex(bits);
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

/** `shrink` only makes smaller; a source below the target is repeated by whole pixels first. */
function stretch(raster: Raster, width: number, height: number): Raster {
  const times = Math.max(1, Math.ceil(width / raster.width), Math.ceil(height / raster.height));
  if (times === 1) return shrink(raster, width, height);
  const wide = raster.width * times;
  const data = new Uint8Array(wide * raster.height * times * 4);
  for (let i = 0; i < data.length; i += 4) {
    const pixel = i / 4;
    const x = Math.floor((pixel % wide) / times);
    const y = Math.floor(pixel / wide / times);
    data.set(raster.data.subarray((y * raster.width + x) * 4, (y * raster.width + x) * 4 + 4), i);
  }
  return shrink({ data, width: wide, height: raster.height * times }, width, height);
}

function toHex(bits: readonly boolean[]): string {
  let hash = 0n;
  for (const bit of bits) hash = (hash << 1n) | (bit ? 1n : 0n);
  return hash.toString(16).padStart(16, '0');
}
