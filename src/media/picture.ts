import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { Description, MadeRendition } from './contract.ts';
import { paletteOf } from './palette.ts';
import { dctHash, differenceHash } from './perceptual-hash.ts';
import { isTransparent, type Raster, shrink } from './raster.ts';

/** Longest side of the pictures we make, in pixels. */
export const THUMBNAIL_SIDE = 512;
export const FRAME_SIDE = 640;
export const PREVIEW_SIDE = 2048;

const PLACEHOLDER_SIDE = 100;

sharp.cache(false);
// One thread per decode: as many decodes run at once as the machine has cores, and threads cost memory.
sharp.concurrency(1);
// A path must never let librsvg look round for sibling files: SVG is only ever read from a buffer.
sharp.block({ operation: ['VipsForeignLoadSvgFile'] });

export const SHARP_VERSION = sharp.versions.sharp ?? 'unknown';

/** What a raster tells about a picture, beside its own thumbnail. */
export interface Look {
  readonly placeholder: string;
  readonly palette: NonNullable<Description['palette']>;
  readonly dctHash: string;
  readonly differenceHash: string;
}

/** Runs a pipeline and returns 8-bit sRGB with alpha; sizes after orientation. */
export async function toRaster(pipeline: Sharp): Promise<Raster> {
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** A sharp pipeline over a raster; an opaque one loses its alpha channel, which encodes faster. */
export function fromRaster(raster: Raster): Sharp {
  const picture = sharp(raster.data, {
    raw: { width: raster.width, height: raster.height, channels: 4 },
  });
  return isTransparent(raster) ? picture : picture.removeAlpha();
}

/** Everything derived from pixels, taken from the small raster so that the original is decoded once. */
export function lookOf(raster: Raster): Look {
  const longest = Math.max(raster.width, raster.height);
  const scale = Math.min(1, PLACEHOLDER_SIDE / longest);
  const small = shrink(
    raster,
    Math.max(1, Math.round(raster.width * scale)),
    Math.max(1, Math.round(raster.height * scale)),
  );
  return {
    placeholder: Buffer.from(rgbaToThumbHash(small.width, small.height, small.data)).toString('base64'),
    palette: paletteOf(raster),
    dctHash: dctHash(raster),
    differenceHash: differenceHash(raster),
  };
}

/** Encodes a raster as WebP into the scratch folder. Effort 2 costs a third of the default for 5 % more bytes. */
export async function writeWebp(
  raster: Raster,
  name: MadeRendition['name'],
  scratch: string,
): Promise<MadeRendition> {
  const path = join(scratch, `${name}.webp`);
  await fromRaster(raster)
    .webp({ quality: 80, effort: raster.width > THUMBNAIL_SIDE * 2 ? 1 : 2 })
    .toFile(path);
  return {
    name,
    path,
    mime: 'image/webp',
    ext: 'webp',
    width: raster.width,
    height: raster.height,
    tool: 'sharp',
    toolVersion: SHARP_VERSION,
  };
}

/** Fits a raster into a square of `side` pixels, never enlarging. */
export async function fitRaster(raster: Raster, side: number): Promise<Raster> {
  if (Math.max(raster.width, raster.height) <= side) return raster;
  return toRaster(fromRaster(raster).resize(side, side, { fit: 'inside' }));
}
