import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { AssetCard, AssetDetail } from '../../client/index.ts';
import type { GroupSize, Range } from '../grid/layout.ts';
import { layOut } from '../grid/layout.ts';
import type { Block } from '../grid/pages.ts';
import { BLOCK, blocksFor } from '../grid/pages.ts';
import { CardStore, readBlock } from './cards.ts';
import type { Listing } from './cards.ts';
import { client, queryClient, queryKeys, whenAtRest } from './client.ts';

/** One answer to "what is there": the groups, and the cards that are shown first, so that nothing ever blanks. */
export interface Snapshot {
  readonly listing: Listing;
  readonly groups: readonly GroupSize[];
  readonly count: number;
  readonly bytes: number;
  /** Only the first matches were counted; an exact answer is on its way. */
  readonly more: boolean;
  readonly seed: ReadonlyMap<string, readonly AssetCard[]>;
}

/** Cards read together with a new layout. */
const FIRST_SIGHT = 40;

/** Positions and blocks depend on counts only; pixels are laid out by the grid. */
const COUNTING = { columns: 1, cardWidth: 1, cardHeight: 1, gap: 0, header: 0, padding: 0 };

/** The indices on view now, kept by the grid, so that a refreshed layout brings the same cards with it. */
const onView: { listing: string; range: Range } = { listing: '', range: { first: 0, last: 0 } };

export function keepView(listing: Listing, range: Range): void {
  onView.listing = JSON.stringify(listing);
  onView.range = range;
}

async function readSnapshot(listing: Listing, exact: boolean, signal: AbortSignal): Promise<Snapshot> {
  const { b, by, filter } = listing;
  const known = onView.listing === JSON.stringify(listing);
  // Without groups the first cards are the same whatever the count says, so both are asked for at once.
  const head =
    by === 'none' && !known ? readBlock(listing, { group: '', offset: 0, limit: BLOCK }, signal) : null;
  head?.catch(() => undefined);
  const counted = await client.call('assets.groups', { ...filter, b, by, exact }, signal);
  const { groups, count, bytes, more } = counted;
  const range = known ? onView.range : { first: 0, last: FIRST_SIGHT - 1 };
  const layout = layOut(groups, COUNTING);
  const blocks = blocksFor(layout, { first: range.first, last: Math.min(range.last, layout.count - 1) });
  const seed = new Map<string, readonly AssetCard[]>();
  await Promise.all(
    blocks.slice(0, 12).map(async (block) => {
      const isHead = head !== null && block.start === 0;
      seed.set(block.id, await (isHead ? head : readBlock(listing, block, signal)));
    }),
  );
  return { listing, groups, count, bytes, more, seed };
}

export interface Library {
  readonly snapshot: Snapshot;
  readonly store: CardStore;
  /** The shown answer belongs to an older question; the new one is under way. */
  readonly isOld: boolean;
}

export interface LibraryQuery {
  readonly library: Library | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

const LAYOUT = 'layout';

function snapshotQuery(listing: Listing) {
  const { b, by, sort, filter } = listing;
  return {
    queryKey: [b, LAYOUT, by, sort, filter],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => readSnapshot(listing, false, signal),
  };
}

/** Asks for a library that the address is about to show: the page's own work for it then costs no time on top. */
export function expectLibrary(listing: Listing): void {
  void queryClient.prefetchQuery({ ...snapshotQuery(listing), staleTime: 0, structuralSharing: false });
}

/** The library for a filter, a sort and a grouping. Old results stay until the new ones are there. */
export function useLibrary(listing: Listing): LibraryQuery {
  const query = useQuery({
    ...snapshotQuery(listing),
    // Never across brands: not even dimmed may one brand's cards stand under another's name.
    placeholderData: (old) => (old?.listing.b === listing.b ? old : undefined),
    staleTime: 0,
    structuralSharing: false,
  });
  // What many assets match is shown at once as far as it was counted quickly; the exact layout takes its place.
  const exact = useQuery({
    queryKey: [listing.b, LAYOUT, listing.by, listing.sort, listing.filter, 'exact'],
    queryFn: ({ signal }) => whenAtRest(signal, () => readSnapshot(listing, true, signal)),
    enabled: query.data?.more === true && !query.isPlaceholderData,
    staleTime: 0,
    structuralSharing: false,
  });
  const snapshot = query.data?.more === true ? (exact.data ?? query.data) : query.data;
  const store = useMemo(
    () =>
      snapshot === undefined
        ? undefined
        : new CardStore(snapshot.listing, layOut(snapshot.groups, COUNTING), snapshot.seed),
    [snapshot],
  );
  useEffect(() => (store === undefined ? undefined : holdStore(store)), [store]);
  return {
    library:
      snapshot === undefined || store === undefined
        ? undefined
        : { snapshot, store, isOld: query.isPlaceholderData },
    error: query.error,
    retry: () => void query.refetch(),
  };
}

let active: CardStore | undefined;

/** Grows with every change of a card on view, and when another listing comes into view. */
let changes = 0;
const watchers = new Set<() => void>();
const tell = () => {
  changes += 1;
  for (const watcher of watchers) watcher();
};

function holdStore(store: CardStore): () => void {
  active = store;
  const leave = store.subscribe(tell);
  tell();
  return () => {
    leave();
    store.stop();
    if (active === store) active = undefined;
  };
}

/** Paints again whenever a card on view has changed, for what reads the active store beside the grid. */
export function useCardsOnView(): void {
  useSyncExternalStore(watchCards, () => changes);
}

function watchCards(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

// Whoever reads or saves an asset brings its card up to date: the query cache is the one place they all pass.
queryClient.getQueryCache().subscribe((event) => {
  const [, noun, , more] = event.query.queryKey;
  if (event.type !== 'updated' || event.action.type !== 'success' || noun !== 'asset' || more !== undefined)
    return;
  const asset: AssetDetail | undefined = event.query.state.data;
  if (asset !== undefined) active?.patch(asset);
});

/** The store of the listing on view. */
export function activeStore(): CardStore | undefined {
  return active;
}

/** Blocks on view now. */
export function blocksOnView(store: CardStore): readonly Block[] {
  return blocksFor(store.layout, onView.range);
}

/** Reads counts, groups and what is on view again: something came, went or moved. */
export async function refreshLibrary(b: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: [b, LAYOUT] }),
    queryClient.invalidateQueries({ queryKey: [b, 'facets'] }),
    queryClient.invalidateQueries({ queryKey: queryKeys.trash(b) }),
    queryClient.invalidateQueries({ queryKey: queryKeys.storage(b) }),
    queryClient.invalidateQueries({ queryKey: queryKeys.collections(b) }),
  ]);
}

/** Members came or went: the counts, and the cards where a collection is open. */
export async function refreshCollections(b: string): Promise<void> {
  if (active?.listing.filter.collection !== undefined) await refreshLibrary(b);
  else await queryClient.invalidateQueries({ queryKey: queryKeys.collections(b) });
}
