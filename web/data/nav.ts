import { useNavigate, useParams, useRouterState, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { AssetFilter, Sort } from '../../client/index.ts';
import { DEFAULT_GROUPING, filterOf, readAddress, sortOf } from './address.ts';
import type { LibraryAddress } from './address.ts';
import type { Grouping } from './words.ts';

/** The same page has two addresses; whoever came by one stays on it. */
export const LIBRARY_PATHS = ['/library', '/video_production/media-library'] as const;

/** What goes along to another page of the brand. */
export function brandOnly(search: { readonly brand?: unknown }): LibraryAddress {
  return readAddress({ brand: search.brand });
}

export type AddressChange = { readonly [K in keyof LibraryAddress]?: LibraryAddress[K] | undefined };

export interface LibraryNav {
  readonly address: LibraryAddress;
  readonly filter: AssetFilter;
  /** The collection whose members are shown. */
  readonly collection: string | null;
  readonly sort: Sort;
  readonly by: Grouping;
  /** Asset shown beside the grid. */
  readonly side: string | null;
  /** Asset shown in full. */
  readonly full: string | null;
  /** Changes parts of the address; undefined takes a part away. One step of Back unless `replace`. */
  readonly change: (change: AddressChange, replace?: boolean) => void;
  readonly openSide: (id: string | null) => void;
  readonly openFull: (id: string | null) => void;
}

export function useLibraryNav(): LibraryNav {
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const params: { id?: string; collection?: string } = useParams({ strict: false });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const base = LIBRARY_PATHS.find((known) => path.startsWith(known)) ?? LIBRARY_PATHS[0];
  const address = useMemo(() => readAddress(search), [search]);
  const collection = params.collection ?? null;
  const filter = useMemo(
    () => ({ ...filterOf(address), ...(collection === null ? {} : { collection: [collection] }) }),
    [address, collection],
  );
  const side = address.asset ?? null;
  const full = params.id ?? null;

  const change = useCallback(
    (part: AddressChange, replace = false) => {
      const search = (old: object) => readAddress({ ...old, ...part });
      if (collection === null) void navigate({ to: base, search, replace });
      else void navigate({ to: '/collections/$collection', params: { collection }, search, replace });
    },
    [navigate, base, collection],
  );
  const openSide = useCallback(
    // Going from card to card with the panel open is one step, not twenty.
    (id: string | null) => change({ asset: id ?? undefined }, id !== null && side !== null),
    [change, side],
  );
  const openFull = useCallback(
    (id: string | null) => {
      const search = (old: object) => readAddress({ ...old });
      // The panel that comes back shows where the walk through the full view ended.
      const back = (old: { asset?: unknown }) =>
        readAddress({ ...old, ...(old.asset === undefined ? {} : { asset: full }) });
      if (collection !== null) {
        const inside = { params: { collection, id: id ?? '' }, replace: full !== null };
        if (id === null)
          void navigate({ to: '/collections/$collection', params: { collection }, search: back });
        else void navigate({ to: '/collections/$collection/$id', ...inside, search });
      } else if (id === null) void navigate({ to: base, search: back });
      else void navigate({ to: `${base}/$id`, params: { id }, search, replace: full !== null });
    },
    [navigate, base, collection, full],
  );
  return {
    address,
    filter,
    collection,
    sort: sortOf(address, collection),
    by: address.by ?? DEFAULT_GROUPING,
    side,
    full,
    change,
    openSide,
    openFull,
  };
}
