import { useState } from 'react';

/** Pixels. */
export const WIDTH = { least: 280, usual: 312, most: 640, step: 16 } as const;
const KEY = 'backlot.detail-width';

export function keepWithin(width: number): number {
  if (!Number.isFinite(width)) return WIDTH.usual;
  return Math.round(Math.min(WIDTH.most, Math.max(WIDTH.least, width)));
}

function stored(): number {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? WIDTH.usual : keepWithin(Number(text));
  } catch {
    return WIDTH.usual;
  }
}

/** Width of the panel beside the grid, kept by this browser. */
export function useDetailWidth(): readonly [number, (width: number) => void] {
  const [width, setWidth] = useState(stored);
  function change(wished: number): void {
    const kept = keepWithin(wished);
    setWidth(kept);
    try {
      localStorage.setItem(KEY, String(kept));
    } catch {
      // Without storage the width lasts as long as the panel.
    }
  }
  return [width, change];
}

/** The panel's left edge: drag it, or move it with the arrow keys; a double click brings the usual width back. */
export function WidthHandle(props: { readonly width: number; readonly onChange: (width: number) => void }) {
  const { width, onChange } = props;
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the details"
      aria-valuenow={width}
      aria-valuemin={WIDTH.least}
      aria-valuemax={WIDTH.most}
      className="absolute inset-y-0 left-0 z-10 w-1.5 cursor-col-resize touch-none hover:bg-edge focus-visible:bg-text max-md:hidden"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onChange(width - event.movementX);
      }}
      onDoubleClick={() => onChange(WIDTH.usual)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        // The grid walks with the same keys.
        event.preventDefault();
        event.stopPropagation();
        onChange(width + (event.key === 'ArrowLeft' ? WIDTH.step : -WIDTH.step));
      }}
    />
  );
}
