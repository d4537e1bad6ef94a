import { readFile } from 'node:fs/promises';
import { type PDFiumDocument, PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium';
import type { Description, KindContext, MediaKind } from './contract.ts';
import { CannotDecode, failed } from './outcome.ts';
import { FRAME_SIDE, lookOf, PREVIEW_SIDE, writeWebp } from './picture.ts';
import type { Raster } from './raster.ts';
import { clipText } from './text-clip.ts';
import { TOOL_VERSIONS } from './tool-versions.ts';

const MAX_BYTES = 256 * 1024 * 1024;
const TEXT_PAGES = 500;
const TEXT_MILLISECONDS = 4000;

let library: Promise<PDFiumLibrary> | null = null;

export const pdf: MediaKind = {
  name: 'pdf',
  accepts: (detected) => detected.mime === 'application/pdf',
  async describe(source, context) {
    if (source.size > MAX_BYTES) throw new CannotDecode('too_large');
    library ??= PDFiumLibrary.init();
    const document = await openDocument(await library, await readFile(source.path));
    if (document === null) return failed('protected');
    try {
      return await describeDocument(document, context);
    } catch (error) {
      if (error instanceof CannotDecode) throw error;
      context.signal.throwIfAborted();
      // After a trap the instance is in an unknown state: the next file gets a fresh one.
      library = null;
      throw new CannotDecode('damaged', error);
    } finally {
      closeQuietly(document);
    }
  },
};

/** Null when a password is needed. */
async function openDocument(pdfium: PDFiumLibrary, bytes: Buffer): Promise<PDFiumDocument | null> {
  try {
    return await pdfium.loadDocument(bytes);
  } catch (error) {
    const protectedByPassword = error instanceof Error && /password|security/i.test(error.message);
    if (protectedByPassword) return null;
    library = null;
    throw new CannotDecode('damaged', error);
  }
}

async function describeDocument(document: PDFiumDocument, context: KindContext): Promise<Description> {
  const pages = document.getPageCount();
  if (pages < 1) throw new CannotDecode('damaged');
  // Text first: drawing closes the page, and text asked for afterwards traps.
  const text = readText(document, pages);
  const page = document.getPage(0);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const small = await draw(page, FRAME_SIDE);
  const thumbnail = named(await writeWebp(small, 'thumbnail', context.scratch));
  const first: Description = {
    state: 'ready',
    facts: {
      pages,
      width: Math.round(originalWidth),
      height: Math.round(originalHeight),
      more: { unit: 'points' },
    },
    renditions: [thumbnail],
    ...lookOf(small),
    ...(text === '' ? {} : { text }),
  };
  context.early?.(first);
  context.signal.throwIfAborted();
  const large = await draw(document.getPage(0), PREVIEW_SIDE);
  const preview = named(await writeWebp(large, 'preview', context.scratch));
  return { ...first, renditions: [thumbnail, preview] };
}

function named<T extends object>(rendition: T): T & { tool: string; toolVersion: string } {
  return { ...rendition, tool: 'pdfium', toolVersion: TOOL_VERSIONS.pdfium };
}

/** Draws a page to a square of `side` pixels: a page of kilometres costs no more than one of paper. */
async function draw(page: PDFiumPage, side: number): Promise<Raster> {
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const longest = Math.max(originalWidth, originalHeight);
  const shortest = Math.min(originalWidth, originalHeight);
  if (!Number.isFinite(longest) || shortest <= 0 || shortest / longest < 1 / 500)
    throw new CannotDecode('damaged');
  const scale = Math.min(4, side / longest);
  const { data, width, height } = await page.render({ scale, render: 'bitmap', colorSpace: 'BGRA' });
  return { data, width, height };
}

function readText(document: PDFiumDocument, pages: number): string {
  const deadline = Date.now() + TEXT_MILLISECONDS;
  let text = '';
  for (let i = 0; i < Math.min(pages, TEXT_PAGES) && Date.now() < deadline && text.length < 200_000; i += 1) {
    try {
      text += `${document.getPage(i).getText()}\n`;
    } catch {
      // A broken page must not hide the others; drawing the first one will tell whether the file is usable.
    }
  }
  return clipText(text);
}

function closeQuietly(document: PDFiumDocument): void {
  try {
    document.destroy();
  } catch {
    library = null;
  }
}
