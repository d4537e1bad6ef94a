import { expect, it } from 'vitest';
import { boundsOf, indexOfDate, jumpFrom, narrowed, timeOrder } from './time-jump.ts';

/** Index of the first card at which a jump lands, counted as the server would. */
function landing(times: readonly Date[], { filter, offset }: ReturnType<typeof jumpFrom>): number {
  const after = filter.createdAfter === undefined ? -Infinity : Date.parse(filter.createdAfter);
  const before = filter.createdBefore === undefined ? Infinity : Date.parse(filter.createdBefore);
  return times.filter((time) => time.getTime() >= after && time.getTime() <= before).length + offset;
}

const days = [
  new Date(2026, 10, 21, 15),
  new Date(2026, 10, 21, 9),
  new Date(2026, 10, 20, 23),
  new Date(2026, 9, 2),
  new Date(2024, 1, 29),
];
const oldest = days.toReversed();
const day = days[1] ?? new Date();

it('goes to the next and the former day, month and year, whichever way time runs', () => {
  const go = (span: 'day' | 'month' | 'year', back: boolean, from = day) =>
    landing(days, jumpFrom(from, { span, order: 'newest', back }));
  expect([go('day', false), go('month', false), go('year', false)]).toEqual([2, 3, 4]);
  expect([go('day', true), go('day', true, days[2])]).toEqual([-1, 1]);
  const up = (back: boolean) =>
    landing(oldest, jumpFrom(days[2] ?? day, { span: 'day', order: 'oldest', back }));
  expect([up(false), up(true)]).toEqual([3, 1]);
});

it('finds where a date begins, also one without a card', () => {
  expect(landing(days, indexOfDate(new Date(2026, 10, 20), 'newest'))).toBe(2);
  expect(landing(days, indexOfDate(new Date(2025, 5, 1), 'newest'))).toBe(4);
  expect(landing(oldest, indexOfDate(new Date(2026, 10, 20), 'oldest'))).toBe(2);
});

it('ends months and years where they end', () => {
  expect(boundsOf('month', new Date(2026, 11, 31)).to).toEqual(new Date(2027, 0, 1));
  expect(boundsOf('day', new Date(2024, 1, 29)).to).toEqual(new Date(2024, 2, 1));
});

it('jumps only where the list runs in time, and inside the filters', () => {
  expect([timeOrder('-created', 'type'), timeOrder('name', 'none'), timeOrder('created', 'none')]).toEqual([
    null,
    null,
    'oldest',
  ]);
  const filter = { createdAfter: '2026-01-01T00:00:00.000Z', q: 'sea' };
  expect(narrowed(filter, { createdAfter: '2026-05-01T00:00:00.000Z' })).toEqual({
    createdAfter: '2026-05-01T00:00:00.000Z',
    q: 'sea',
  });
  expect(narrowed(filter, { createdAfter: '2025-05-01T00:00:00.000Z' })).toEqual(filter);
});
