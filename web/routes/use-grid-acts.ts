import { useState } from 'react';
import { pickCollection } from '../data/keep.ts';
import { activeStore } from '../data/library.ts';
import type { LibraryNav } from '../data/nav.ts';
import { selectionCount, selectionInput, useView } from '../data/view.ts';
import { rateCards, trashCard } from '../grid/acts.ts';
import { useBulk } from '../panels/bulk-acts.ts';
import { setFavourite } from '../panels/collection-acts.ts';
import { startBulk } from '../panels/bulk-run.ts';
import type { BulkPlan } from '../panels/bulk-run.ts';

/** What the grid's keys and clicks do on this page, and the plan that waits for a yes. */
export function useGridActs(b: string, nav: LibraryNav) {
  const view = useView();
  const [plan, setPlan] = useState<BulkPlan | null>(null);
  const { selection } = view;
  const { side, full, openSide, openFull } = nav;

  const trash = async (id: string | undefined) => {
    if (selectionCount(selection) > 0) {
      if (side !== null) openSide(null);
      setPlan(await startBulk(b, selection, { trash: true }));
    } else if (id !== undefined) {
      view.setPreview(null);
      if (side === id) openSide(null);
      await trashCard(b, id);
    }
  };
  return {
    plan,
    closePlan: () => setPlan(null),
    acts: {
      open: openSide,
      menu: (menu: { x: number; y: number }) => useBulk.setState({ menu }),
      openFull: (id: string) => {
        view.setPreview(null);
        openFull(id);
      },
      preview: view.setPreview,
      follow: (id: string) => {
        if (full !== null) openFull(id);
        else if (view.previewId !== null) view.setPreview(id);
        else if (side !== null) openSide(id);
      },
      details: (id: string | undefined) => {
        if (side !== null) openSide(null);
        else if (id !== undefined) openSide(id);
      },
      escape: () => {
        if (selectionCount(selection) > 0 || view.selectMode) view.clearSelection();
        else if (side !== null) openSide(null);
      },
      trash: (id: string | undefined) => void trash(id),
      favourite: (id: string | undefined) => {
        const input = selectionCount(selection) > 1 ? selectionInput(selection) : null;
        const target = id ?? side;
        if (input !== null) void setFavourite(b, input, true);
        else if (target !== null) void setFavourite(b, { ids: [target] }, !isFavourite(target));
      },
      collect: (id: string | undefined) => {
        const input = selectionInput(selection);
        const target = id ?? side;
        if (input !== null) pickCollection({ select: input, count: selectionCount(selection) });
        else if (target !== null) pickCollection({ select: { ids: [target] }, count: 1 });
      },
      rate: (id: string | undefined, rating: number | null) => {
        const input = selectionInput(selection);
        const isMany = selectionCount(selection) > 1;
        const target = isMany && input !== null ? input : (id ?? side);
        if (target !== null) void rateCards(b, target, rating);
      },
    },
  };
}

function isFavourite(id: string): boolean {
  const store = activeStore();
  const at = store?.indexOf(id);
  return at !== undefined && store?.card(at)?.favourite === true;
}
