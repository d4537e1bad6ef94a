import type { CardStore } from '../data/cards.ts';
import { groupFilter, readBlock } from '../data/cards.ts';
import { NOTHING } from '../data/view.ts';
import type { Selection } from '../data/view.ts';
import type { GridLayout, LaidGroup, Range } from './layout.ts';
import { rectOf } from './layout.ts';
import { blocksFor } from './pages.ts';
import { reveal } from './scroll.ts';
import type { Scroller } from './scroller.ts';
import { addAll, boxOf, everything, isSelected, only, removeAll, toggle } from './selection.ts';

/** Where the keys stand. Indices are of the shown layout; -1 is nowhere. */
export interface Cursor {
  readonly focus: number;
  /** Where a range starts. */
  readonly anchor: number;
  /** What was selected besides, when the range was started. */
  readonly besides: Selection;
  /** The keyboard was used last: only then is the focus drawn. */
  readonly byKeys: boolean;
}

export const NOWHERE: Cursor = { focus: -1, anchor: -1, besides: NOTHING, byKeys: false };

/** The most that a range or a group's box lists by id; beyond it the whole query is the way. */
export const LIST_AT_MOST = 10_000;

/** What acts on the grid need: made anew on every render, never kept. */
export interface GridControl {
  readonly layout: GridLayout;
  readonly store: CardStore;
  readonly scroller: Scroller;
  readonly cursor: Cursor;
  readonly setCursor: (change: Partial<Cursor>) => void;
  readonly selection: Selection;
  readonly setSelection: (selection: Selection) => void;
  /** Says something that went wrong. */
  readonly complain: (text: string) => void;
}

export function idAt(control: GridControl, index: number): string | undefined {
  return control.store.card(index)?.id;
}

export function bringIntoView({ layout, scroller }: GridControl, index: number): void {
  const rect = rectOf(layout, index);
  if (rect === undefined) return;
  const offset = reveal(scroller.size, scroller.offset, rect);
  if (offset !== scroller.offset) scroller.jump(offset);
}

export function pickOnly(control: GridControl, index: number): void {
  const id = idAt(control, index);
  if (id === undefined) return;
  control.setSelection(only(id));
  control.setCursor({ focus: index, anchor: index, besides: NOTHING });
}

export function pickToggle(control: GridControl, index: number): void {
  const id = idAt(control, index);
  if (id === undefined) return;
  const next = toggle(control.selection, id, control.store.groupKey(index));
  control.setSelection(next);
  control.setCursor({ focus: index, anchor: index, besides: next });
}

/** Selects from the anchor to `index` in the order of display, over groups, besides what the anchor found. */
export async function pickRange(control: GridControl, index: number): Promise<void> {
  const { cursor, setCursor, setSelection } = control;
  const anchor = cursor.anchor < 0 ? Math.max(0, cursor.focus) : cursor.anchor;
  setCursor({ focus: index, anchor });
  const range = { first: Math.min(anchor, index), last: Math.max(anchor, index) };
  if (range.last - range.first >= LIST_AT_MOST) {
    control.complain('A range takes up to 10,000 cards. Ctrl+A selects all that match.');
    return;
  }
  const ids = await idsIn(control, range);
  if (ids !== undefined) setSelection(addAll(cursor.besides, ids));
}

/** Ids of a range; loads what was never on view. */
async function idsIn(control: GridControl, range: Range): Promise<string[] | undefined> {
  const { layout, store } = control;
  const ids: string[] = [];
  try {
    for (const block of blocksFor(layout, range)) {
      const from = Math.max(0, range.first - block.start);
      const to = Math.min(block.limit - 1, range.last - block.start);
      const isThere = store.card(block.start + from) !== undefined;
      const cards = isThere ? undefined : await readBlock(store.listing, block);
      for (let at = from; at <= to; at += 1) {
        const card = cards === undefined ? store.card(block.start + at) : cards[at];
        if (card !== undefined) ids.push(card.id);
      }
    }
    return ids;
  } catch {
    control.complain('The range could not be read. Nothing was changed; try again.');
    return undefined;
  }
}

export function pickEverything({ store, layout, setSelection }: GridControl): void {
  if (layout.count > 0) setSelection(everything(store.listing.filter, layout.count));
}

/** The box of a group's header: all of it, or none. */
export async function pickGroup(control: GridControl, group: LaidGroup): Promise<void> {
  const { selection, setSelection, store } = control;
  const loaded = store.loadedIn(group.key);
  const isOn = boxOf(selection, { key: group.key, count: group.count, loaded }) === 'on';
  if (isOn && selection.kind === 'all' && selection.group === group.key) {
    setSelection(NOTHING);
    return;
  }
  if (!isOn && group.count > LIST_AT_MOST) {
    setSelection(everything(groupFilter(store.listing, group.key), group.count, group.key));
    return;
  }
  const ids = await idsIn(control, { first: group.start, last: group.start + group.count - 1 });
  if (ids !== undefined) setSelection(isOn ? removeAll(selection, ids) : addAll(selection, ids));
}

export function isPicked(control: GridControl, index: number): boolean {
  const id = idAt(control, index);
  return id !== undefined && isSelected(control.selection, id, control.store.groupKey(index));
}
