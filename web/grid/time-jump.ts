import type { AssetFilter, Sort } from '../../client/index.ts';

export type Span = 'day' | 'month' | 'year';

/** First moment of the span that holds a time, in the person's own time zone, and of the one after it. */
export function boundsOf(span: Span, time: Date): { readonly from: Date; readonly to: Date } {
  const year = time.getFullYear();
  const month = span === 'year' ? 0 : time.getMonth();
  const day = span === 'day' ? time.getDate() : 1;
  const next = { day: [0, 0, 1], month: [0, 1, 0], year: [1, 0, 0] } as const;
  const [years, months, days] = next[span];
  return {
    from: new Date(year, month, day),
    to: new Date(year + years, month + months, day + days),
  };
}

export type TimeOrder = 'newest' | 'oldest';

/** Which way time runs down the list; null when it is in no order of time. */
export function timeOrder(sort: Sort, by: string): TimeOrder | null {
  if (by !== 'none' && by !== 'month') return null;
  if (sort === '-created') return 'newest';
  // Months are shown newest first, whatever the order within.
  return sort === 'created' && by === 'none' ? 'oldest' : null;
}

/** A count that tells an index: assets that stand before a moment in the list. */
export interface Before {
  readonly filter: AssetFilter;
  /** Added to the count. */
  readonly offset: 0 | -1;
}

/**
 * The next span in the order of the list, or the one before it: what stands above its edge is counted by the server, so
 * that a jump over a million cards reads none of them.
 */
export function jumpFrom(
  time: Date,
  { span, order, back }: { span: Span; order: TimeOrder; back: boolean },
): Before {
  const { from, to } = boundsOf(span, time);
  const offset = back ? -1 : 0;
  if (order === 'newest') return { filter: { createdAfter: (back ? to : from).toISOString() }, offset };
  const edge = new Date((back ? from : to).getTime() - 1);
  return { filter: { createdBefore: edge.toISOString() }, offset };
}

/** Where a date begins in the list. */
export function indexOfDate(date: Date, order: TimeOrder): Before {
  const { from, to } = boundsOf('day', date);
  return order === 'newest'
    ? { filter: { createdAfter: to.toISOString() }, offset: 0 }
    : { filter: { createdBefore: new Date(from.getTime() - 1).toISOString() }, offset: 0 };
}

/** Both filters at once: of two bounds of time the narrower one. */
export function narrowed(filter: AssetFilter, by: AssetFilter): AssetFilter {
  const after = [filter.createdAfter, by.createdAfter].filter((one) => one !== undefined).toSorted();
  const before = [filter.createdBefore, by.createdBefore].filter((one) => one !== undefined).toSorted();
  const latest = after.at(-1);
  const [earliest] = before;
  return {
    ...filter,
    ...(latest === undefined ? {} : { createdAfter: latest }),
    ...(earliest === undefined ? {} : { createdBefore: earliest }),
  };
}
