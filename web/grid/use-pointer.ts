import { useEffect, useRef, useState } from 'react';
import type { DragEvent, MouseEvent, PointerEvent, RefObject } from 'react';
import { setDragging } from '../data/keep.ts';
import { NOTHING } from '../data/view.ts';
import type { GridControl } from './control.ts';
import { cardId } from './card.tsx';
import { idAt, isPicked, pickOnly, pickRange, pickToggle } from './control.ts';
import { startDrag } from './drag.ts';
import type { Rect } from './layout.ts';
import { edgeSpeed, rectBetween, touched } from './marquee.ts';
import type { Point } from './marquee.ts';
import { addAll } from './selection.ts';
import { useLongPress } from './use-long-press.ts';

export interface PointerActs {
  readonly open: (id: string) => void;
  readonly openFull: (id: string) => void;
  readonly trash: (id: string) => void;
  /** Opens the menu of the selection at a place of the window. */
  readonly menu: (at: Point) => void;
  /** A plain click toggles. */
  readonly selectMode: boolean;
  readonly startSelecting: () => void;
}

function cardUnder(target: EventTarget): number {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return element === null ? -1 : Number(element.dataset['index']);
}

/** Clicks, long press and the marquee, for all cards at once. */
export function usePointer(control: GridControl, acts: PointerActs, box: RefObject<HTMLElement | null>) {
  const latest = useRef({ control, acts });
  useEffect(() => {
    latest.current = { control, acts };
  });
  const press = useLongPress((index) => {
    latest.current.acts.startSelecting();
    pickToggle(latest.current.control, index);
  });
  const marquee = useMarquee(latest, box);

  const onClick = (event: MouseEvent) => {
    const index = cardUnder(event.target);
    if (index < 0 || press.wasLong()) return;
    const id = idAt(control, index);
    const isTrash = event.target instanceof Element && event.target.closest('[data-act=trash]') !== null;
    if (isTrash && id !== undefined) acts.trash(id);
    else if (event.shiftKey) void pickRange(control, index);
    else if (event.ctrlKey || event.metaKey || acts.selectMode || isOnTick(event)) pickToggle(control, index);
    else if (id !== undefined) {
      pickOnly(control, index);
      acts.open(id);
      onSecondClick(event, () => acts.openFull(id));
    }
  };

  const onPointerDown = (event: PointerEvent) => {
    control.setCursor({ byKeys: false });
    const index = cardUnder(event.target);
    press.start(event, index);
    if (index < 0) marquee.start(event);
  };

  return {
    marquee: marquee.rect,
    handlers: {
      onClick,
      onPointerDown,
      onPointerMove: press.move,
      onPointerUp: press.end,
      onPointerCancel: press.end,
      onPointerLeave: press.end,
      onDragStart: (event: DragEvent) => {
        const index = cardUnder(event.target);
        // A finger that stays long on a card selects it.
        if (press.wasTouch() || index < 0) return event.preventDefault();
        press.end();
        startDrag(control, event, index);
      },
      onDragEnd: () => setDragging(null),
      onContextMenu: (event: MouseEvent) => {
        // The browser's own menu of a long press would take the finger away from the selection.
        if (press.wasTouch()) {
          press.fire();
          return event.preventDefault();
        }
        const under = cardUnder(event.target);
        // By key it is meant for the focused card.
        const index = under < 0 && event.button !== 2 ? control.cursor.focus : under;
        const place = index < 0 ? null : document.getElementById(cardId(index))?.getBoundingClientRect();
        if (place === null || place === undefined) return;
        event.preventDefault();
        if (!isPicked(control, index)) pickOnly(control, index);
        acts.menu(
          under < 0 ? { x: place.left + 12, y: place.top + 12 } : { x: event.clientX, y: event.clientY },
        );
      },
    },
  };
}

const DOUBLE_MS = 400;
const DOUBLE_PX = 6;

