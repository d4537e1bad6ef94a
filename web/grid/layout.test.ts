import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GridLayout } from './layout.ts';
import {
  groupOf,
  groupsIn,
  layOut,
  metricsFor,
  middleIndex,
  moveByRows,
  rangeIn,
  rectOf,
  rowHeight,
} from './layout.ts';
import { rectBetween, touched } from './marquee.ts';
import { BLOCK, blocksFor, placeOf } from './pages.ts';

const layouts = fc
  .record({
    counts: fc.array(fc.oneof(fc.nat(30), fc.nat(400_000)), { maxLength: 30 }),
    width: fc.integer({ min: 200, max: 3000 }),
    size: fc.integer({ min: 90, max: 400 }),
    grouped: fc.boolean(),
  })
  .map(({ counts, width, size, grouped }) =>
    layOut(
      counts.map((count, at) => ({ key: `g${at}`, count, bytes: 0 })),
      metricsFor({ width, size, gap: 12, grouped }),
    ),
  );
const filled = layouts.filter((layout) => layout.count > 0);
const withIndex = filled.chain((layout) =>
  fc.record({ layout: fc.constant(layout), index: fc.integer({ min: 0, max: layout.count - 1 }) }),
);

function simple(count: number): GridLayout {
  return layOut(
    [{ key: 'all', count, bytes: 0 }],
    metricsFor({ width: 1000, size: 180, gap: 12, grouped: false }),
  );
}

describe('layout', () => {
  it('gives an empty list no height, no group and no range', () => {
    const empty = layOut([], metricsFor({ width: 800, size: 180, gap: 12, grouped: true }));
    expect(empty.height).toBe(0);
    expect(groupOf(empty, 0)).toBeUndefined();
    expect(rectOf(empty, 0)).toBeUndefined();
    expect(rangeIn(empty, 0, 900)).toBeNull();
    expect(groupsIn(empty, 0, 900)).toEqual([]);
    expect(middleIndex(empty, 0, 900)).toBe(0);
    expect(moveByRows(empty, 0, 1)).toBe(0);
    expect(blocksFor(empty, { first: 0, last: 10 })).toEqual([]);
  });

  it('finds every card again by its own place', () => {
    fc.assert(
      fc.property(withIndex, ({ layout, index }) => {
        const rect = rectOf(layout, index);
        if (rect === undefined) return false;
        const range = rangeIn(layout, rect.y + 1, rect.y + rect.height - 1);
        return range !== null && range.first <= index && index <= range.last;
      }),
    );
  });

  it('keeps every card inside the content, in order and without overlap', () => {
    fc.assert(
      fc.property(withIndex, ({ layout, index }) => {
        const rect = rectOf(layout, index);
        const next = rectOf(layout, index + 1);
        if (rect === undefined) return false;
        const inside = rect.y >= 0 && rect.y + rect.height <= layout.height;
        if (next === undefined) return inside && index === layout.count - 1;
        const follows = next.y > rect.y ? next.y >= rect.y + rect.height : next.x >= rect.x + rect.width;
        return inside && follows;
      }),
    );
  });

  it('reaches the last card by scrolling to the end', () => {
    fc.assert(
      fc.property(filled, fc.integer({ min: 200, max: 2000 }), (layout, view) => {
        const range = rangeIn(layout, Math.max(0, layout.height - view), layout.height);
        return range?.last === layout.count - 1;
      }),
    );
  });

  it('draws a bounded number of cards', () => {
    fc.assert(
      fc.property(filled, fc.double({ min: 0, max: 1, noNaN: true }), (layout, part) => {
        const top = part * layout.height;
        const range = rangeIn(layout, top, top + 1000);
        if (range === null) return false;
        const rows = Math.ceil(1000 / rowHeight(layout.metrics)) + 2;
        // Each group may end in a short row and costs at least one.
        const groups = groupsIn(layout, top, top + 1000).length;
        return range.last - range.first < (rows + groups) * layout.metrics.columns;
      }),
    );
  });

  it('keeps the column when it moves by rows, and comes back', () => {
    fc.assert(
      fc.property(withIndex, ({ layout, index }) => {
        const group = groupOf(layout, index);
        const below = moveByRows(layout, index, 1);
        const lower = groupOf(layout, below);
        if (group === undefined || lower === undefined) return false;
        const column = (index - group.start) % layout.metrics.columns;
        const columnBelow = (below - lower.start) % layout.metrics.columns;
        if (below === layout.count - 1) return true;
        return below > index && columnBelow <= column;
      }),
    );
    const layout = simple(1000);
    expect(moveByRows(layout, 7, 1)).toBe(7 + layout.metrics.columns);
    expect(moveByRows(layout, 2, -1)).toBe(2);
    expect(moveByRows(layout, 998, 5)).toBe(999);
  });

  it('holds the middle of the view', () => {
    fc.assert(
      fc.property(withIndex, ({ layout, index }) => {
        const rect = rectOf(layout, index);
        if (rect === undefined) return false;
        const found = middleIndex(layout, rect.y + rect.height / 2 - 450, 900);
        return rectOf(layout, found)?.y === rect.y;
      }),
    );
  });
});

describe('blocks', () => {
  it('cover a range without gaps and never cross a group', () => {
    fc.assert(
      fc.property(withIndex, fc.nat(900), ({ layout, index }, more) => {
        const last = Math.min(index + more, layout.count - 1);
        const blocks = blocksFor(layout, { first: index, last });
        const first = blocks[0];
        const end = blocks.at(-1);
        if (first === undefined || end === undefined) return false;
        const joined = blocks.every((block, at) => {
          const next = blocks[at + 1];
          return next === undefined || block.start + block.limit === next.start;
        });
        const place = placeOf(layout, index);
        return (
          first.start <= index &&
          end.start + end.limit > last &&
          joined &&
          blocks.every(({ limit, offset }) => limit > 0 && limit <= BLOCK && offset % BLOCK === 0) &&
          place?.block === first.id &&
          place.at === index - first.start
        );
      }),
    );
  });
});

describe('marquee', () => {
  it('touches exactly the cards that it overlaps', () => {
    const layout = layOut(
      [
        { key: 'a', count: 7, bytes: 0 },
        { key: 'b', count: 40, bytes: 0 },
      ],
      metricsFor({ width: 900, size: 180, gap: 12, grouped: true }),
    );
    const point = fc.record({
      x: fc.integer({ min: -50, max: 950 }),
      y: fc.integer({ min: -50, max: 3000 }),
    });
    fc.assert(
      fc.property(point, point, (a, b) => {
        const rect = rectBetween(a, b);
        const got = new Set<number>();
        for (const { first, last } of touched(layout, rect)) {
          for (let index = first; index <= last; index += 1) got.add(index);
        }
        for (let index = 0; index < layout.count; index += 1) {
          const card = rectOf(layout, index);
          if (card === undefined) return false;
          const overlaps =
            rect.x <= card.x + card.width &&
            rect.x + rect.width >= card.x &&
            rect.y <= card.y + card.height &&
            rect.y + rect.height >= card.y;
          if (overlaps !== got.has(index)) return false;
        }
        return true;
      }),
    );
  });
});
