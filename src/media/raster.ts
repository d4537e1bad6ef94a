/** A small picture in memory: 8-bit sRGB with straight alpha, rows from the top, four bytes per pixel. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Byte at an index that is known to lie inside; keeps index checks out of the inner loops. */
export function byteAt(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}

/** Box-averages a raster to exactly `width` × `height` pixels (never larger than the source), weighted by alpha. */
export function shrink(source: Raster, width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * source.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * source.height) / height));
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * source.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * source.width) / width));
      averageInto({ data, at: (y * width + x) * 4 }, source, { left, right, top, bottom });
    }
  }
  return { data, width, height };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function averageInto({ data: target, at }: { data: Uint8Array; at: number }, source: Raster, box: Box): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let y = box.top; y < box.bottom; y += 1) {
    let i = (y * source.width + box.left) * 4;
    for (let x = box.left; x < box.right; x += 1, i += 4) {
      const weight = byteAt(source.data, i + 3);
      red += byteAt(source.data, i) * weight;
      green += byteAt(source.data, i + 1) * weight;
      blue += byteAt(source.data, i + 2) * weight;
      alpha += weight;
    }
  }
  const pixels = (box.right - box.left) * (box.bottom - box.top);
  if (alpha > 0) {
    target[at] = Math.round(red / alpha);
    target[at + 1] = Math.round(green / alpha);
    target[at + 2] = Math.round(blue / alpha);
  }
  target[at + 3] = Math.round(alpha / pixels);
}

/** Luma 0–255 of each pixel over white, row by row. */
export function lumaOf(raster: Raster): Float64Array {
  const luma = new Float64Array(raster.width * raster.height);
  for (let i = 0; i < luma.length; i += 1) {
    const at = i * 4;
    const alpha = byteAt(raster.data, at + 3) / 255;
    const value =
      0.299 * byteAt(raster.data, at) +
      0.587 * byteAt(raster.data, at + 1) +
      0.114 * byteAt(raster.data, at + 2);
    luma[i] = value * alpha + 255 * (1 - alpha);
  }
  return luma;
}

/** True when at least one pixel lets the ground shine through. */
export function isTransparent(raster: Raster): boolean {
  for (let i = 3; i < raster.data.length; i += 4) {
    if (byteAt(raster.data, i) < 255) return true;
  }
  return false;
}

/** Mean and spread of brightness, 0–255: tells a black or blank picture from one with something on it. */
export function brightness(raster: Raster): { readonly mean: number; readonly spread: number } {
  const luma = lumaOf(raster);
  if (luma.length === 0) return { mean: 0, spread: 0 };
  const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
  const variance = luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / luma.length;
  return { mean, spread: Math.sqrt(variance) };
}
