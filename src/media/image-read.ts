import { open, readFile } from 'node:fs/promises';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { bmpSize, readBmp } from './bmp.ts';
import type { Facts, KindContext, MediaSource } from './contract.ts';
import { grabFrame, versionOfFfmpeg, words } from './ffmpeg.ts';
import { drawHeif } from './image-heif.ts';
import { CannotDecode, OutOfMemory } from './outcome.ts';
import { fitRaster, toRaster } from './picture.ts';
import type { Raster } from './raster.ts';

/** Pixels of one frame above which nothing is decoded. */
const MAX_PIXELS = 200e6;
const MAX_SVG_BYTES = 16 * 1024 * 1024;
const MAX_BMP_BYTES = 160 * 1024 * 1024;
const SECONDS = 8;

const BY_FFMPEG = new Set([
  'image/vnd.adobe.photoshop',
  'image/x-exr',
  'image/x-icon',
  'image/jp2',
  'image/jpx',
  'image/j2c',
  'image/jxl',
  'image/x-tga',
  'image/vnd-ms.dds',
]);
const BY_SHARP = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/gif',
  'image/webp',
  'image/tiff',
  'image/avif',
]);

/** A picture whose header has been read and that can be drawn at any size. */
export interface OpenPicture {
  readonly facts: Facts;
  /** Draws it to fit a square of `side` pixels, never enlarged (vectors excepted). */
  draw(side: number): Promise<Raster>;
  /** True once a draw met damage and showed what it could. */
  damaged(): boolean;
  /** What decoded it, when that is not sharp. */
  readonly tool?: { readonly name: string; readonly version: string };
}

/** Opens a still picture by its detected type. Throws CannotDecode or OutOfMemory. */
export async function openPicture(source: MediaSource, context: KindContext): Promise<OpenPicture> {
  const { mime } = source.detected;
  if (mime === 'image/svg+xml') return openSvg(source);
  if (mime === 'image/avif') return openAvif(source, context);
  if (BY_SHARP.has(mime)) return openWithSharp(source);
  if (mime === 'image/bmp') return (await openBmp(source)) ?? openWithFfmpeg(source, context);
  if (BY_FFMPEG.has(mime)) return openWithFfmpeg(source, context);
  if (mime === 'image/heic' || mime === 'image/heif') return openHeif(source, context);
  throw new CannotDecode('no_decoder_for_format');
}

async function openWithSharp(source: MediaSource): Promise<OpenPicture> {
  const metadata = await readMetadata(source.path);
  let damaged = false;
  const draw = async (side: number, failOn: 'warning' | 'none'): Promise<Raster> => {
    const options: SharpOptions = { limitInputPixels: MAX_PIXELS, failOn, sequentialRead: true };
    return toRaster(
      sharp(source.path, options)
        .timeout({ seconds: SECONDS })
        .autoOrient()
        .resize(side, side, { fit: 'inside', withoutEnlargement: true }),
    );
  };
  return {
    facts: factsOf(metadata),
    damaged: () => damaged,
    async draw(side) {
      try {
        return await draw(side, damaged ? 'none' : 'warning');
      } catch (error) {
        rethrowLimits(error);
        // Only this reader fills what is missing with grey. The others leave whatever their memory held before, which
        // may be another picture, of another brand.
        if (metadata.format !== 'jpeg') throw new CannotDecode('damaged', error);
        damaged = true;
      }
      try {
        return await draw(side, 'none');
      } catch (error) {
        rethrowLimits(error);
        throw new CannotDecode('damaged', error);
      }
    },
  };
}

/** Of a sequence without a still picture beside it, ffmpeg shows the first frame. */
async function openAvif(source: MediaSource, context: KindContext): Promise<OpenPicture> {
  try {
    return await openWithSharp(source);
  } catch (error) {
    if (!(error instanceof CannotDecode) || !(await isAvifSequence(source.path))) throw error;
    const picture = await openWithFfmpeg(source, context);
    return { ...picture, facts: { ...picture.facts, animated: true } };
  }
}

async function isAvifSequence(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0);
    return buffer.toString('latin1', 4, 12) === 'ftypavis';
  } finally {
    await file.close();
  }
}

async function readMetadata(input: string | Buffer, options: SharpOptions = {}): Promise<Metadata> {
  let metadata: Metadata;
  try {
    metadata = await sharp(input, { limitInputPixels: false, failOn: 'none', ...options }).metadata();
  } catch (error) {
    rethrowLimits(error);
    throw new CannotDecode('damaged', error);
  }
  if (metadata.width * (metadata.pageHeight ?? metadata.height) > MAX_PIXELS)
    throw new CannotDecode('too_large');
  return metadata;
}

/** Limits are no damage: a large sound file must not be called broken. */
function rethrowLimits(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (/(out of|insufficient) memory|bad seek|failed to allocate|cannot allocate/i.test(message))
    throw new OutOfMemory(error);
  if (/pixel limit|too large|exceeds|load limit|maximum number|huge|timeout: /i.test(message)) {
    throw new CannotDecode('too_large', error);
  }
}

const BITS: Readonly<Record<string, number>> = {
  uchar: 8,
  char: 8,
  ushort: 16,
  short: 16,
  uint: 32,
  int: 32,
  float: 32,
  double: 64,
};

