import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { frameOf } from '../domain/delivery.ts';
import type { PictureFormat, PictureSpec } from '../domain/delivery.ts';
import type { Description, KindContext, MadeRendition, MediaSource } from './contract.ts';
import { openPicture } from './image-read.ts';
import { fromRaster, SHARP_VERSION } from './picture.ts';
import type { Raster } from './raster.ts';

const FILES: Readonly<Record<PictureFormat, Pick<MadeRendition, 'mime' | 'ext'>>> = {
  webp: { mime: 'image/webp', ext: 'webp' },
  jpeg: { mime: 'image/jpeg', ext: 'jpg' },
  avif: { mime: 'image/avif', ext: 'avif' },
  png: { mime: 'image/png', ext: 'png' },
};

/**
 * Draws a picture as somebody asked for it; runs in the decoding process. It is written from pixels alone, so nothing of
 * the original's metadata comes along.
 */
export async function drawPicture(
  source: MediaSource,
  context: KindContext,
  spec: PictureSpec,
): Promise<Description> {
  const picture = await openPicture(source, context);
  const { width = 1, height = 1, more } = picture.facts;
  const frame = frameOf({ width, height, vector: more?.['vector'] === true }, spec);
  const drawn = await picture.draw(frame.side);
  const { mime, ext } = FILES[spec.format];
  const path = join(context.scratch, `picture.${ext}`);
  const opaque = spec.format === 'jpeg';
  let pipeline = fromRaster(drawn);
  if (opaque) pipeline = pipeline.flatten({ background: '#ffffff' });
  if (frame.crop !== null) pipeline = pipeline.extract(middle(drawn, frame.crop));
  if (frame.canvas !== null) {
    const background = opaque ? '#ffffff' : { r: 0, g: 0, b: 0, alpha: 0 };
    pipeline = pipeline.ensureAlpha().extend({ ...around(drawn, frame.canvas), background });
    if (opaque) pipeline = pipeline.removeAlpha();
  }
  const info = await encode(pipeline, spec).toFile(path);
  const made: MadeRendition = {
    name: 'picture',
    path,
    mime,
    ext,
    width: info.width,
    height: info.height,
    tool: 'sharp',
    toolVersion: SHARP_VERSION,
  };
  return { state: 'ready', facts: {}, renditions: [made] };
}

/** Efforts at which another step up costs more time than it saves bytes. */
function encode(pipeline: Sharp, { format, quality }: PictureSpec): Sharp {
  if (format === 'webp') return pipeline.webp({ quality, effort: 3 });
  if (format === 'avif') return pipeline.avif({ quality, effort: 3 });
  if (format === 'jpeg') return pipeline.jpeg({ quality, progressive: true });
  return pipeline.png({ compressionLevel: 8 });
}

function middle(drawn: Raster, most: { readonly width: number; readonly height: number }) {
  const width = Math.min(drawn.width, most.width);
  const height = Math.min(drawn.height, most.height);
  return { left: (drawn.width - width) >> 1, top: (drawn.height - height) >> 1, width, height };
}

function around(drawn: Raster, canvas: { readonly width: number; readonly height: number }) {
  const across = Math.max(0, canvas.width - drawn.width);
  const down = Math.max(0, canvas.height - drawn.height);
  return { left: across >> 1, right: across - (across >> 1), top: down >> 1, bottom: down - (down >> 1) };
}
