import { useState } from 'react';
import { client } from '../data/client.ts';
import { useShortcuts } from '../keys/registry.ts';
import type { GridControl } from './control.ts';
import { bringIntoView, idAt } from './control.ts';
import { middleIndex } from './layout.ts';
import { indexOfDate, jumpFrom, narrowed, timeOrder } from './time-jump.ts';
import type { Before, Span } from './time-jump.ts';

const KEYS: readonly (readonly [key: string, span: Span])[] = [
  ['d', 'day'],
  ['m', 'month'],
  ['y', 'year'],
];

/** Jumps by day, month and year, with Shift back, and to a date. */
export function useTimeKeys(
  control: GridControl,
  acts: { isCovered: boolean; follow: (id: string) => void },
) {
  const { store, layout, cursor, scroller } = control;
  const [asking, setAsking] = useState(false);
  const { listing } = store;
  const order = timeOrder(listing.sort, listing.by);
  const when = () => !acts.isCovered && order !== null && layout.count > 0;

  const land = async (before: Before, missing: string) => {
    try {
      const { b, filter } = listing;
      const answer = await client.call('assets.list', {
        ...narrowed(filter, before.filter),
        b,
        limit: 1,
        count: true,
      });
      const index = (answer.count ?? 0) + before.offset;
      if (index < 0 || index >= layout.count) return control.complain(missing);
      control.setCursor({ focus: index, anchor: index, byKeys: true });
      bringIntoView(control, index);
      const id = idAt(control, index);
      if (id !== undefined) acts.follow(id);
    } catch {
      control.complain('The place could not be found. Nothing was changed; try again.');
    }
  };
  const jump = (span: Span, back: boolean) => {
    const at = cursor.focus >= 0 ? cursor.focus : middleIndex(layout, scroller.offset, scroller.size.view);
    const card = store.card(at);
    if (order === null || card === undefined) return;
    const missing = back ? `There is no ${span} before this one.` : `There is no ${span} after this one.`;
    void land(jumpFrom(new Date(card.createdAt), { span, order, back }), missing);
  };
  useShortcuts([
    ...KEYS.map(([key, span]) => ({
      id: `grid.jump.${span}`,
      keys: key,
      label: `Next ${span}; with Shift the one before`,
      run: (event: KeyboardEvent) => jump(span, event.shiftKey),
      when,
    })),
    { id: 'grid.jump.date', keys: 'g', label: 'Go to a date', run: () => setAsking(true), when },
  ]);
  return {
    asking,
    close: () => setAsking(false),
    go: (date: Date) => {
      setAsking(false);
      if (order !== null)
        void land(indexOfDate(date, order), 'Nothing is as old as that; this is the end of the list.');
    },
  };
}
