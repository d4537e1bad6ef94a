import { useQuery } from '@tanstack/react-query';
import type { Output } from '../../client/index.ts';
import { client, queryKeys } from './client.ts';

export type Collection = Output<'collections.get'>;

/** Every collection of the brand by name; a brand with more than five hundred finds the rest by search. */
export function useCollections(b: string) {
  return useQuery({
    queryKey: queryKeys.collections(b),
    queryFn: async ({ signal }) => (await client.call('collections.list', { b, limit: 500 }, signal)).items,
  });
}

export function useCollection(b: string, id: string) {
  return useQuery({
    queryKey: [...queryKeys.collections(b), id],
    queryFn: ({ signal }) => client.call('collections.get', { b, id }, signal),
  });
}

/** Collections that one asset is in. */
export function useCollectionsOf(b: string, asset: string | null) {
  return useQuery({
    queryKey: [...queryKeys.collections(b), 'of', asset],
    queryFn: async ({ signal }) =>
      asset === null ? [] : (await client.call('collections.list', { b, asset, limit: 500 }, signal)).items,
    enabled: asset !== null,
  });
}
