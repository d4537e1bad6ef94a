import type { GridLayout, Range, Rect } from './layout.ts';
import { groupsIn, rowHeight } from './layout.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function rectBetween(a: Point, b: Point): Rect {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** Cards that a rectangle touches: one range per row, in content coordinates. */
export function touched(layout: GridLayout, rect: Rect): readonly Range[] {
  const { columns, cardWidth, cardHeight, gap, header, padding } = layout.metrics;
  const step = cardWidth + gap;
  const right = rect.x + rect.width - padding;
  const firstColumn = Math.max(0, Math.ceil((rect.x - padding - cardWidth) / step));
  const lastColumn = Math.min(columns - 1, Math.floor(right / step));
  if (lastColumn < firstColumn || right < 0) return [];
  const height = rowHeight(layout.metrics);
  const ranges: Range[] = [];
  for (const group of groupsIn(layout, rect.y, rect.y + rect.height)) {
    const top = group.y + header;
    const rows = Math.ceil(group.count / columns);
    const firstRow = Math.max(0, Math.ceil((rect.y - top - cardHeight) / height));
    const lastRow = Math.min(rows - 1, Math.floor((rect.y + rect.height - top) / height));
    for (let row = firstRow; row <= lastRow; row += 1) {
      const first = row * columns + firstColumn;
      const last = Math.min(row * columns + lastColumn, group.count - 1);
      if (first <= last) ranges.push({ first: group.start + first, last: group.start + last });
    }
  }
  return ranges;
}

/** Pixels to scroll per frame when the pointer is near or beyond an edge of the view; negative is up. */
export function edgeSpeed(y: number, viewHeight: number): number {
  const zone = 48;
  const over = y < zone ? y - zone : y > viewHeight - zone ? y - (viewHeight - zone) : 0;
  return Math.sign(over) * Math.min(40, Math.ceil(Math.abs(over) / 3));
}
