import { useShortcuts } from '../keys/registry.ts';
import type { GridControl } from './control.ts';
import { bringIntoView, idAt, pickEverything, pickRange, pickToggle } from './control.ts';
import { moveByRows, rowHeight } from './layout.ts';

export interface KeyActs {
  readonly isCovered?: boolean;
  readonly focusList: () => void;
  readonly openFull: (id: string) => void;
  readonly preview: (id: string) => void;
  readonly escape: () => void;
  /** Opens or closes the panel beside the grid. */
  readonly details: (id: string | undefined) => void;
  /** The selection, or this card when nothing is selected. */
  readonly trash: (id: string | undefined) => void;
  readonly favourite: (id: string | undefined) => void;
  /** Asks for the collection to put it into. */
  readonly collect: (id: string | undefined) => void;
  readonly rate: (id: string | undefined, rating: number | null) => void;
  /** The panel beside the grid follows the focus while it is open. */
  readonly follow: (id: string) => void;
}

type Move = (control: GridControl, from: number) => number;

function page({ layout, scroller }: GridControl): number {
  return Math.max(1, Math.floor(scroller.size.view / rowHeight(layout.metrics)) - 1);
}

const MOVES: Readonly<Record<string, { readonly label: string; readonly to: Move }>> = {
  ArrowRight: { label: 'Next card', to: (_, from) => from + 1 },
  ArrowLeft: { label: 'Previous card', to: (_, from) => from - 1 },
  ArrowDown: { label: 'Card below', to: ({ layout }, from) => moveByRows(layout, from, 1) },
  ArrowUp: { label: 'Card above', to: ({ layout }, from) => moveByRows(layout, from, -1) },
  PageDown: { label: 'A page down', to: (control, from) => moveByRows(control.layout, from, page(control)) },
  PageUp: { label: 'A page up', to: (control, from) => moveByRows(control.layout, from, -page(control)) },
  Home: { label: 'First card', to: () => 0 },
  End: { label: 'Last card', to: ({ layout }) => layout.count - 1 },
};

/** The grid's keys; they act wherever the focus is, unless something there uses them itself. */
export function useGridKeys(control: GridControl, acts: KeyActs): void {
  const { cursor, layout } = control;
  const focused = () => idAt(control, cursor.focus);
  const onCard = (act: (id: string) => void) => () => {
    const id = focused();
    if (id !== undefined) act(id);
  };
  const move = (to: Move, extend: boolean) => () => {
    if (layout.count === 0) return;
    // The first key enters the list where it stands; it does not skip a card.
    const target = cursor.focus < 0 ? to(control, -1) : to(control, cursor.focus);
    const index = Math.min(Math.max(0, target), layout.count - 1);
    if (!acts.isCovered) acts.focusList();
    control.setCursor({ focus: index, byKeys: true });
    bringIntoView(control, index);
    if (extend) void pickRange({ ...control, cursor: { ...cursor, byKeys: true } }, index);
    const id = idAt(control, index);
    if (!extend && id !== undefined) acts.follow(id);
  };

  // In full view the acts on a selection would hit what is out of sight.
  const when = () => acts.isCovered !== true;
  const acting = [
    { id: 'grid.all', keys: 'Mod+a', label: 'Select all that match', run: () => pickEverything(control) },
    {
      id: 'grid.toggle',
      keys: 'x',
      label: 'Select or deselect the card',
      run: () => pickToggle(control, cursor.focus),
    },
    { id: 'grid.full', keys: 'Enter', label: 'Open in full', run: onCard(acts.openFull) },
    { id: 'grid.preview', keys: 'Space', label: 'Quick preview', run: onCard(acts.preview) },
    { id: 'grid.details', keys: 'i', label: 'Show or hide the details', run: () => acts.details(focused()) },
    { id: 'grid.escape', keys: 'Escape', label: 'Clear the selection, then close', run: acts.escape },
    { id: 'grid.trash', keys: 'Delete', label: 'Move to trash', run: () => acts.trash(focused()) },
    { id: 'grid.favourite', keys: 'f', label: 'Favourite or not', run: () => acts.favourite(focused()) },
    { id: 'grid.collect', keys: 'c', label: 'Add to a collection', run: () => acts.collect(focused()) },
    ...[1, 2, 3, 4, 5].map((stars) => ({
      id: `grid.rate.${stars}`,
      keys: String(stars),
      label: `Rate ${stars} of 5`,
      run: () => acts.rate(focused(), stars),
    })),
    { id: 'grid.rate.0', keys: '0', label: 'Clear the rating', run: () => acts.rate(focused(), null) },
  ];
  useShortcuts([
    ...Object.entries(MOVES).flatMap(([key, { label, to }]) => [
      { id: `grid.${key}`, keys: key, label, run: move(to, false), isMove: true },
      {
        id: `grid.extend.${key}`,
        keys: `Shift+${key}`,
        label: `Select to: ${label}`,
        run: move(to, true),
        when,
        isMove: true,
      },
    ]),
    ...acting.map((shortcut) => ({ ...shortcut, when })),
  ]);
}
