import { QueryClient } from '@tanstack/react-query';
import { BacklotError, createClient } from '../../client/index.ts';
import type { AssetFilter, Client } from '../../client/index.ts';

const wire = createClient();
const onSilence = new Set<() => void>();

/** The page's own client: same origin, session cookie. Whatever it asks, silence is noticed in one place. */
export const client: Client = {
  ...wire,
  async call(name, input, signal) {
    try {
      return await wire.call(name, input, signal);
    } catch (error) {
      if (isSilence(error)) for (const tell of onSilence) tell();
      throw error;
    }
  },
};

/** No answer of the program itself: nothing came, or a proxy spoke in its place. */
export function isSilence(error: unknown): error is BacklotError {
  return (
    error instanceof BacklotError && (error.code === 'offline' || [502, 503, 504].includes(error.status))
  );
}

/** Calls `tell` each time the server did not answer, until the returned function is called. */
export function whenSilent(tell: () => void): () => void {
  onSilence.add(tell);
  return () => void onSilence.delete(tell);
}

/** A refusal is an answer; only silence, a busy server and a server's own fault are worth asking again. */
function worthRetrying(failures: number, error: Error): boolean {
  if (!(error instanceof BacklotError)) return false;
  if (error.code === 'offline') return failures < 2;
  return error.status >= 500 && failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: worthRetrying,
      // The server may be on this machine or in this house: the browser's idea of "online" says nothing about it.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** An exact count begins when nothing else was asked for so long, in milliseconds. */
const REST_MS = 300;
let line: Promise<unknown> = Promise.resolve();

/**
 * Exact counts of many matches, one at a time and only when typing rests: each costs the server as much as ten searches,
 * and the next letter would find it busy with answers that nobody waits for any more.
 */
export async function whenAtRest<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  signal.throwIfAborted();
  const mine = line.then(() => {
    signal.throwIfAborted();
    return work();
  });
  line = mine.catch(() => undefined);
  return mine;
}

/** Every key begins with the brand, so that leaving a brand can drop all of it at once. */
export const queryKeys = {
  brand: (b: string) => [b] as const,
  groups: (b: string, by: string, filter: AssetFilter) => [b, 'groups', by, filter] as const,
  facets: (b: string, filter: AssetFilter) => [b, 'facets', filter] as const,
  labels: (b: string, filter: AssetFilter) => [b, 'facets', 'labels', filter] as const,
  searches: (b: string) => [b, 'searches'] as const,
  searchCount: (b: string, filter: AssetFilter) => [b, 'facets', 'count', filter] as const,
  asset: (b: string, id: string) => [b, 'asset', id] as const,
  versions: (b: string, id: string) => [b, 'asset', id, 'versions'] as const,
  history: (b: string, id: string) => [b, 'asset', id, 'history'] as const,
  recipe: (b: string, id: string, version: number) => [b, 'asset', id, 'recipe', version] as const,
  pictures: (b: string, q: string) => [b, 'pictures', q] as const,
  uses: (b: string, id: string) => [b, 'asset', id, 'uses'] as const,
  trash: (b: string) => [b, 'trash'] as const,
  duplicates: (b: string) => [b, 'duplicates'] as const,
  storage: (b: string) => [b, 'storage'] as const,
  collections: (b: string) => [b, 'collections'] as const,
  shares: (b: string) => [b, 'shares'] as const,
  keys: (b: string) => [b, 'keys'] as const,
  operations: (b: string) => [b, 'operations'] as const,
} as const;

/** Keys of what belongs to no brand. */
export const SESSION_KEY = ['session'] as const;
export const CAPABILITIES_KEY = ['capabilities'] as const;

/** A sentence for people about any failure: what happened and, when known, what to do. */
export function explain(error: unknown): string {
  if (error instanceof BacklotError) {
    return error.remedy === null ? error.message : `${error.message} ${error.remedy}`;
  }
  return 'Something went wrong in this page. Reload it and try again.';
}
