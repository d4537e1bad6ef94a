import { readFile } from 'node:fs/promises';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import sharp from 'sharp';
import type { Description, KindContext, MadeRendition, MediaKind } from './contract.ts';
import { isLegacyOffice, isOffice } from './office-format.ts';
import { sweepText } from './office-legacy.ts';
import { drawPages } from './office-pages.ts';
import { CannotDecode, noPreview } from './outcome.ts';
import { FRAME_SIDE, lookOf, toRaster, writeWebp } from './picture.ts';
import { clipText } from './text-clip.ts';

const MAX_BYTES = 128 * 1024 * 1024;
const MAX_PART = 24 * 1024 * 1024;
const MAX_TOTAL = 64 * 1024 * 1024;
const MAX_RATIO = 400;

const TEXT_PARTS =
  /^(word\/(document|footnotes|comments)\.xml|ppt\/slides\/slide\d+\.xml|ppt\/notesSlides\/notesSlide\d+\.xml|xl\/sharedStrings\.xml|content\.xml)$/;
const PICTURE_PARTS = /^(docProps\/thumbnail\.(jpe?g|png)|Thumbnails\/thumbnail\.png)$/i;

/**
 * Word, Excel, PowerPoint and OpenDocument files: their text, and their pages where LibreOffice lays them out, else the
 * little picture that some carry inside.
 */
export const office: MediaKind = {
  name: 'office',
  accepts: ({ mime }) => isOffice(mime),
  async describe(source, context) {
    if (source.size > MAX_BYTES) return noPreview('no_preview_for_type');
    const isLegacy = isLegacyOffice(source.detected.mime);
    const bytes = await readFile(source.path);
    const parts = isLegacy ? {} : readParts(bytes);
    const text = isLegacy ? sweepText(bytes) : textOf(parts);
    const base = (await drawPages(source, context)) ?? (await withoutPages(parts, context));
    return text === '' ? base : { ...base, text };
  },
};

async function withoutPages(parts: Record<string, Uint8Array>, context: KindContext): Promise<Description> {
  const found = Object.entries(parts).find(([name]) => PICTURE_PARTS.test(name));
  const picture = found === undefined ? null : await drawPicture(found[1], context);
  const isMissing = context.tools.office === null;
  return picture ?? noPreview(isMissing ? 'waiting_for_libreoffice' : 'no_decoder_for_format');
}

/** Inflates only the parts we read, each into a buffer of its declared size, which bounds a lying header as well. */
function readParts(bytes: Buffer): Record<string, Uint8Array> {
  let total = 0;
  const filter = (file: UnzipFileInfo): boolean => {
    if (!TEXT_PARTS.test(file.name) && !PICTURE_PARTS.test(file.name)) return false;
    const bomb = file.originalSize > MAX_PART || file.originalSize > MAX_RATIO * Math.max(file.size, 256);
    if (bomb || total + file.originalSize > MAX_TOTAL) return false;
    total += file.originalSize;
    return true;
  };
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    throw new CannotDecode('damaged', error);
  }
}

function textOf(parts: Record<string, Uint8Array>): string {
  const inOrder = Object.entries(parts)
    .filter(([name]) => TEXT_PARTS.test(name))
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return clipText(inOrder.map(([, part]) => plainText(Buffer.from(part).toString('utf8'))).join('\n'));
}

/** Paragraph ends become line ends, tags vanish, the five entities and numbers are resolved. */
function plainText(xml: string): string {
  return xml
    .replace(/<\/(w:p|a:p|text:p|text:h|si)>/g, '\n')
    .replace(/<(w:tab|w:br|text:tab|text:line-break)\b[^<>]*>/g, ' ')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(#x?[0-9a-f]{1,6}|amp|lt|gt|quot|apos);/gi, (_, name: string) => entity(name.toLowerCase()));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entity(name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name] ?? '';
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

async function drawPicture(bytes: Uint8Array, context: KindContext): Promise<Description | null> {
  try {
    const raster = await toRaster(
      sharp(bytes, { limitInputPixels: 50e6 })
        .timeout({ seconds: 5 })
        .resize(FRAME_SIDE, FRAME_SIDE, { fit: 'inside', withoutEnlargement: true }),
    );
    const thumbnail: MadeRendition = await writeWebp(raster, 'thumbnail', context.scratch);
    return { state: 'ready', facts: {}, renditions: [thumbnail], ...lookOf(raster) };
  } catch {
    return null;
  }
}
