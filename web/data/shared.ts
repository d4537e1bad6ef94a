import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Output } from '../../client/index.ts';
import { client } from './client.ts';

export type SharedHead = Output<'shared.get'>;
export type SharedItem = Output<'shared.list'>['items'][number];

const PAGE = 60;

export function useShared(token: string) {
  return useQuery({
    queryKey: ['shared', token],
    queryFn: ({ signal }) => client.call('shared.get', { token }, signal),
    // Each asking counts as a view.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

export function useSharedItems(token: string) {
  return useInfiniteQuery({
    queryKey: ['shared', token, 'items'],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        'shared.list',
        { token, limit: PAGE, ...(pageParam === '' ? {} : { after: pageParam }) },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
