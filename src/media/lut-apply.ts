import type { Correction, Cube, Curves, Lut, Triple } from './lut-read.ts';
import { byteAt, type Raster } from './raster.ts';

/** The colours of a raster after the table: curves, cube (trilinear), correction, in this order. Alpha stays. */
export function applyLut(lut: Lut, raster: Raster): Raster {
  const data = new Uint8Array(raster.data.length);
  for (let i = 0; i < data.length; i += 4) {
    let colour: Triple = [
      byteAt(raster.data, i) / 255,
      byteAt(raster.data, i + 1) / 255,
      byteAt(raster.data, i + 2) / 255,
    ];
    if (lut.curves !== undefined) colour = throughCurves(lut.curves, colour);
    if (lut.cube !== undefined) colour = throughCube(lut.cube, colour);
    if (lut.correction !== undefined) colour = corrected(lut.correction, colour);
    for (let c = 0; c < 3; c += 1) data[i + c] = Math.round(255 * unit(colour[c] ?? 0));
    data[i + 3] = byteAt(raster.data, i + 3);
  }
  return { ...raster, data };
}

function unit(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}

/** Position on an axis of `size` samples, as the sample below and the share of the one above. */
function place(value: number, range: { low: number; high: number; size: number }): readonly [number, number] {
  const { low, high, size } = range;
  const at = unit((value - low) / (high - low)) * (size - 1);
  const below = Math.min(size - 2, Math.floor(at));
  return [below, at - below];
}

function throughCurves({ size, table, low, high }: Curves, colour: Triple): Triple {
  const channel = (c: 0 | 1 | 2): number => {
    const [below, share] = place(colour[c], { low: low[c], high: high[c], size });
    const from = table[below * 3 + c] ?? 0;
    return from + ((table[below * 3 + 3 + c] ?? 0) - from) * share;
  };
  return [channel(0), channel(1), channel(2)];
}

function throughCube({ size, table, low, high }: Cube, colour: Triple): Triple {
  const [r, rs] = place(colour[0], { low: low[0], high: high[0], size });
  const [g, gs] = place(colour[1], { low: low[1], high: high[1], size });
  const [b, bs] = place(colour[2], { low: low[2], high: high[2], size });
  const sum: [number, number, number] = [0, 0, 0];
  for (let corner = 0; corner < 8; corner += 1) {
    const right = corner & 1;
    const up = (corner >> 1) & 1;
    const far = corner >> 2;
    const weight = (right === 1 ? rs : 1 - rs) * (up === 1 ? gs : 1 - gs) * (far === 1 ? bs : 1 - bs);
    if (weight === 0) continue;
    const at = (((b + far) * size + g + up) * size + r + right) * 3;
    sum[0] += weight * (table[at] ?? 0);
    sum[1] += weight * (table[at + 1] ?? 0);
    sum[2] += weight * (table[at + 2] ?? 0);
  }
  return sum;
}

/** ASC CDL 1.2: clamp after power, saturation by the Rec. 709 weights. */
function corrected({ slope, offset, power, saturation }: Correction, colour: Triple): Triple {
  const graded = (c: 0 | 1 | 2): number => unit(colour[c] * slope[c] + offset[c]) ** power[c];
  const [red, green, blue] = [graded(0), graded(1), graded(2)];
  const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const mixed = (value: number): number => luma + (value - luma) * saturation;
  return [mixed(red), mixed(green), mixed(blue)];
}
