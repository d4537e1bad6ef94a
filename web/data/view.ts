import { create } from 'zustand';
import type { AssetFilter, AssetSelection } from '../../client/index.ts';

/**
 * What is selected. Ids of cards that were never loaded are not listed by the browser: "all N matching" is the filter
 * and its exceptions, and the server gives the exact count before a destructive act.
 */
export type Selection =
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<string> }
  | {
      readonly kind: 'all';
      readonly filter: AssetFilter;
      /** Set when only one group of the layout is meant. */
      readonly group: string | null;
      /** Matching assets when it was made, exceptions not taken off. */
      readonly matching: number;
      readonly except: ReadonlySet<string>;
    };

export const NOTHING: Selection = { kind: 'ids', ids: new Set() };

/** How many assets are selected. */
export function selectionCount(selection: Selection): number {
  return selection.kind === 'ids' ? selection.ids.size : selection.matching - selection.except.size;
}

/** The selection as bulk operations take it; null when nothing is selected. */
export function selectionInput(selection: Selection): AssetSelection | null {
  if (selectionCount(selection) <= 0) return null;
  if (selection.kind === 'ids') return { ids: [...selection.ids] };
  return {
    filter: selection.filter,
    // An empty filter means the whole library only when it says so.
    all: true,
    ...(selection.except.size === 0 ? {} : { except: [...selection.except] }),
  };
}

export interface ViewState {
  readonly selection: Selection;
  /** In select mode a plain click toggles, as a long press starts it on a phone. */
  readonly selectMode: boolean;
  readonly trashOpen: boolean;
  readonly advisorOpen: boolean;
  readonly previewId: string | null;
  readonly setSelection: (selection: Selection) => void;
  readonly clearSelection: () => void;
  readonly setSelectMode: (on: boolean) => void;
  readonly setTrashOpen: (open: boolean) => void;
  readonly setAdvisorOpen: (open: boolean) => void;
  /** Opens the quick preview of an asset, or closes it with null. */
  readonly setPreview: (id: string | null) => void;
}

export const useView = create<ViewState>()((set) => ({
  selection: NOTHING,
  selectMode: false,
  trashOpen: false,
  advisorOpen: false,
  previewId: null,
  setSelection: (selection) => set({ selection }),
  clearSelection: () => set({ selection: NOTHING, selectMode: false }),
  setSelectMode: (selectMode) => set(selectMode ? { selectMode } : { selectMode, selection: NOTHING }),
  setTrashOpen: (trashOpen) => set({ trashOpen }),
  setAdvisorOpen: (advisorOpen) => set({ advisorOpen }),
  setPreview: (previewId) => set({ previewId }),
}));
