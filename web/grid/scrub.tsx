import { useEffect, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import type { AssetCard } from '../../client/index.ts';
import { client } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { formatDuration } from '../i18n/format.ts';

/** Frames in the strip that the server makes of a clip, from left to right. */
const TILES = 10;
/** A pointer that only passes over the cards loads nothing. */
const DWELL_MS = 120;

interface Strip {
  readonly source: string;
  /** Width of one frame by its height. */
  readonly ratio: number;
}

interface At {
  readonly part: number;
  readonly width: number;
  readonly height: number;
}

/** Over a clip's picture: the pointer's place picks the frame. */
export function Scrub({ card }: { readonly card: AssetCard }) {
  const b = useBrand();
  const [strip, setStrip] = useState<Strip | null>(null);
  const [at, setAt] = useState<At | null>(null);
  const dwell = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(dwell.current), []);

  const load = () => {
    const image = new Image();
    image.src = client.url('files.rendition', { b, id: card.id, name: 'storyboard', version: card.version });
    // A clip without a strip keeps its still picture.
    image.addEventListener('load', () =>
      setStrip({ source: image.src, ratio: image.naturalWidth / TILES / image.naturalHeight }),
    );
  };
  const onPointerEnter = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse' || strip !== null) return;
    dwell.current = setTimeout(load, DWELL_MS);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse') return;
    const { left, width, height } = event.currentTarget.getBoundingClientRect();
    setAt({ part: Math.min(0.999, Math.max(0, (event.clientX - left) / width)), width, height });
  };
  const onPointerLeave = () => {
    clearTimeout(dwell.current);
    setAt(null);
  };

  return (
    <div
      className="absolute inset-0"
      onPointerEnter={onPointerEnter}
      onPointerMove={onPointerMove}
      onPointerLeave={onPointerLeave}
    >
      {strip === null || at === null ? null : <Frame strip={strip} at={at} duration={card.duration} />}
    </div>
  );
}

function Frame({
  strip,
  at,
  duration,
}: {
  readonly strip: Strip;
  readonly at: At;
  readonly duration: number | null;
}) {
  // The frame covers the picture as the still one does.
  const isWide = strip.ratio > at.width / at.height;
  const height = isWide ? at.height : at.width / strip.ratio;
  const width = height * strip.ratio;
  const left = (at.width - width) / 2 - Math.floor(at.part * TILES) * width;
  return (
    <>
      <div
        className="absolute inset-0"
        style={{
          backgroundImage: `url("${strip.source}")`,
          backgroundSize: `${width * TILES}px ${height}px`,
          backgroundPosition: `${left}px ${(at.height - height) / 2}px`,
          // Beside a narrow frame nothing of its neighbours may show.
          clipPath: `inset(0 ${Math.max(0, (at.width - width) / 2)}px)`,
        }}
      />
      <div className="absolute bottom-0 h-0.5 bg-accent" style={{ width: `${at.part * 100}%` }} />
      {duration === null ? null : (
        <span className="card-mark absolute right-1.5 bottom-2">{formatDuration(at.part * duration)}</span>
      )}
    </>
  );
}
