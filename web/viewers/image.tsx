import { useEffect, useRef, useState } from 'react';
import { ImageOff } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { panWithin, zoomAt } from './zoom.ts';
import type { Placement } from './zoom.ts';

export interface ImageViewProps {
  readonly src: string;
  /** The original for 100 %; fetched only then. */
  readonly full: string;
  readonly alt: string;
  /** Behind transparent pictures. */
  readonly checker: 'light' | 'dark' | 'theme' | undefined;
  readonly width: number | null;
  readonly height: number | null;
}

const FIT: Placement = { scale: 1, x: 0, y: 0 };

/** Fits the picture; the wheel with Ctrl, a double click or the buttons zoom, dragging pans. */
export function ImageView({ src, full, alt, checker, width, height }: ImageViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const [placement, setPlacement] = useState(FIT);
  const [failed, setFailed] = useState(false);
  const zoomed = placement.scale > 1;

  useEffect(() => {
    setPlacement(FIT);
    setFailed(false);
  }, [src]);

  /** How much larger than fitted 100 % is, in CSS pixels; 1 when the picture is smaller than its frame. */
  function fullScale(): number {
    const shown = picture.current?.clientWidth ?? 0;
    const own = width ?? picture.current?.naturalWidth ?? 0;
    return shown === 0 ? 1 : Math.max(1, own / shown);
  }

  function zoom(scale: number, at?: { clientX: number; clientY: number }): void {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined) return;
    const x = at === undefined ? 0 : at.clientX - box.left - box.width / 2;
    const y = at === undefined ? 0 : at.clientY - box.top - box.height / 2;
    setPlacement((now) => panWithin(zoomAt(now, Math.max(1, Math.min(16, scale)), { x, y }), box));
  }

  // React listens passively to wheels; only our own listener may keep the page from zooming.
  const zoomLatest = useRef(zoom);
  useEffect(() => {
    zoomLatest.current = zoom;
  });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const now = Number(element.dataset['scale']);
      zoomLatest.current(now * Math.exp(-event.deltaY / 200), event);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  function pan(event: React.PointerEvent): void {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { movementX, movementY } = event;
    setPlacement((now) => panWithin({ ...now, x: now.x + movementX, y: now.y + movementY }, box));
  }

  if (failed) {
    return (
      <p className="flex size-full flex-col items-center justify-center gap-2 p-6 text-center text-muted">
        <ImageOff size={28} aria-hidden />
        The picture could not be loaded. Reload it or download the file.
      </p>
    );
  }
  return (
    <div className="group relative size-full">
      <div
        ref={frame}
        data-scale={placement.scale}
        className={`size-full touch-none overflow-hidden ${zoomed ? 'cursor-grab active:cursor-grabbing' : ''}`}
        onDoubleClick={(event) => zoom(zoomed ? 1 : Math.max(2, fullScale()), event)}
        onPointerDown={(event) => zoomed && event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={pan}
      >
        <div
          className="flex size-full items-center justify-center"
          style={{ transform: `translate(${placement.x}px, ${placement.y}px) scale(${placement.scale})` }}
        >
          <img
            ref={picture}
            src={zoomed ? full : src}
            alt={alt}
            draggable={false}
            onError={() => setFailed(true)}
            {...(width === null || height === null ? {} : { width, height })}
            data-checker={checker}
            className="max-h-full max-w-full object-contain select-none"
          />
        </div>
      </div>
      <div className="absolute right-2 bottom-2 flex gap-1 rounded-md bg-raised pointer-fine:opacity-0 pointer-fine:group-focus-within:opacity-100 pointer-fine:group-hover:opacity-100">
        <Button small tone="quiet" aria-pressed={!zoomed} onPress={() => setPlacement(FIT)}>
          Fit
        </Button>
        <Button small tone="quiet" aria-pressed={zoomed} onPress={() => zoom(Math.max(fullScale(), 1.001))}>
          100 %
        </Button>
      </div>
    </div>
  );
}