/**
 * The first click opens the panel and the cards move, so a second click at the same place may meet another card or a
 * button of the panel. It belongs to the first card, whatever lies there now.
 */
function onSecondClick(first: MouseEvent, run: () => void): void {
  const isSecond = (event: globalThis.MouseEvent) =>
    event.timeStamp - first.timeStamp < DOUBLE_MS &&
    Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) < DOUBLE_PX;
  const abort = new AbortController();
  const options = { capture: true, signal: abort.signal };
  const take = (event: globalThis.MouseEvent) => {
    if (!isSecond(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type !== 'click') return;
    abort.abort();
    run();
  };
  for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'] as const) {
    document.addEventListener(type, take, options);
  }
  setTimeout(() => abort.abort(), DOUBLE_MS);
}

function isOnTick(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('.card-tick') !== null;
}

interface Latest {
  readonly control: GridControl;
  readonly acts: PointerActs;
}

/** Drag on empty space. The rectangle is kept in content coordinates, so that scrolling goes on adding. */
function useMarquee(latest: RefObject<Latest>, box: RefObject<HTMLElement | null>) {
  const [rect, setRect] = useState<Rect | null>(null);
  const stop = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => stop.current?.(), []);

  const start = (event: PointerEvent) => {
    const element = box.current;
    const isEmpty = event.target instanceof Element && event.target.closest('[data-no-marquee]') === null;
    if (element === null || event.button !== 0 || event.pointerType === 'touch' || !isEmpty) return;
    const bounds = element.getBoundingClientRect();
    // A press on the scroll bar is not one on the content.
    if (event.clientX - bounds.left > element.clientWidth) return;
    event.preventDefault();
    stop.current = drag(latest, {
      bounds,
      from: { x: event.clientX, y: event.clientY },
      keep: event.ctrlKey || event.metaKey || event.shiftKey,
      draw: setRect,
    });
  };
  return { rect, start };
}

interface DragStart {
  readonly bounds: DOMRect;
  readonly from: Point;
  readonly keep: boolean;
  readonly draw: (rect: Rect | null) => void;
}

function drag(latest: RefObject<Latest>, { bounds, from, keep, draw }: DragStart): () => void {
  const inContent = (point: Point): Point => ({
    x: point.x - bounds.left,
    y: point.y - bounds.top + latest.current.control.scroller.offset,
  });
  const besides = keep ? latest.current.control.selection : NOTHING;
  const picked = new Set<string>();
  const origin = inContent(from);
  let pointer = from;
  let frame = 0;
  let moved = false;

  const step = () => {
    const { control } = latest.current;
    const { scroller, layout } = control;
    const speed = edgeSpeed(pointer.y - bounds.top, bounds.height);
    if (speed !== 0) scroller.jump(scroller.offset + speed);
    const rect = rectBetween(origin, inContent(pointer));
    const now = new Set<string>();
    for (const { first, last } of touched(layout, rect)) {
      for (let index = first; index <= last; index += 1) {
        const id = idAt(control, index);
        if (id !== undefined) now.add(id);
      }
    }
    if (now.size !== picked.size || [...now].some((id) => !picked.has(id))) {
      picked.clear();
      for (const id of now) picked.add(id);
      control.setSelection(addAll(besides, picked));
    }
    draw({ ...rect, y: rect.y - scroller.offset });
    frame = requestAnimationFrame(step);
  };
  const onMove = (event: globalThis.PointerEvent) => {
    pointer = { x: event.clientX, y: event.clientY };
    if (moved || Math.hypot(pointer.x - from.x, pointer.y - from.y) < 5) return;
    moved = true;
    frame = requestAnimationFrame(step);
  };
  const end = () => {
    cancelAnimationFrame(frame);
    document.removeEventListener('pointermove', onMove);
    document.removeEventListener('pointerup', end);
    document.removeEventListener('pointercancel', end);
    draw(null);
    if (!moved && !keep) latest.current.control.setSelection(NOTHING);
  };
  document.addEventListener('pointermove', onMove);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
  return end;
}
