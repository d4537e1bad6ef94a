import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { maxOffset } from './scroll.ts';
import type { Scroller } from './scroller.ts';

/** A word beside the rail, at a share of the way. */
export interface ScrubberMark {
  readonly part: number;
  readonly text: string;
}

export interface ScrubberProps {
  readonly scroller: Scroller;
  readonly marks: readonly ScrubberMark[];
  /** What stands at an offset, such as "May 2026" or "Card 1,000 of 20,000". */
  readonly labelAt: (offset: number) => string;
}

const STEPS: Readonly<Record<string, (size: { view: number; max: number }, offset: number) => number>> = {
  ArrowDown: ({ view }, offset) => offset + view / 4,
  ArrowRight: ({ view }, offset) => offset + view / 4,
  ArrowUp: ({ view }, offset) => offset - view / 4,
  ArrowLeft: ({ view }, offset) => offset - view / 4,
  PageDown: ({ max }, offset) => offset + max / 20,
  PageUp: ({ max }, offset) => offset - max / 20,
  Home: () => 0,
  End: ({ max }) => max,
};

/** The rail at the right of a long list: drag to any place of it, to the last of a million. */
export function Scrubber({ scroller, marks, labelAt }: ScrubberProps) {
  const rail = useRef<HTMLDivElement>(null);
  const thumb = useRef<HTMLDivElement>(null);
  const [label, setLabel] = useState<{ y: number; text: string } | null>(null);

  // It follows every pixel of scrolling, so it is moved by hand and not by a render.
  useEffect(() => {
    const follow = () => {
      const element = rail.current;
      if (element === null || thumb.current === null) return;
      thumb.current.style.top = `calc(${scroller.part} * (100% - 28px) + 12px)`;
      element.setAttribute('aria-valuenow', String(Math.round(scroller.part * 100)));
      element.setAttribute('aria-valuetext', labelAt(scroller.offset));
    };
    follow();
    return scroller.subscribe(follow);
  }, [scroller, labelAt]);

  const dragTo = (event: PointerEvent) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const y = event.clientY - bounds.top;
    const part = Math.min(1, Math.max(0, (y - 14) / (bounds.height - 28)));
    const offset = part * maxOffset(scroller.size);
    scroller.jump(offset);
    setLabel({ y, text: labelAt(offset) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    scroller.jump(step({ view: scroller.size.view, max: maxOffset(scroller.size) }, scroller.offset));
  };

  return (
    <div
      ref={rail}
      className="scrubber"
      role="slider"
      tabIndex={0}
      aria-label="Place in the list"
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        dragTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) dragTo(event);
      }}
      onPointerUp={() => setLabel(null)}
      onPointerCancel={() => setLabel(null)}
    >
      {(marks.length > 1 ? marks : []).map((mark) => (
        <span
          key={mark.text}
          className="scrubber-mark"
          style={{ top: `calc(${mark.part} * (100% - 28px) + 7px)` }}
        >
          {mark.text}
        </span>
      ))}
      <div ref={thumb} className="scrubber-thumb" />
      {label === null ? null : (
        <span className="scrubber-label" style={{ top: Math.max(0, label.y - 14) }}>
          {label.text}
        </span>
      )}
    </div>
  );
}