function factsOf(metadata: Metadata): Facts {
  const frames = metadata.pages ?? 1;
  const animated = frames > 1 && metadata.format !== 'tiff';
  const seconds = (metadata.delay ?? []).reduce((sum, delay) => sum + delay, 0) / 1000;
  return {
    width: metadata.autoOrient.width,
    height: metadata.pageHeight ?? metadata.autoOrient.height,
    colourSpace: metadata.space,
    animated,
    frames: animated ? frames : 1,
    ...(frames > 1 && !animated ? { pages: frames } : {}),
    ...(animated && seconds > 0 && seconds < 1e6 ? { duration: seconds } : {}),
    // Only a channel so far; the pixels decide.
    transparent: metadata.hasAlpha,
    more: {
      ...(BITS[metadata.depth] === undefined ? {} : { bitsPerSample: BITS[metadata.depth] }),
      channels: metadata.channels,
      ...(metadata.density === undefined ? {} : { density: metadata.density }),
      ...(metadata.orientation === undefined ? {} : { orientation: metadata.orientation }),
      ...(metadata.compression === undefined ? {} : { compression: metadata.compression }),
      ...(metadata.hasProfile ? { colourProfile: true } : {}),
    },
  };
}

/** Vectors are drawn at the size that is needed, from a buffer, so that nothing beside the file can be read. */
async function openSvg(source: MediaSource): Promise<OpenPicture> {
  if (source.size > MAX_SVG_BYTES) throw new CannotDecode('too_large');
  const bytes = toUtf8(await readFile(source.path));
  const metadata = await readMetadata(bytes);
  const longest = Math.max(metadata.width, metadata.height);
  return {
    facts: {
      width: metadata.width,
      height: metadata.height,
      colourSpace: 'srgb',
      transparent: true,
      more: { vector: true },
    },
    damaged: () => false,
    async draw(side) {
      const density = Math.min(7200, Math.max(1, (72 * side) / longest));
      try {
        return await toRaster(
          sharp(bytes, { density, limitInputPixels: MAX_PIXELS })
            .timeout({ seconds: SECONDS })
            .resize(side, side, { fit: 'inside', withoutEnlargement: true }),
        );
      } catch (error) {
        rethrowLimits(error);
        throw new CannotDecode('damaged', error);
      }
    },
  };
}

/** The renderer wants UTF-8, browsers take UTF-16 as well. */
function toUtf8(bytes: Buffer): Buffer {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return relabel(bytes.subarray(2));
  if (first === 0xfe && second === 0xff)
    return relabel(Buffer.from(bytes.subarray(2, bytes.length & ~1)).swap16());
  return bytes;
}

function relabel(wide: Buffer): Buffer {
  return Buffer.from(
    wide.toString('utf16le').replace(/^(\s*<\?xml[^>]*encoding=)(["'])[^"']*\2/i, '$1"UTF-8"'),
  );
}

async function openBmp(source: MediaSource): Promise<OpenPicture | null> {
  if (source.size > MAX_BMP_BYTES) throw new CannotDecode('too_large');
  const file = await readFile(source.path);
  const size = bmpSize(file);
  if (size !== null && size.width * size.height > MAX_PIXELS) throw new CannotDecode('too_large');
  const read = readBmp(file);
  if (read === null) return null;
  return {
    facts: { width: read.raster.width, height: read.raster.height, colourSpace: 'srgb', transparent: true },
    damaged: () => !read.complete,
    draw: (side) => fitRaster(read.raster, side),
  };
}

const READER_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  // Targa has no magic number: its reader is forced, and opened for this file alone.
  'image/x-tga': words('-format_whitelist image2 -f image2 -pattern_type none -c:v targa'),
  // Light is stored as it is; without the curve of a screen the picture would be far too dark.
  'image/x-exr': words('-apply_trc iec61966_2_1'),
};

async function openWithFfmpeg(source: MediaSource, context: KindContext): Promise<OpenPicture> {
  if (context.tools.ffmpeg === null) throw new CannotDecode('waiting_for_ffmpeg');
  const before = READER_OPTIONS[source.detected.mime] ?? [];
  const frame = await grabFrame({ input: source.path, at: 0, before }, context);
  if (frame === null) throw new CannotDecode('damaged');
  return {
    facts: { width: frame.width, height: frame.height, transparent: true },
    damaged: () => false,
    draw: (side) => fitRaster(frame, side),
    tool: { name: 'ffmpeg', version: await versionOfFfmpeg(context) },
  };
}

/** The reader turns the picture as its container says; what EXIF says of turning is then said already. */
async function openHeif(source: MediaSource, context: KindContext): Promise<OpenPicture> {
  const { path, version } = await drawHeif(source, context);
  const { width, height, hasAlpha, space } = await readMetadata(path);
  return {
    facts: { width, height, colourSpace: space, transparent: hasAlpha },
    damaged: () => false,
    async draw(side) {
      try {
        return await toRaster(
          sharp(path, { limitInputPixels: MAX_PIXELS })
            .timeout({ seconds: SECONDS })
            .resize(side, side, { fit: 'inside', withoutEnlargement: true }),
        );
      } catch (error) {
        rethrowLimits(error);
        throw new CannotDecode('damaged', error);
      }
    },
    tool: { name: 'heif-convert', version },
  };
}
