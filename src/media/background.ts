import { join } from 'node:path';
import type { CutWish } from '../domain/enhance.ts';
import type { Description, KindContext, MediaSource } from './contract.ts';
import { openPicture } from './image-read.ts';
import { failed } from './outcome.ts';
import { SHARP_VERSION, fromRaster } from './picture.ts';
import { byteAt } from './raster.ts';
import type { Raster } from './raster.ts';

/** Share of the border that must be of one colour; photos lie far below, logos at 1. */
export const UNIFORM_ENOUGH = 0.9;
/** Pixels from the cut in which colours may be mixed with the background. */
const SOFT = 2;
const MAX_PIXELS = 24e6;
/** Vectors have no size of their own; this is large enough for print and video. */
const VECTOR_SIDE = 2048;

export type CutOut =
  | { readonly kind: 'cut'; readonly raster: Raster; readonly uniformity: number }
  | { readonly kind: 'mixed' | 'clear' | 'blank'; readonly uniformity: number };

interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

interface Near {
  readonly ground: Colour;
  readonly tolerance: number;
}

/**
 * Takes away a background of one colour: what is connected to the border becomes transparent, the edge gets its share of
 * alpha and loses the background's tint. What the drawing encloses stays unless it is wished, since it may be part of it.
 */
export function cutOut(source: Raster, { inside, tolerance }: CutWish): CutOut {
  const border = borderPixels(source);
  const solid = border.filter((at) => byteAt(source.data, at + 3) >= 250);
  if (solid.length < border.length / 2) return { kind: 'clear', uniformity: 0 };
  const ground = medianColour(source, solid);
  const alike = solid.filter((at) => distance(source, at, ground) <= tolerance).length;
  const uniformity = alike / border.length;
  if (uniformity < UNIFORM_ENOUGH) return { kind: 'mixed', uniformity };
  const near = { ground, tolerance };
  const outside = flood(source, near, seedsOf(source, { border, near, inside }));
  const data = Uint8Array.from(source.data);
  let left = 0;
  for (let i = 0; i < outside.length; i += 1) {
    if (outside[i] === 1) data[i * 4 + 3] = 0;
    else left += 1;
  }
  if (left === 0) return { kind: 'blank', uniformity };
  soften(source, data, { outside, ground });
  return { kind: 'cut', raster: { ...source, data }, uniformity };
}

/** Offsets of the outermost pixels. */
function borderPixels({ width, height }: Raster): number[] {
  const list: number[] = [];
  for (let x = 0; x < width; x += 1) list.push(x * 4, ((height - 1) * width + x) * 4);
  for (let y = 1; y < height - 1; y += 1) list.push(y * width * 4, (y * width + width - 1) * 4);
  return list;
}

function medianColour({ data }: Raster, offsets: readonly number[]): Colour {
  const median = (channel: number) => {
    const values = offsets.map((at) => byteAt(data, at + channel)).toSorted((a, b) => a - b);
    return values[values.length >> 1] ?? 0;
  };
  return { red: median(0), green: median(1), blue: median(2) };
}

function distance({ data }: Pick<Raster, 'data'>, at: number, { red, green, blue }: Colour): number {
  return Math.hypot(byteAt(data, at) - red, byteAt(data, at + 1) - green, byteAt(data, at + 2) - blue);
}

/** Where the background begins: at the border, and wherever a pixel is so near to it that no soft edge is meant. */
function* seedsOf(
  source: Raster,
  { border, near, inside }: { border: readonly number[]; near: Near; inside: boolean },
): Generator<number> {
  for (const at of border) yield at / 4;
  if (!inside) return;
  for (let i = 0; i < source.width * source.height; i += 1) {
    if (distance(source, i * 4, near.ground) <= near.tolerance / 2) yield i;
  }
}

/** 1 for each pixel that is joined to the seeds through pixels of the ground. */
function flood(source: Raster, { ground, tolerance }: Near, seeds: Iterable<number>): Uint8Array {
  const { width, height } = source;
  const outside = new Uint8Array(width * height);
  const queue = new Int32Array(width * height);
  let end = 0;
  const visit = (i: number) => {
    if (outside[i] === 1) return;
    const isGround = byteAt(source.data, i * 4 + 3) < 8 || distance(source, i * 4, ground) <= tolerance;
    if (!isGround) return;
    outside[i] = 1;
    queue[end] = i;
    end += 1;
  };
  for (const i of seeds) visit(i);
  for (let next = 0; next < end; next += 1) {
    const i = queue[next] ?? 0;
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x < width - 1) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < width * (height - 1)) visit(i + width);
  }
  return outside;
}

