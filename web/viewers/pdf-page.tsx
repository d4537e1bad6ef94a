import { RenderingCancelledException, TextLayer } from 'pdfjs-dist';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';

/** Pixels of one canvas; browsers refuse much larger ones, and a phone has little room. */
const MOST_PIXELS = 16_000_000;

export interface PdfPageProps {
  readonly document: PDFDocumentProxy;
  readonly number: number;
  /** CSS pixels. */
  readonly width: number;
  /** Height by width until the page itself is known. */
  readonly ratio: number;
}

/** One page. It is drawn when it comes near the view and let go of when it is far, so that memory stays bounded. */
export function PdfPage({ document, number, width, ratio }: PdfPageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [own, setOwn] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const watcher = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      root: element.parentElement?.parentElement ?? null,
      rootMargin: '60% 0px',
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  useEffect(() => {
    const element = frame.current;
    if (!near || element === null) return;
    setFailed(false);
    const drawing = draw(document, { number, width, frame: element, tell: setOwn });
    drawing.done.catch((error: unknown) => {
      if (!(error instanceof RenderingCancelledException)) setFailed(true);
    });
    return drawing.stop;
  }, [document, near, number, width]);

  return (
    <div
      ref={frame}
      data-page={number}
      role="group"
      aria-label={`Page ${number}`}
      className="pdf-page"
      style={{ width, height: width * (own ?? ratio) }}
    >
      {failed ? (
        <p className="p-4 text-center text-muted">
          Page {number} cannot be drawn. The download has it as it is.
        </p>
      ) : null}
    </div>
  );
}

interface Drawing {
  readonly done: Promise<void>;
  readonly stop: () => void;
}

interface Wanted {
  readonly number: number;
  readonly width: number;
  readonly frame: HTMLElement;
  readonly tell: (ratio: number) => void;
}

/** Draws aside and shows the page when it is whole; the former drawing stays until then. */
function draw(pdf: PDFDocumentProxy, { number, width, frame, tell }: Wanted): Drawing {
  let isStopped = false;
  let cancel = (): void => undefined;
  const layers: HTMLElement[] = [];
  const run = async (): Promise<void> => {
    const page = await pdf.getPage(number);
    if (isStopped) return;
    const plain = page.getViewport({ scale: 1 });
    tell(plain.height / plain.width);
    const viewport = page.getViewport({ scale: width / plain.width });
    const density = Math.min(
      window.devicePixelRatio,
      Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)),
    );
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width * density);
    canvas.height = Math.floor(viewport.height * density);
    canvas.setAttribute('aria-hidden', 'true');
    const task = page.render({ canvas, viewport, transform: [density, 0, 0, density, 0, 0] });
    cancel = () => task.cancel();
    await task.promise;
    if (isStopped) return;
    layers.push(canvas);
    frame.append(canvas);
    const text = window.document.createElement('div');
    text.className = 'pdf-text';
    text.style.setProperty('--total-scale-factor', String(viewport.scale));
    const layer = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
    cancel = () => layer.cancel();
    await layer.render();
    if (isStopped) return;
    layers.push(text);
    frame.append(text);
  };
  return {
    done: run(),
    stop: () => {
      isStopped = true;
      cancel();
      for (const layer of layers) layer.remove();
    },
  };
}
