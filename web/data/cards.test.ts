import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AssetCard } from '../../client/index.ts';
import { layOut } from '../grid/layout.ts';
import { blocksFor } from '../grid/pages.ts';

interface Asked {
  readonly query: URLSearchParams;
  readonly signal: AbortSignal | undefined;
  readonly answer: () => void;
}
const asked: Asked[] = [];

function made(n: number): AssetCard {
  const card = { id: `AST-${n}`, name: `Card ${n}`, revision: 1 };
  // Only what the store looks at; the rest of a card is none of its business.
  return card as unknown as AssetCard;
}

vi.stubGlobal(
  'fetch',
  (address: string, init: { signal?: AbortSignal }) =>
    new Promise((resolve, reject) => {
      const query = new URL(address, 'http://page').searchParams;
      const from = Number(query.get('offset'));
      const items = Array.from({ length: Number(query.get('limit')) }, (_, at) => made(from + at));
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      asked.push({
        query,
        signal: init.signal,
        answer: () => resolve(new Response(JSON.stringify({ items, next: null, count: null }))),
      });
    }),
);
// The client takes hold of fetch when it is made.
const { CardStore } = await import('./cards.ts');
afterAll(() => vi.unstubAllGlobals());
beforeEach(() => void asked.splice(0));

const metrics = { columns: 1, cardWidth: 1, cardHeight: 1, gap: 0, header: 0, padding: 0 };
const layout = layOut(
  [
    { key: 'logo', count: 250, bytes: 0 },
    { key: 'font', count: 20_000, bytes: 0 },
  ],
  metrics,
);
const listing = { b: 'acme', filter: { q: 'x' }, sort: 'name', by: 'type' } as const;
const blocks = (first: number, last: number) => blocksFor(layout, { first, last });

async function load(store: InstanceType<typeof CardStore>, first: number, last: number): Promise<void> {
  const done = store.want(blocks(first, last));
  for (const one of asked.splice(0)) one.answer();
  await done;
}

describe('card store', () => {
  it('reads blocks with the filter of their group', async () => {
    const store = new CardStore(listing, layout);
    await load(store, 199, 260);
    expect(store.card(0)?.id).toBe('AST-0');
    expect(store.card(249)?.id).toBe('AST-249');
    expect(store.card(250)?.id).toBe('AST-0');
    expect(store.card(450)).toBeUndefined();
    expect(store.groupKey(250)).toBe('font');
    expect(store.indexOf('AST-249')).toBe(249);
    expect(store.loadedIn('logo')).toHaveLength(250);
  });

  it('asks once, and gives up what left the view', async () => {
    const store = new CardStore(listing, layout);
    const first = store.want(blocks(0, 10));
    void store.want(blocks(0, 10));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.query.getAll('type')).toEqual(['logo']);
    expect(asked[0]?.query.get('q')).toBe('x');
    const second = store.want(blocks(5000, 5010));
    expect(asked[0]?.signal?.aborted).toBe(true);
    asked[1]?.answer();
    await Promise.all([first, second]);
    expect(store.card(0)).toBeUndefined();
    expect(store.card(5000)).toBeDefined();
  });

  it('lets the oldest blocks go and never those on view', async () => {
    const store = new CardStore(listing, layout);
    for (let at = 250; at < 20_000; at += 400) await load(store, at, at + 399);
    expect(store.card(250)).toBeUndefined();
    expect(store.card(19_900)).toBeDefined();
  });

  it('puts newer states in place and leaves older ones', async () => {
    const store = new CardStore(listing, layout);
    await load(store, 0, 10);
    const before = store.version();
    store.patch({ ...made(3), name: 'Newer', revision: 2 });
    expect(store.card(3)?.name).toBe('Newer');
    expect(store.version()).toBeGreaterThan(before);
    store.patch({ ...made(3), name: 'Older', revision: 1 });
    expect(store.card(3)?.name).toBe('Newer');
  });
});
