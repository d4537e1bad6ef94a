import { useState } from 'react';
import type { PointerEvent, RefObject } from 'react';
import { formatDuration } from '../i18n/format.ts';
import type { Viewable } from './kind.ts';
import { SeekRange } from './seek-range.tsx';

/** Frames in the strip when the server does not say how many it made. */
const TILES = 10;
/** Width of the frame that stands over the pointer, in CSS pixels. */
const LOOK = 160;

/** Frames of the film in a row under it: a press or a drag goes to that place, the pointer shows what is there. */
export function FilmStrip(props: {
  readonly asset: Viewable;
  readonly player: RefObject<HTMLVideoElement | null>;
  /** Seconds. */
  readonly at: number;
}) {
  const { asset, player, at } = props;
  const [look, setLook] = useState<{ part: number; room: number } | null>(null);
  const strip = asset.renditions?.find(({ name }) => name === 'storyboard');
  const duration = asset.duration ?? 0;
  if (strip === undefined || duration === 0 || strip.width === null || strip.height === null) return null;
  const tiles = tilesOf(asset);
  const ratio = strip.width / tiles / strip.height;
  const onMove = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setLook({ part: Math.max(0, Math.min(1, (event.clientX - left) / width)), room: width });
  };
  return (
    <label
      className="relative block h-10 w-full shrink-0 border-t border-line bg-panel"
      onPointerMove={onMove}
      onPointerLeave={() => setLook(null)}
    >
      <img
        src={strip.path}
        alt=""
        draggable={false}
        className="size-full object-cover object-center select-none"
      />
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 w-0.5 bg-accent"
        style={{ left: `calc(${100 * Math.min(1, at / duration)}% - 1px)` }}
      />
      {look === null ? null : (
        <Frame source={strip.path} tiles={tiles} ratio={ratio} duration={duration} {...look} />
      )}
      <SeekRange label="Place in the film" player={player} at={at} duration={duration} />
    </label>
  );
}

function Frame(props: {
  readonly source: string;
  readonly tiles: number;
  readonly ratio: number;
  readonly duration: number;
  readonly part: number;
  /** Width of the strip: the frame stays within it. */
  readonly room: number;
}) {
  const { source, tiles, ratio, duration, part, room } = props;
  const width = ratio >= 1 ? LOOK : LOOK * ratio;
  const tile = Math.min(tiles - 1, Math.floor(part * tiles));
  const left = Math.max(0, Math.min(room - width, part * room - width / 2));
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute bottom-full z-10 mb-1 block overflow-hidden rounded-sm border border-edge bg-raised"
      style={{ left, width }}
    >
      <span
        className="block"
        style={{
          height: width / ratio,
          backgroundImage: `url("${source}")`,
          backgroundSize: `${tiles * 100}% 100%`,
          backgroundPosition: `${tiles < 2 ? 0 : (tile / (tiles - 1)) * 100}% 0`,
        }}
      />
      <span className="block text-center text-label">{formatDuration(part * duration)}</span>
    </span>
  );
}

function tilesOf({ facts }: Viewable): number {
  const more = facts?.['more'];
  const said = typeof more === 'object' && more !== null ? Reflect.get(more, 'storyboardTiles') : undefined;
  return typeof said === 'number' && said >= 1 ? said : TILES;
}
