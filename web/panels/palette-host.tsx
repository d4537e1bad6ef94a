import { Suspense } from 'react';
import { create } from 'zustand';
import { useShortcuts } from '../keys/registry.ts';
import { lazy } from '../data/lazy.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

const usePalette = create<{ readonly open: boolean }>()(() => ({ open: false }));

export function openPalette(): void {
  usePalette.setState({ open: true });
}

/** The key of the command palette; what it shows loads when it is first asked for. */
export function PaletteHost() {
  const open = usePalette((state) => state.open);
  useShortcuts([{ id: 'palette', keys: 'Mod+k', label: 'Go to or do anything', run: openPalette }]);
  if (!open) return null;
  return (
    <Suspense>
      <Palette onClose={() => usePalette.setState({ open: false })} />
    </Suspense>
  );
}
