import { Suspense, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { LibraryNav } from '../data/nav.ts';
import { useIsPhone } from '../ui/use-media.ts';
import { selectionCount, useView } from '../data/view.ts';
import { DetailPanel, ManyPanel } from './parts.tsx';

const NARROWEST = 264;
const WIDEST = 640;

/** The asset of the address beside the grid; on a phone it is a sheet over all. */
export function SidePanel({ nav }: { readonly nav: LibraryNav }) {
  const isPhone = useIsPhone();
  const [width, setWidth] = useState(304);
  const isMany = useView((view) => selectionCount(view.selection) > 1);
  if (nav.side === null || nav.full !== null) return null;
  const panel = (
    <Suspense>
      {isMany && !isPhone ? (
        <ManyPanel onClose={() => nav.openSide(null)} />
      ) : (
        <DetailPanel id={nav.side} mode={isPhone ? 'full' : 'side'} onClose={() => nav.openSide(null)} />
      )}
    </Suspense>
  );
  if (isPhone) return panel;
  return (
    <div className="relative shrink-0 border-l border-line" style={{ width }}>
      <Separator width={width} onChange={(wish) => setWidth(Math.min(WIDEST, Math.max(NARROWEST, wish)))} />
      {panel}
    </div>
  );
}

/** The edge of the panel, to be dragged or moved by arrows. */
function Separator({
  width,
  onChange,
}: {
  readonly width: number;
  readonly onChange: (width: number) => void;
}) {
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? 0;
    onChange(right - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    onChange(width + (event.key === 'ArrowLeft' ? 16 : -16));
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label="Width of the details"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none hover:bg-accent focus-visible:bg-accent focus-visible:outline-none"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
