import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { RefObject } from 'react';
import type { CardStore } from '../data/cards.ts';
import { keepView } from '../data/library.ts';
import type { GridLayout, Range } from './layout.ts';
import { middleIndex, rangeIn, rectOf } from './layout.ts';
import { blocksFor } from './pages.ts';
import { reveal } from './scroll.ts';
import { Scroller } from './scroller.ts';

/** What must be drawn. It changes only when other cards come into view, not with every pixel. */
export interface GridView {
  readonly range: Range | null;
  readonly base: number;
  readonly fast: boolean;
}

/** Pixels drawn beyond both edges. */
const MARGIN = 260;
/** Cards asked for beyond both edges. */
const AHEAD = 60;

export interface BoxSize {
  readonly width: number;
  readonly height: number;
}

export function useBoxSize(box: RefObject<HTMLElement | null>): BoxSize {
  const [size, setSize] = useState<BoxSize>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const read = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, [box]);
  return size;
}

interface Shown {
  readonly layout: GridLayout;
  readonly store: CardStore;
}

/** The offset at which the held card stands still although the layout is a new one. */
function heldOffset(
  before: Shown,
  after: Shown,
  { scroller, focus }: { scroller: Scroller; focus: number },
): number {
  if (JSON.stringify(before.store.listing) !== JSON.stringify(after.store.listing)) return 0;
  // At the very top what arrives is what people wait for.
  if (scroller.offset < 4 && focus < 0) return 0;
  const { offset, size } = scroller;
  const focused = rectOf(before.layout, focus);
  const isOnView =
    focused !== undefined && focused.y + focused.height > offset && focused.y < offset + size.view;
  const held = isOnView ? focus : middleIndex(before.layout, offset, size.view);
  const from = rectOf(before.layout, held);
  const id = before.store.card(held)?.id;
  const index = (id === undefined ? undefined : after.store.indexOf(id)) ?? held;
  const to = rectOf(after.layout, Math.min(index, after.layout.count - 1));
  if (from === undefined || to === undefined) return 0;
  const next = to.y + to.height / 2 - (from.y + from.height / 2 - offset);
  return isOnView ? reveal({ content: after.layout.height, view: size.view }, next, to) : next;
}

export interface GridFrame {
  readonly box: RefObject<HTMLElement | null>;
  readonly layers: readonly RefObject<HTMLElement | null>[];
  readonly width: number;
  readonly height: number;
  /** The card that the person is at; -1 is none. */
  readonly focus: number;
}

export function useGridView(
  shown: Shown,
  { box, layers, width, height, focus }: GridFrame,
): { readonly scroller: Scroller; readonly view: GridView } {
  const { layout, store } = shown;
  const [scroller] = useState(() => new Scroller());
  const before = useRef({ ...shown, width });
  const latestLayers = useRef(layers);

  useLayoutEffect(() => {
    if (box.current === null) return undefined;
    const elements = latestLayers.current.flatMap(({ current }) => (current === null ? [] : [current]));
    return scroller.attach(box.current, elements);
  }, [scroller, box]);

  useLayoutEffect(() => {
    const old = before.current;
    // When the room changes, as by the panel, the card that was clicked stays; otherwise the one in the middle.
    const held = { scroller, focus: old.width === width ? -1 : focus };
    const offset = old.layout === layout ? scroller.offset : heldOffset(old, shown, held);
    before.current = { layout, store, width };
    scroller.resize({ content: layout.height, view: height }, offset);
    // Only a new layout or a new room moves anything; the focus is read when that happens.
  }, [scroller, layout, store, width, height]);

  const read = useMemo(() => {
    let last: GridView = { range: null, base: 0, fast: false };
    return () => {
      const top = Math.max(0, scroller.offset - MARGIN);
      const range = rangeIn(layout, top, scroller.offset + scroller.size.view + MARGIN);
      const isSame =
        last.range?.first === range?.first &&
        last.range?.last === range?.last &&
        last.base === scroller.base &&
        last.fast === scroller.fast;
      if (!isSame) last = { range, base: scroller.base, fast: scroller.fast };
      return last;
    };
  }, [layout, scroller]);
  const view = useSyncExternalStore(scroller.subscribe, read);

  useLayoutEffect(() => scroller.drawn(view.base), [scroller, view.base]);

  const { range } = view;
  useEffect(() => {
    if (range === null || height === 0) return;
    keepView(store.listing, range);
    const wanted = {
      first: Math.max(0, range.first - AHEAD),
      last: Math.min(layout.count - 1, range.last + AHEAD),
    };
    void store.want(blocksFor(layout, wanted));
  }, [store, layout, range, height]);

  return { scroller, view };
}
