import { useQuery } from '@tanstack/react-query';
import type { AssetFilter, SavedSearch } from '../../client/index.ts';
import { DEFAULT_GROUPING, DROP_FILTERS, defaultSort, filterOf, readAddress, sortOf } from './address.ts';
import type { LibraryAddress } from './address.ts';
import { client, queryClient, queryKeys } from './client.ts';
import type { AddressChange, LibraryNav } from './nav.ts';

export function useSavedSearches(b: string): readonly SavedSearch[] | undefined {
  return useQuery({
    queryKey: queryKeys.searches(b),
    queryFn: ({ signal }) => client.call('searches.list', { b }, signal),
  }).data?.items;
}

/** How many assets a saved search finds now; `more` when they were not all counted. */
export function useSearchCount(b: string, filter: AssetFilter) {
  return useQuery({
    queryKey: queryKeys.searchCount(b, filter),
    queryFn: ({ signal }) => client.call('assets.groups', { ...filter, b, by: 'none', exact: false }, signal),
  }).data;
}

export function refreshSearches(b: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: queryKeys.searches(b) });
}

/** Where a saved search is seen: in the library, or in the collection that it looks into. */
export function placeOfSearch({ filter: { collection } }: SavedSearch) {
  const [only] = collection ?? [];
  return only === undefined
    ? ({ to: '/library' } as const)
    : ({ to: '/collections/$collection', params: { collection: only } } as const);
}

function collectionOf({ filter }: SavedSearch): string | null {
  return filter.collection?.[0] ?? null;
}

/** The address under which a saved search is seen there. */
export function addressOfSearch(saved: SavedSearch): LibraryAddress {
  return readAddress({
    ...saved.filter,
    sort: saved.sort === defaultSort(collectionOf(saved)) ? undefined : saved.sort,
    by: saved.by === DEFAULT_GROUPING ? undefined : saved.by,
    smart: saved.id,
  });
}

/** The change of any library address that shows a saved search and nothing else. */
export function openSearch(saved: SavedSearch): AddressChange {
  return { ...DROP_FILTERS, sort: undefined, by: undefined, asset: undefined, ...addressOfSearch(saved) };
}

/** Whether the page shows something else than what was saved. */
export function isChanged(saved: SavedSearch, nav: Pick<LibraryNav, 'filter' | 'sort' | 'by'>): boolean {
  const was = addressOfSearch(saved);
  const collection = collectionOf(saved);
  const filter = { ...filterOf(was), ...(collection === null ? {} : { collection: [collection] }) };
  const same = [
    [spell(filter), spell(nav.filter)],
    [sortOf(was, collection), nav.sort],
    [was.by ?? DEFAULT_GROUPING, nav.by],
  ];
  return same.some(([before, now]) => before !== now);
}

/** The order in which filters were picked says nothing. */
function spell(filter: AssetFilter): string {
  const entries = Object.entries(filter).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) ? value.toSorted() : value,
  ]);
  return JSON.stringify(entries.toSorted(([a], [z]) => (a < z ? -1 : 1)));
}
