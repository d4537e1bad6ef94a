import type { Swatch } from './contract.ts';
import { byteAt, type Raster } from './raster.ts';

const MAX_SWATCHES = 6;
const MIN_SHARE = 0.015;
/** Colours closer than this in OKLab look like one colour in a palette. */
const SAME_COLOUR = 0.09;

interface Bin {
  red: number;
  green: number;
  blue: number;
  count: number;
}

interface Lab {
  readonly light: number;
  readonly a: number;
  readonly b: number;
}

/** The main colours of the opaque part (alpha ≥ 128), largest first; empty when nothing is opaque. */
export function paletteOf(raster: Raster): Swatch[] {
  const { bins, total } = binPixels(raster);
  const groups: { bin: Bin; lab: Lab }[] = [];
  for (const bin of bins.toSorted((x, y) => y.count - x.count)) {
    const lab = toLab(bin);
    const near = groups.find((group) => distance(group.lab, lab) < SAME_COLOUR);
    if (near === undefined) groups.push({ bin: { ...bin }, lab });
    else absorb(near.bin, bin);
  }
  return groups
    .map(({ bin }) => bin)
    .filter((bin) => bin.count / total >= MIN_SHARE)
    .toSorted((x, y) => y.count - x.count)
    .slice(0, MAX_SWATCHES)
    .map((bin) => ({
      hex: hexOf(bin),
      share: Math.round((bin.count / total) * 1000) / 1000,
      name: colourName(toLab(bin)),
    }));
}

function binPixels(raster: Raster): { bins: Bin[]; total: number } {
  const table = new Map<number, Bin>();
  let total = 0;
  for (let i = 0; i < raster.data.length; i += 4) {
    if (byteAt(raster.data, i + 3) < 128) continue;
    const red = byteAt(raster.data, i);
    const green = byteAt(raster.data, i + 1);
    const blue = byteAt(raster.data, i + 2);
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    let bin = table.get(key);
    if (bin === undefined) {
      bin = { red: 0, green: 0, blue: 0, count: 0 };
      table.set(key, bin);
    }
    bin.red += red;
    bin.green += green;
    bin.blue += blue;
    bin.count += 1;
    total += 1;
  }
  return { bins: [...table.values()], total: Math.max(1, total) };
}

function absorb(target: Bin, other: Bin): void {
  target.red += other.red;
  target.green += other.green;
  target.blue += other.blue;
  target.count += other.count;
}

function hexOf(bin: Bin): string {
  const part = (sum: number): string =>
    Math.round(sum / bin.count)
      .toString(16)
      .padStart(2, '0');
  return `#${part(bin.red)}${part(bin.green)}${part(bin.blue)}`;
}

function linear(sum: number, count: number): number {
  const value = sum / count / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** sRGB → OKLab, the matrices of its definition (Björn Ottosson, 2020). */
function toLab(bin: Bin): Lab {
  const red = linear(bin.red, bin.count);
  const green = linear(bin.green, bin.count);
  const blue = linear(bin.blue, bin.count);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return {
    light: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function distance(x: Lab, y: Lab): number {
  return Math.hypot(x.light - y.light, x.a - y.a, x.b - y.b);
}

/** Upper bounds of the hue in degrees, in order round the circle. */
const HUES: readonly (readonly [number, string])[] = [
  [12, 'pink'],
  [42, 'red'],
  [76, 'orange'],
  [116, 'yellow'],
  [160, 'green'],
  [205, 'teal'],
  [280, 'blue'],
  [318, 'purple'],
  [360, 'pink'],
];

/** One plain word for a colour, the word a person would type into the search. */
function colourName(lab: Lab): string {
  const chroma = Math.hypot(lab.a, lab.b);
  if (lab.light < 0.2 || (lab.light < 0.28 && chroma < 0.05)) return 'black';
  if (chroma < 0.03) return lab.light > 0.93 ? 'white' : 'grey';
  const hue = ((Math.atan2(lab.b, lab.a) * 180) / Math.PI + 360) % 360;
  const word = HUES.find(([limit]) => hue <= limit)?.[1] ?? 'pink';
  if ((word === 'orange' || word === 'yellow') && lab.light < 0.62) return 'brown';
  if (word === 'red' && lab.light < 0.42 && chroma < 0.1) return 'brown';
  if (word === 'red' && lab.light > 0.72) return 'pink';
  if ((word === 'orange' || word === 'yellow') && lab.light > 0.75 && chroma < 0.09) return 'beige';
  return word;
}
