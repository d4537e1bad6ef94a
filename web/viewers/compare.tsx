import { useEffect, useRef, useState } from 'react';
import type { Viewable } from './kind.ts';
import { checkerOf, pictureOf, viewerOf } from './kind.ts';
import { Button } from '../ui/button.tsx';
import { panWithin, zoomAt } from './zoom.ts';
import type { Placement } from './zoom.ts';

export const COMPARE_MODES = ['side', 'slider', 'flicker'] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];
const WORDS: Readonly<Record<CompareMode, string>> = {
  side: 'Side by side',
  slider: 'Slider',
  flicker: 'Flicker',
};
const FIT: Placement = { scale: 1, x: 0, y: 0 };
const FLICKER_MS = 700;
const ZOOM_MOST = 16;

export interface Compared extends Viewable {
  /** What tells it from the other, such as "1920 × 1080 · 2.1 MB". */
  readonly caption: string;
}

export interface CompareProps {
  readonly left: Compared;
  readonly right: Compared;
}

/** Two pictures or videos in step: zoom, place and time of one are those of the other. */
export function Compare({ left, right }: CompareProps) {
  const [mode, setMode] = useState<CompareMode>('side');
  const [placement, setPlacement] = useState(FIT);
  const box = useRef<HTMLDivElement>(null);
  const videos = useRef<(HTMLVideoElement | null)[]>([null, null]);
  useEffect(() => setPlacement(FIT), [left.id, right.id]);
  const isVideo = viewerOf(left) === 'video' && viewerOf(right) === 'video';

  function zoom(factor: number, at?: { clientX: number; clientY: number }): void {
    const frame = box.current?.getBoundingClientRect();
    if (frame === undefined) return;
    const half = mode === 'side' ? { width: frame.width / 2, height: frame.height } : frame;
    const x = at === undefined ? 0 : ((at.clientX - frame.left) % half.width) - half.width / 2;
    const y = at === undefined ? 0 : at.clientY - frame.top - half.height / 2;
    setPlacement((now) =>
      panWithin(zoomAt(now, Math.max(1, Math.min(ZOOM_MOST, now.scale * factor)), { x, y }), half),
    );
  }
  const latest = useRef(zoom);
  useEffect(() => {
    latest.current = zoom;
  });
  // React listens passively to wheels; only our own listener may keep the page from zooming.
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      latest.current(Math.exp(-event.deltaY / 200), event);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  function pan(event: React.PointerEvent): void {
    const frame = box.current?.getBoundingClientRect();
    if (frame === undefined || placement.scale === 1 || event.buttons === 0) return;
    const { movementX, movementY } = event;
    setPlacement((now) => panWithin({ ...now, x: now.x + movementX, y: now.y + movementY }, frame));
  }

  /** The second follows the first: played, paused and placed with it. */
  function inStep(): void {
    const [first, second] = videos.current;
    if (first === null || second === null || first === undefined || second === undefined) return;
    if (Math.abs(first.currentTime - second.currentTime) > 0.1) second.currentTime = first.currentTime;
    if (first.paused === second.paused) return;
    if (first.paused) second.pause();
    // A browser may refuse to play what nobody pressed; the first then plays alone.
    else second.play().catch(() => undefined);
  }

  const sideProps = (asset: Compared, at: number) => ({
    asset,
    placement,
    isVideo,
    hold: (element: HTMLVideoElement | null) => {
      videos.current[at] = element;
    },
    onTime: at === 0 ? inStep : undefined,
  });
  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-1" role="group" aria-label="How to compare">
        {COMPARE_MODES.map((one) => (
          <Button key={one} small tone="quiet" aria-pressed={mode === one} onPress={() => setMode(one)}>
            {WORDS[one]}
          </Button>
        ))}
        <span className="ml-auto flex items-center gap-1">
          <Button small tone="quiet" aria-label="Zoom out" onPress={() => zoom(0.5)}>
            −
          </Button>
          <span className="w-12 text-center text-muted">{Math.round(placement.scale * 100)} %</span>
          <Button small tone="quiet" aria-label="Zoom in" onPress={() => zoom(2)}>
            +
          </Button>
          <Button small tone="quiet" onPress={() => setPlacement(FIT)}>
            Fit
          </Button>
        </span>
      </div>
      <div
        ref={box}
        className={`relative min-h-0 flex-1 overflow-hidden rounded-md bg-bg ${placement.scale > 1 ? 'cursor-grab touch-none' : ''}`}
        onPointerMove={pan}
        onDoubleClick={(event) => (placement.scale > 1 ? setPlacement(FIT) : zoom(3, event))}
      >
        {mode === 'side' ? (
          <div className="grid size-full grid-cols-2 gap-1">
            <Side {...sideProps(left, 0)} />
            <Side {...sideProps(right, 1)} />
          </div>
        ) : (
          <Stacked mode={mode}>
            <Side {...sideProps(left, 0)} />
            <Side {...sideProps(right, 1)} />
          </Stacked>
        )}
      </div>
    </div>
  );
}

