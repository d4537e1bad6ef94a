import { useEffect } from 'react';
import { create } from 'zustand';
import type { LibraryEvent } from '../../client/index.ts';
import { SESSION_KEY, client, queryClient, queryKeys, whenSilent } from './client.ts';
import { activeStore, blocksOnView, refreshCollections, refreshLibrary } from './library.ts';

type Kind = LibraryEvent['kind'];
const KINDS: Readonly<Record<Kind, 'moves' | 'changes' | 'storage' | 'collections'>> = {
  'asset.added': 'moves',
  'asset.trashed': 'moves',
  'asset.restored': 'moves',
  'asset.purged': 'moves',
  'assets.changed': 'moves',
  'asset.ready': 'changes',
  'asset.changed': 'changes',
  'storage.changed': 'storage',
  'collections.changed': 'collections',
};

/** Events are gathered for this long: an upload of a thousand files is a thousand events. */
const GATHER_MS = 250;
/** The layout is read again at most this often. */
const LAYOUT_MS = 1000;
/** From this many changed cards on, their blocks are read instead. */
const ONE_BY_ONE = 8;
/** A break this short is not worth a word. */
const PATIENCE_MS = 2500;
const FIRST_WAIT_MS = 1000;
const LAST_WAIT_MS = 10_000;

interface Connection {
  readonly lost: boolean;
}
/** Whether the server's event stream is broken: nothing on the page is sure to be current. */
export const useConnection = create<Connection>()(() => ({ lost: false }));

/** Gathers what happened and brings the page up to date in few steps. */
class Changes {
  readonly #b: string;
  readonly #changed = new Set<string>();
  #moved = false;
  #storage = false;
  #collections = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #layoutAt = 0;

  constructor(b: string) {
    this.#b = b;
  }

  add(kind: Kind, asset: string | null): void {
    const effect = KINDS[kind];
    if (asset !== null && effect !== 'storage') this.#changed.add(asset);
    if (effect === 'moves') this.#moved = true;
    if (effect === 'storage') this.#storage = true;
    if (effect === 'collections') this.#collections = true;
    this.#timer ??= setTimeout(() => void this.#flush(), this.#wait());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): number {
    if (!this.#moved) return GATHER_MS;
    return Math.max(GATHER_MS, this.#layoutAt + LAYOUT_MS - Date.now());
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#changed];
    const moved = this.#moved;
    const storage = this.#storage;
    const collections = this.#collections;
    this.#changed.clear();
    this.#moved = false;
    this.#storage = false;
    this.#collections = false;
    for (const id of ids) {
      // An open detail panel reads again; a closed one forgets.
      void queryClient.invalidateQueries({ queryKey: queryKeys.asset(this.#b, id) });
    }
    if (moved) {
      this.#layoutAt = Date.now();
      await refreshLibrary(this.#b);
      return;
    }
    if (storage) void queryClient.invalidateQueries({ queryKey: queryKeys.storage(this.#b) });
    if (collections) await refreshCollections(this.#b);
    await this.#patch(ids);
  }

  async #patch(ids: readonly string[]): Promise<void> {
    const store = activeStore();
    if (store === undefined) return;
    const shown = ids.filter((id) => store.indexOf(id) !== undefined);
    if (shown.length === 0) return;
    if (shown.length > ONE_BY_ONE) {
      await store.reload(blocksOnView(store));
      return;
    }
    const cards = await Promise.all(
      shown.map((id) => client.call('assets.get', { b: this.#b, id }).catch(() => undefined)),
    );
    for (const card of cards) if (card !== undefined) store.patch(card);
    // The card may now belong to another group, and the counts with it.
    void queryClient.invalidateQueries({ queryKey: [this.#b, 'facets'] });
    if (store.listing.by !== 'none') void queryClient.invalidateQueries({ queryKey: [this.#b, 'layout'] });
  }
}

/** Follows the brand's event stream, and comes back by itself after a break. */
class Stream {
  readonly #b: string;
  readonly #changes: Changes;
  #source: EventSource | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #tell: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT_MS;
  readonly #forget: () => void;

  constructor(b: string) {
    this.#b = b;
    this.#changes = new Changes(b);
    // A connection may die without a word; a request without an answer then tells it first.
    this.#forget = whenSilent(() => this.#broke());
    this.#open();
  }

  stop(): void {
    this.#forget();
    clearTimeout(this.#again);
    clearTimeout(this.#tell);
    this.#changes.stop();
    this.#source?.close();
    useConnection.setState({ lost: false });
  }

  #open(): void {
    const source = new EventSource(client.url('events.stream', { b: this.#b }));
    this.#source = source;
    source.addEventListener('open', () => this.#opened());
    source.addEventListener('error', () => this.#broke());
    for (const kind of Object.keys(KINDS)) {
      source.addEventListener(kind, (message: MessageEvent<string>) => {
        if (isKind(kind)) this.#changes.add(kind, assetIn(message.data));
      });
    }
  }

  #opened(): void {
    const wasBroken = this.#tell !== undefined;
    this.#wait = FIRST_WAIT_MS;
    clearTimeout(this.#tell);
    this.#tell = undefined;
    if (!wasBroken) return;
    useConnection.setState({ lost: false });
    // What happened meanwhile was told to nobody here.
    void queryClient.invalidateQueries({ queryKey: [this.#b] });
  }

  #broke(): void {
    this.#tell ??= setTimeout(() => useConnection.setState({ lost: true }), PATIENCE_MS);
    if (this.#again !== undefined) return;
    // The browser's own retry gives up at a refusal and never ends a dead connection: a new stream does both.
    this.#source?.close();
    this.#again = setTimeout(() => {
      this.#again = undefined;
      this.#open();
    }, this.#wait);
    this.#wait = Math.min(this.#wait * 2, LAST_WAIT_MS);
    // A session that has ended refuses the stream too; then the sign-in page is the answer.
    void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
  }
}

function listen(b: string): () => void {
  const stream = new Stream(b);
  return () => stream.stop();
}

function isKind(kind: string): kind is Kind {
  return kind in KINDS;
}

function assetIn(data: string): string | null {
  try {
    const said: unknown = JSON.parse(data);
    if (typeof said === 'object' && said !== null && 'asset' in said && typeof said.asset === 'string') {
      return said.asset;
    }
  } catch {
    // An event without a readable body still says that something happened.
  }
  return null;
}

export function useLiveUpdates(b: string): void {
  useEffect(() => listen(b), [b]);
}
