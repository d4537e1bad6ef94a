import { join } from 'node:path';
import type { MadeRendition } from './contract.ts';
import { applyLut } from './lut-apply.ts';
import type { Lut } from './lut-read.ts';
import { fromRaster, SHARP_VERSION } from './picture.ts';
import type { Raster } from './raster.ts';

/** Samples per axis: with 52, every step is exactly five of the 255 that a picture has. */
const SIZE = 52;
const STEP = 255 / (SIZE - 1);

/**
 * What the table makes of every colour, as a picture: whoever can read pictures can apply it, whatever its format. A
 * square for each blue from left to right, red to the right and green downwards in it.
 */
export async function writeTable(table: Lut, scratch: string): Promise<MadeRendition> {
  const raster = applyLut(table, everyColour());
  const path = join(scratch, 'table.webp');
  await fromRaster(raster).webp({ lossless: true, effort: 2 }).toFile(path);
  return {
    name: 'table',
    path,
    mime: 'image/webp',
    ext: 'webp',
    width: raster.width,
    height: raster.height,
    tool: 'sharp',
    toolVersion: SHARP_VERSION,
  };
}

function everyColour(): Raster {
  const width = SIZE * SIZE;
  const data = new Uint8Array(width * SIZE * 4);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      data[at] = (x % SIZE) * STEP;
      data[at + 1] = y * STEP;
      data[at + 2] = Math.floor(x / SIZE) * STEP;
      data[at + 3] = 255;
    }
  }
  return { data, width, height: SIZE };
}
