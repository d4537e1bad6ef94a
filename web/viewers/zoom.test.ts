import { expect, it } from 'vitest';
import { panWithin, zoomAt } from './zoom.ts';

const FRAME = { width: 400, height: 200 };

it('keeps the point under the pointer where it is', () => {
  const zoomed = zoomAt({ scale: 1, x: 0, y: 0 }, 3, { x: 50, y: -20 });
  // The point that was at (50, -20) is now at scale * point + offset.
  expect(3 * 50 + zoomed.x).toBe(50);
  expect(3 * -20 + zoomed.y).toBe(-20);
});

it('lets the picture move by what it exceeds the frame, and by nothing when it fits', () => {
  expect(panWithin({ scale: 2, x: 999, y: -999 }, FRAME)).toEqual({ scale: 2, x: 200, y: -100 });
  expect(panWithin({ scale: 1, x: 5, y: 5 }, FRAME)).toEqual({ scale: 1, x: 0, y: 0 });
});
