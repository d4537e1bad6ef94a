import { ChevronDown, ChevronUp, Minus, Plus } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { pagesOf } from './kind.ts';
import type { Viewable } from './kind.ts';
import { openPdf, pdfTrouble } from './pdf-open.ts';
import type { OpenPdf } from './pdf-open.ts';
import { PdfPage } from './pdf-page.tsx';
import './pdf.css';

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;
/** Around the pages, in CSS pixels. */
const MARGIN = 12;

/** All pages one below the other. The server's picture of the first stands in until they are there. */
export function PdfView({ asset, picture }: { readonly asset: Viewable; readonly picture: string | null }) {
  const [pdf, setPdf] = useState<OpenPdf | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const address = pagesOf(asset) ?? asset.file;
  useEffect(() => {
    let isGone = false;
    const { opened, close } = openPdf(address);
    setTrouble(null);
    opened.then(
      (found) => isGone || setPdf(found),
      (error: unknown) => isGone || setTrouble(pdfTrouble(error)),
    );
    return () => {
      isGone = true;
      setPdf(null);
      close();
    };
  }, [address, attempt]);

  if (pdf !== null) return <Pages pdf={pdf} name={asset.name} />;
  return (
    <div className="flex size-full flex-col">
      {picture === null ? (
        <div className="flex-1" />
      ) : (
        <img src={picture} alt={`First page of ${asset.name}`} className="min-h-0 flex-1 object-contain" />
      )}
      <div
        className="flex min-h-10 items-center justify-center gap-3 border-t border-line bg-panel px-3 py-1"
        role="status"
      >
        {trouble === null ? <span className="text-muted">Opening the pages …</span> : <span>{trouble}</span>}
        {trouble === null ? null : (
          <Button small onPress={() => setAttempt(attempt + 1)}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

function Pages({ pdf, name }: { readonly pdf: OpenPdf; readonly name: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [zoom, setZoom] = useState(1);
  const [at, setAt] = useState(1);
  const count = pdf.document.numPages;

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setRoom(element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  const goTo = useCallback(
    (page: number) => {
      const wanted = Math.max(1, Math.min(count, page));
      const element = scroller.current?.querySelector<HTMLElement>(`[data-page="${wanted}"]`);
      if (element !== null && element !== undefined)
        scroller.current?.scrollTo({ top: element.offsetTop - MARGIN });
      setAt(wanted);
    },
    [count],
  );

  /** The same place of the document stays in sight. */
  function zoomTo(next: number): void {
    const element = scroller.current;
    const part = element === null ? 0 : element.scrollTop / element.scrollHeight;
    setZoom(next);
    requestAnimationFrame(() => element?.scrollTo({ top: part * element.scrollHeight }));
  }
  const step = (up: boolean) =>
    zoomTo((up ? ZOOMS.find((one) => one > zoom) : ZOOMS.findLast((one) => one < zoom)) ?? zoom);

  const keys: Readonly<Record<string, () => void>> = {
    PageDown: () => goTo(at + 1),
    PageUp: () => goTo(at - 1),
    Home: () => goTo(1),
    End: () => goTo(count),
    '+': () => step(true),
    '=': () => step(true),
    '-': () => step(false),
  };
  function onKeyDown(event: KeyboardEvent): void {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (act === undefined) return;
    // The library behind has other plans for these keys.
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  const fitted = Math.min(Math.max(0, room - 2 * MARGIN), 900);
  return (
    <div className="flex size-full flex-col">
      <div
        ref={scroller}
        role="region"
        aria-label={`Pages of ${name}`}
        tabIndex={0}
        className="relative min-h-0 flex-1 overflow-auto"
        onKeyDown={onKeyDown}
        onScroll={() => setAt(pageAt(scroller.current) ?? at)}
      >
        <div className="mx-auto flex w-max min-w-full flex-col items-center gap-3 p-3">
          {room === 0
            ? null
            : Array.from({ length: count }, (_, index) => (
                <PdfPage
                  key={index}
                  document={pdf.document}
                  number={index + 1}
                  width={Math.round(fitted * zoom)}
                  ratio={pdf.ratio}
                />
              ))}
        </div>
      </div>
      <Bar at={at} count={count} zoom={zoom} goTo={goTo} step={step} fit={() => zoomTo(1)} />
    </div>
  );
}

/** The page that holds the upper third of the view. */
function pageAt(scroller: HTMLDivElement | null): number | null {
  if (scroller === null) return null;
  const line = scroller.scrollTop + scroller.clientHeight / 3;
  const pages = [...scroller.querySelectorAll<HTMLElement>('[data-page]')];
  const found = pages.findLast((page) => page.offsetTop <= line) ?? pages[0];
  return found === undefined ? null : Number(found.dataset['page']);
}

function Bar(props: {
  readonly at: number;
  readonly count: number;
  readonly zoom: number;
  readonly goTo: (page: number) => void;
  readonly step: (up: boolean) => void;
  readonly fit: () => void;
}) {
  const { at, count, zoom, goTo, step, fit } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const leave = () => {
    if (typed !== null && /^\d+$/.test(typed)) goTo(Number(typed));
    setTyped(null);
  };
  return (
    <div
      role="toolbar"
      aria-label="Pages"
      className="flex min-h-10 shrink-0 flex-wrap items-center justify-center gap-1 border-t border-line bg-panel px-2"
    >
      <IconButton small label="Previous page (Page up)" isDisabled={at <= 1} onPress={() => goTo(at - 1)}>
        <ChevronUp size={16} aria-hidden />
      </IconButton>
      <IconButton small label="Next page (Page down)" isDisabled={at >= count} onPress={() => goTo(at + 1)}>
        <ChevronDown size={16} aria-hidden />
      </IconButton>
      <div className="flex items-center gap-1.5">
        <span className="text-muted">Page</span>
        <input
          aria-label="Page number"
          className="field w-12 text-center"
          inputMode="numeric"
          value={typed ?? String(at)}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={leave}
          onKeyDown={(event) => {
            if (event.key === 'Enter') leave();
          }}
        />
        <span className="text-muted">of {count}</span>
      </div>
      <span className="mx-1 h-4 w-px bg-line" />
      <IconButton small label="Smaller (−)" isDisabled={zoom <= 0.5} onPress={() => step(false)}>
        <Minus size={16} aria-hidden />
      </IconButton>
      <span className="min-w-10 text-center tabular-nums">{Math.round(zoom * 100)} %</span>
      <IconButton small label="Larger (+)" isDisabled={zoom >= 4} onPress={() => step(true)}>
        <Plus size={16} aria-hidden />
      </IconButton>
      <Button small tone="quiet" className="max-sm:hidden" onPress={fit}>
        Fit width
      </Button>
    </div>
  );
}
