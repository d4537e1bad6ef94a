import { Suspense } from 'react';
import type { LibraryNav } from '../data/nav.ts';
import { selectionCount, useView } from '../data/view.ts';
import { WidthHandle, useDetailWidth } from '../panels/detail-width.tsx';
import { useIsPhone } from '../ui/use-media.ts';
import { DetailPanel, ManyPanel } from './parts.tsx';

/** The asset of the address beside the grid, or what is selected; on a phone it is a sheet over all. */
export function SidePanel({ nav }: { readonly nav: LibraryNav }) {
  const isPhone = useIsPhone();
  const [width, setWidth] = useDetailWidth();
  const isMany = useView((view) => selectionCount(view.selection) > 1);
  if (nav.side === null || nav.full !== null) return null;
  const close = () => nav.openSide(null);
  const panel = (
    <Suspense>
      {isMany && !isPhone ? (
        <ManyPanel onClose={close} />
      ) : (
        <DetailPanel id={nav.side} mode={isPhone ? 'full' : 'side'} onClose={close} />
      )}
    </Suspense>
  );
  if (isPhone) return panel;
  return (
    <div className="relative shrink-0 border-l border-line" style={{ width }}>
      <WidthHandle width={width} onChange={setWidth} />
      {panel}
    </div>
  );
}