interface Cut {
  readonly outside: Uint8Array;
  readonly ground: Colour;
}

/** Near the cut a pixel is a mixture: its alpha is its way from the ground to the purest colour around it. */
function soften(source: Raster, data: Uint8Array, { outside, ground }: Cut): void {
  const { width } = source;
  for (const i of edgePixels(source, outside)) {
    let purest = 0;
    around(source, i, (other) => {
      if (outside[other] !== 1) purest = Math.max(purest, distance(source, other * 4, ground));
    });
    const own = distance(source, i * 4, ground);
    const alpha = purest === 0 ? 1 : Math.min(1, own / purest);
    if (alpha >= 1) continue;
    const at = i * 4;
    data[at] = unmixed(byteAt(source.data, at), ground.red, alpha);
    data[at + 1] = unmixed(byteAt(source.data, at + 1), ground.green, alpha);
    data[at + 2] = unmixed(byteAt(source.data, at + 2), ground.blue, alpha);
    data[at + 3] = Math.round(byteAt(source.data, at + 3) * alpha);
  }
  // Colours under full transparency would shine through when the picture is scaled.
  for (let i = 0; i < width * source.height; i += 1) {
    if (outside[i] === 1) data.fill(0, i * 4, i * 4 + 4);
  }
}

function unmixed(value: number, ground: number, alpha: number): number {
  return Math.max(0, Math.min(255, Math.round((value - (1 - alpha) * ground) / alpha)));
}

/** Kept pixels within the soft distance of the cut. */
function edgePixels(source: Raster, outside: Uint8Array): Set<number> {
  const edge = new Set<number>();
  const { width, height } = source;
  for (let i = 0; i < outside.length; i += 1) {
    if (outside[i] !== 1) continue;
    const x = i % width;
    const atCut =
      (x > 0 && outside[i - 1] === 0) ||
      (x < width - 1 && outside[i + 1] === 0) ||
      (i >= width && outside[i - width] === 0) ||
      (i < width * (height - 1) && outside[i + width] === 0);
    if (!atCut) continue;
    around(source, i, (other) => {
      if (outside[other] === 0) edge.add(other);
    });
  }
  return edge;
}

function around({ width, height }: Raster, i: number, see: (index: number) => void): void {
  const x = i % width;
  const y = (i - x) / width;
  for (let row = Math.max(0, y - SOFT); row <= Math.min(height - 1, y + SOFT); row += 1) {
    for (let column = Math.max(0, x - SOFT); column <= Math.min(width - 1, x + SOFT); column += 1) {
      see(row * width + column);
    }
  }
}

/** A picture without its background, as a PNG of the same size in the scratch folder; runs in the decoding process. */
export async function removeBackground(
  source: MediaSource,
  context: KindContext,
  wish: CutWish,
): Promise<Description> {
  const picture = await openPicture(source, context);
  const { width = 0, height = 0 } = picture.facts;
  if (width * height > MAX_PIXELS) return failed('too_large', picture.facts);
  const isVector = source.detected.mime === 'image/svg+xml';
  const made = cutOut(await picture.draw(isVector ? VECTOR_SIDE : Math.max(width, height, 1)), wish);
  const facts = { ...picture.facts, more: { uniformity: Math.round(made.uniformity * 1000) / 1000 } };
  if (made.kind !== 'cut') {
    return { state: 'failed', reason: `background_${made.kind}`, facts, renditions: [] };
  }
  const path = join(context.scratch, 'enhanced.png');
  await fromRaster(made.raster).png({ compressionLevel: 6 }).toFile(path);
  return {
    state: 'ready',
    facts: { ...facts, width: made.raster.width, height: made.raster.height, transparent: true },
    renditions: [
      {
        name: 'enhanced',
        path,
        mime: 'image/png',
        ext: 'png',
        width: made.raster.width,
        height: made.raster.height,
        tool: 'sharp',
        toolVersion: SHARP_VERSION,
      },
    ],
  };
}
