import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  TALLEST,
  follow,
  jumpTo,
  maxNative,
  maxOffset,
  mustAnchor,
  nativeFor,
  nativeHeight,
  offsetFor,
  reveal,
} from './scroll.ts';

const sizes = fc.record({
  content: fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 8_000_001, max: 400_000_000 })),
  view: fc.integer({ min: 200, max: 2000 }),
});
const part = fc.double({ min: 0, max: 1, noNaN: true });

describe('scaled scroller', () => {
  it('never asks the browser for a box taller than the cap', () => {
    fc.assert(fc.property(sizes, (size) => nativeHeight(size) <= TALLEST));
  });

  it('maps both ends to both ends and back without loss', () => {
    fc.assert(
      fc.property(sizes, part, (size, at) => {
        expect(nativeFor(size, 0)).toBe(0);
        expect(nativeFor(size, maxOffset(size))).toBe(maxNative(size));
        expect(offsetFor(size, maxNative(size))).toBe(maxOffset(size));
        const offset = at * maxOffset(size);
        expect(offsetFor(size, nativeFor(size, offset))).toBeCloseTo(offset, 3);
      }),
    );
  });

  it('moves 1:1 under the wheel', () => {
    const size = { content: 50_000_000, view: 900 };
    const start = jumpTo(size, 20_000_000);
    const moved = follow(size, start, start.native + 120);
    expect(moved.offset - start.offset).toBeCloseTo(120);
  });

  it('goes in proportion when the bar is dragged', () => {
    const size = { content: 50_000_000, view: 900 };
    const moved = follow(size, jumpTo(size, 0), maxNative(size));
    expect(moved.offset).toBe(maxOffset(size));
  });

  // Whole numbers, since most doubles are next to nothing: close to an end, where a part of a pixel decides, and far.
  const places = fc.oneof(
    fc.integer({ min: 0, max: 3000 }).map((thousandths) => thousandths / 1000),
    fc.integer({ min: 0, max: 200_000 }),
  );
  it('reaches both ends by wheel alone, from anywhere', () => {
    fc.assert(
      fc.property(places, fc.boolean(), fc.integer({ min: 40, max: 900 }), (away, down, step) => {
        const size = { content: 12_000_000, view: 900 };
        const from = down ? maxOffset(size) - away : away;
        let state = jumpTo(size, from);
        // Drift as long wheeling without rest leaves it.
        state = {
          ...state,
          native: Math.min(Math.max(0, state.native + (down ? 3000 : -3000)), maxNative(size)),
        };
        for (let turn = 0; turn < 6000; turn += 1) {
          if (mustAnchor(size, state)) state = jumpTo(size, state.offset);
          const native = Math.min(Math.max(0, state.native + (down ? step : -step)), maxNative(size));
          if (native === state.native) break;
          state = follow(size, state, native);
        }
        expect(Math.abs(state.offset - (down ? maxOffset(size) : 0))).toBeLessThanOrEqual(0.005);
      }),
      { numRuns: 300 },
    );
  });

  it('reveals a card with the least movement', () => {
    const size = { content: 10_000, view: 900 };
    expect(reveal(size, 1000, { y: 1200, height: 200 })).toBe(1000);
    expect(reveal(size, 1000, { y: 500, height: 200 })).toBe(488);
    expect(reveal(size, 1000, { y: 1800, height: 200 })).toBe(1112);
    expect(reveal(size, 0, { y: 0, height: 200 })).toBe(0);
  });
});
