import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AssetFilter, Input, Output, Sort } from '../../client/index.ts';
import { formatMonth } from '../i18n/format.ts';
import { client, queryKeys, whenAtRest } from './client.ts';

export type Facets = Output<'assets.facets'>;
type LabelKind = NonNullable<Input<'assets.labels'>['of']>[number];

/**
 * Counts per value; each facet follows all filters but its own. Where counting all takes long a quick answer comes
 * first: it says that there is more, and gives way to the exact one. Nothing is counted before the cards are there.
 */
export function useFacets(b: string, filter: AssetFilter, isReady: boolean): Facets | undefined {
  const quick = useQuery({
    queryKey: queryKeys.facets(b, filter),
    enabled: isReady,
    queryFn: ({ signal }) => client.call('assets.facets', { ...filter, b, exact: false }, signal),
    placeholderData: (old, query) => (query?.queryKey[0] === b ? old : undefined),
  });
  const exact = useQuery({
    queryKey: [...queryKeys.facets(b, filter), 'exact'],
    queryFn: ({ signal }) => whenAtRest(signal, () => client.call('assets.facets', { ...filter, b }, signal)),
    enabled: quick.data?.more === true && !quick.isPlaceholderData,
  });
  return exact.data ?? quick.data;
}

export type LabelFacets = Output<'assets.labels'>;
const SHOWN: readonly LabelKind[] = [
  'status',
  'rating',
  'product',
  'campaign',
  'hasPeople',
  'mood',
  'style',
  'tag',
  'model',
  'lora',
  'sampler',
  'generator',
];

/** Counts of labels, asked for when somebody opens a filter that shows them. */
export function useLabelFacets(b: string, filter: AssetFilter): LabelFacets | undefined {
  const of = [...SHOWN];
  const quick = useQuery({
    queryKey: queryKeys.labels(b, filter),
    queryFn: ({ signal }) => client.call('assets.labels', { ...filter, b, of, exact: false }, signal),
    placeholderData: (old, query) => (query?.queryKey[0] === b ? old : undefined),
  });
  const more = Object.values(quick.data ?? {}).some((facet) => facet?.more === true);
  const exact = useQuery({
    queryKey: [...queryKeys.labels(b, filter), 'exact'],
    queryFn: ({ signal }) =>
      whenAtRest(signal, () => client.call('assets.labels', { ...filter, b, of }, signal)),
    enabled: more && !quick.isPlaceholderData,
  });
  return exact.data ?? quick.data;
}

export interface MonthStart {
  readonly index: number;
  readonly title: string;
  readonly year: string;
}

/** Index at which each month of arrival begins in a list ordered by time; empty for any other order. */
export function useMonths(b: string, filter: AssetFilter, sort: Sort | null): readonly MonthStart[] {
  const { data } = useQuery({
    queryKey: queryKeys.groups(b, 'month', filter),
    queryFn: ({ signal }) =>
      whenAtRest(signal, () => client.call('assets.groups', { ...filter, b, by: 'month' }, signal)),
    enabled: sort === '-created' || sort === 'created',
  });
  return useMemo(() => {
    if (data === undefined || sort === null || !sort.endsWith('created')) return [];
    const months = data.groups.toSorted((a, z) => (a.key < z.key ? -1 : 1));
    if (sort === '-created') months.reverse();
    let index = 0;
    return months.map(({ key, count }) => {
      const start = { index, title: formatMonth(key), year: key.slice(0, 4) };
      index += count;
      return start;
    });
  }, [data, sort]);
}
