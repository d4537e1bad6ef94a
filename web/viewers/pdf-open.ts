import { GlobalWorkerOptions, getDocument, version } from 'pdfjs-dist';
import type { PDFDocumentProxy } from 'pdfjs-dist';

GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href;

/** Where our build puts what is read while pages are drawn (vite.config.ts). */
const DATA = `/assets/pdfjs-dist-${version}/`;

export interface OpenPdf {
  readonly document: PDFDocumentProxy;
  /** Height by width of the first page; the others are taken to be alike until they are drawn. */
  readonly ratio: number;
  /** CSS pixels of the first page at 100 %. */
  readonly width: number;
}

/**
 * Opens a document in a worker. Only the parts that are looked at are fetched, and character maps, standard fonts and
 * decoders come from our own build: a document can make the page ask nobody else.
 */
export function openPdf(address: string): { opened: Promise<OpenPdf>; close: () => void } {
  const task = getDocument({
    url: address,
    cMapUrl: `${DATA}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${DATA}standard_fonts/`,
    wasmUrl: `${DATA}wasm/`,
    iccUrl: `${DATA}iccs/`,
    rangeChunkSize: 256 * 1024,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    stopAtErrors: false,
  });
  const opened = task.promise.then(async (document) => {
    const { width, height } = (await document.getPage(1)).getViewport({ scale: 96 / 72 });
    return { document, ratio: height / width, width };
  });
  return { opened, close: () => void task.destroy() };
}

/** Why a document does not open, in words that say what helps. */
export function pdfTrouble(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException')
    return 'The document is locked by a password. Download it and open it with the password.';
  if (name === 'InvalidPDFException') return 'The document is damaged and its pages cannot be drawn.';
  return 'The pages cannot be drawn here at the moment. Try again, or download the document.';
}
