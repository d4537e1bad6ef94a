import type { AssetCard, AssetFilter, Sort } from '../../client/index.ts';
import type { GridLayout } from '../grid/layout.ts';
import { groupOf } from '../grid/layout.ts';
import type { Block } from '../grid/pages.ts';
import { placeOf } from '../grid/pages.ts';
import { client } from './client.ts';
import type { Grouping } from './words.ts';

/** What is listed: the cache's key together with a block. */
export interface Listing {
  readonly b: string;
  readonly filter: AssetFilter;
  readonly sort: Sort;
  readonly by: Grouping;
}

/** Loaded blocks beyond this are let go, oldest first: 8,000 cards are some 8 MB. */
const KEEP = 40;

const FILTER_OF: Readonly<Record<Grouping, ((key: string) => Readonly<Record<string, unknown>>) | null>> = {
  type: (key) => ({ type: [key] }),
  source: (key) => ({ source: [key] }),
  size: (key) => ({ sizeRange: [key] }),
  month: (key) => ({ month: key }),
  product: (key) => ({ product: [key] }),
  status: (key) => ({ status: [key] }),
  none: null,
};

/** The filter that gives the members of one group. */
export function groupFilter(listing: Pick<Listing, 'filter' | 'by'>, key: string): AssetFilter {
  return { ...listing.filter, ...FILTER_OF[listing.by]?.(key) };
}

export async function readBlock(
  listing: Listing,
  block: Pick<Block, 'group' | 'offset' | 'limit'>,
  signal?: AbortSignal,
): Promise<AssetCard[]> {
  const { items } = await client.call(
    'assets.list',
    {
      ...groupFilter(listing, block.group),
      b: listing.b,
      sort: listing.sort,
      offset: block.offset,
      limit: block.limit,
    },
    signal,
  );
  return items;
}

/** The cards of one listing as far as they were seen, in blocks. Requests that left the view are given up. */
export class CardStore {
  readonly listing: Listing;
  readonly layout: Pick<GridLayout, 'groups' | 'count' | 'metrics' | 'height'>;
  readonly #blocks = new Map<string, readonly AssetCard[]>();
  readonly #pending = new Map<string, AbortController>();
  readonly #watchers = new Set<() => void>();
  #version = 0;

  constructor(
    listing: Listing,
    layout: GridLayout,
    seed: ReadonlyMap<string, readonly AssetCard[]> = new Map(),
  ) {
    this.listing = listing;
    this.layout = layout;
    for (const [id, cards] of seed) this.#blocks.set(id, cards);
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };
  /** Grows with every change, for `useSyncExternalStore`. */
  readonly version = (): number => this.#version;

  card(index: number): AssetCard | undefined {
    const place = placeOf(this.layout, index);
    return place === undefined ? undefined : this.#blocks.get(place.block)?.[place.at];
  }

  /** Loaded cards among these. */
  pick(ids: ReadonlySet<string>): AssetCard[] {
    return [...this.#blocks.values()].flatMap((cards) => cards.filter((card) => ids.has(card.id)));
  }

  /** Key of the group in which a card stands. */
  groupKey(index: number): string {
    return groupOf(this.layout, index)?.key ?? '';
  }

  /** Index of a loaded card. */
  indexOf(id: string): number | undefined {
    for (const [blockId, cards] of this.#blocks) {
      const at = cards.findIndex((card) => card.id === id);
      if (at < 0) continue;
      const cut = blockId.lastIndexOf(':');
      const group = this.layout.groups.find(({ key }) => key === blockId.slice(0, cut));
      if (group !== undefined) return group.start + Number(blockId.slice(cut + 1)) + at;
    }
    return undefined;
  }

  /** Ids of the loaded cards of a group. */
  loadedIn(group: string): string[] {
    const ids: string[] = [];
    for (const [blockId, cards] of this.#blocks) {
      if (blockId.startsWith(`${group}:`)) for (const card of cards) ids.push(card.id);
    }
    return ids;
  }

  /** Asks for what the view needs and gives up what it needs no more. Resolves when all of it is there or failed. */
  async want(blocks: readonly Block[]): Promise<void> {
    const wanted = new Set(blocks.map(({ id }) => id));
    for (const [id, controller] of this.#pending) {
      if (wanted.has(id)) continue;
      controller.abort();
      this.#pending.delete(id);
    }
    this.#letGo(wanted);
    await Promise.all(
      blocks
        .filter(({ id }) => !this.#blocks.has(id) && !this.#pending.has(id))
        .map((block) => this.#load(block)),
    );
  }

  /** Reads blocks again that are on view, after others changed them; old cards stay until the answer is there. */
  async reload(blocks: readonly Block[]): Promise<void> {
    const kept = new Set(blocks.map(({ id }) => id));
    for (const id of this.#blocks.keys()) if (!kept.has(id)) this.#blocks.delete(id);
    await Promise.all(blocks.map((block) => this.#load(block)));
  }

  /** Puts a newer state of a card in its place. */
  patch(card: AssetCard): void {
    for (const [id, cards] of this.#blocks) {
      const at = cards.findIndex((old) => old.id === card.id);
      const old = cards[at];
      if (old === undefined || old.revision > card.revision) continue;
      // What matched is told by lists only.
      const why = old.matched === undefined ? {} : { matched: old.matched };
      this.#blocks.set(id, cards.with(at, { ...why, ...card }));
      this.#changed();
      return;
    }
  }

  /** Gives up everything under way. */
  stop(): void {
    for (const controller of this.#pending.values()) controller.abort();
    this.#pending.clear();
  }

  async #load(block: Block): Promise<void> {
    const controller = new AbortController();
    this.#pending.get(block.id)?.abort();
    this.#pending.set(block.id, controller);
    try {
      const cards = await readBlock(this.listing, block, controller.signal);
      this.#blocks.set(block.id, cards);
      this.#changed();
    } catch {
      // The view asks again when it moves, when the connection returns and with every layout.
    } finally {
      if (this.#pending.get(block.id) === controller) this.#pending.delete(block.id);
    }
  }

  #letGo(wanted: ReadonlySet<string>): void {
    // What is wanted now goes to the end of the map, which makes its start the oldest.
    for (const id of wanted) {
      const cards = this.#blocks.get(id);
      if (cards === undefined) continue;
      this.#blocks.delete(id);
      this.#blocks.set(id, cards);
    }
    for (const id of this.#blocks.keys()) {
      if (this.#blocks.size <= KEEP || wanted.has(id)) break;
      this.#blocks.delete(id);
    }
  }

  #changed(): void {
    this.#version += 1;
    for (const watcher of this.#watchers) watcher();
  }
}