/** One above the other: uncovered by a slider, or by turns. */
function Stacked(props: {
  readonly mode: 'slider' | 'flicker';
  readonly children: readonly [React.ReactNode, React.ReactNode];
}) {
  const { mode, children } = props;
  const [at, setAt] = useState(50);
  const [first, setFirst] = useState(true);
  useEffect(() => {
    if (mode !== 'flicker') return;
    // Under reduced motion nothing changes by itself; the button below turns by hand.
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => setFirst((old) => !old), FLICKER_MS);
    return () => clearInterval(timer);
  }, [mode]);
  const clip = mode === 'slider' ? `inset(0 ${100 - at}% 0 0)` : first ? undefined : 'inset(0 100% 0 0)';
  return (
    <>
      <div className="absolute inset-0">{children[1]}</div>
      <div className="absolute inset-0 bg-bg" style={{ clipPath: clip }}>
        {children[0]}
      </div>
      {mode === 'slider' ? (
        <>
          <div
            className="pointer-events-none absolute inset-y-0 w-0.5 bg-accent"
            style={{ left: `${at}%` }}
          />
          <input
            type="range"
            aria-label="How much of the first is uncovered"
            className="absolute inset-x-2 bottom-2 accent-accent"
            value={at}
            onChange={(event) => setAt(Number(event.target.value))}
          />
        </>
      ) : (
        <Button small className="absolute right-2 bottom-2 bg-raised" onPress={() => setFirst((old) => !old)}>
          {first ? 'Show the other' : 'Show the first'}
        </Button>
      )}
    </>
  );
}

function Side(props: {
  readonly asset: Compared;
  readonly placement: Placement;
  readonly isVideo: boolean;
  readonly hold: (element: HTMLVideoElement | null) => void;
  readonly onTime: (() => void) | undefined;
}) {
  const { asset, placement, isVideo, hold, onTime } = props;
  const picture = pictureOf(asset);
  const style = {
    transform: `translate(${placement.x}px, ${placement.y}px) scale(${placement.scale})`,
  };
  return (
    <figure className="relative size-full min-w-0 overflow-hidden">
      {isVideo ? (
        <video
          ref={hold}
          src={asset.file}
          controls={onTime !== undefined}
          muted
          preload="metadata"
          className="size-full object-contain"
          style={style}
          onTimeUpdate={onTime}
          onPlay={onTime}
          onPause={onTime}
          onSeeked={onTime}
        />
      ) : picture === null ? (
        <p className="grid size-full place-items-center p-4 text-center text-muted">
          There is no picture of this file. Compare its facts.
        </p>
      ) : (
        <img
          src={picture}
          alt={asset.name}
          draggable={false}
          data-checker={checkerOf(asset)}
          className="size-full object-contain select-none"
          style={style}
        />
      )}
      <figcaption className="absolute top-1 left-1 max-w-[calc(100%-8px)] truncate rounded-sm bg-raised px-1.5 text-label">
        {asset.caption}
      </figcaption>
    </figure>
  );
}
