import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AssetFilter, Output, Sort } from '../../client/index.ts';
import { formatMonth } from '../i18n/format.ts';
import { client, queryKeys } from './client.ts';

export type Facets = Output<'assets.facets'>;

/** Counts per value; each facet follows all filters but its own. */
export function useFacets(b: string, filter: AssetFilter): Facets | undefined {
  return useQuery({
    queryKey: queryKeys.facets(b, filter),
    queryFn: ({ signal }) => client.call('assets.facets', { ...filter, b }, signal),
    placeholderData: (old, query) => (query?.queryKey[0] === b ? old : undefined),
  }).data;
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
    queryFn: ({ signal }) => client.call('assets.groups', { ...filter, b, by: 'month' }, signal),
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
