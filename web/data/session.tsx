import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { createContext, use, useEffect } from 'react';
import type { ReactNode } from 'react';
import { BacklotError } from '../../client/index.ts';
import type { Output } from '../../client/index.ts';
import { SESSION_KEY, client, queryClient } from './client.ts';
import { useView } from './view.ts';

export type Session = Output<'session.get'>;
export type Brand = Session['brands'][number];

const SessionContext = createContext<Session | null>(null);

/** The signed-in person; only inside `SessionGate`. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession needs SessionGate above it');
  return session;
}

/** The brand of the page: named by `?brand=` in the address, otherwise the first that the session opens. */
export function useCurrentBrand(): Brand {
  const { brands } = useSession();
  const search: { brand?: unknown } = useSearch({ strict: false });
  const found = brands.find((brand) => brand.slug === search.brand) ?? brands[0];
  if (found === undefined) throw new Error('The session opens no brand');
  return found;
}

/** The address names a brand that this session does not open; whether it exists is not told. */
export function useIsForeign(): boolean {
  const { brands } = useSession();
  const search: { brand?: unknown } = useSearch({ strict: false });
  return search.brand !== undefined && !brands.some((brand) => brand.slug === search.brand);
}

/** Slug of the current brand, as every call wants it. */
export function useBrand(): string {
  return useCurrentBrand().slug;
}

export interface SessionGateProps {
  readonly children: ReactNode;
  readonly whileLoading: ReactNode;
  readonly signedOut: ReactNode;
  readonly failed: (error: Error, retry: () => void) => ReactNode;
}

/** Asks who is there before anything else is asked, and shows what fits the answer. */
export function SessionGate({ children, whileLoading, signedOut, failed }: SessionGateProps) {
  const query = useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => client.call('session.get', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A server that is still starting answers soon; until then ask again by itself.
    refetchInterval: ({ state }) => (state.status === 'error' && !isSignedOut(state.error) ? 3000 : false),
  });
  // A session that ended is over, whatever was known before; any other failure leaves the page standing.
  if (isSignedOut(query.error)) return signedOut;
  if (query.data !== undefined) return <SessionContext value={query.data}>{children}</SessionContext>;
  if (query.isPending) return whileLoading;
  return failed(query.error, () => void query.refetch());
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof BacklotError && error.status === 401;
}

/** Leaving a brand drops its selection and all that was read from it. */
export function useBrandChange(): void {
  const brand = useBrand();
  const clear = useView((view) => view.clearSelection);
  useEffect(
    () => () => {
      clear();
      queryClient.removeQueries({ queryKey: [brand] });
    },
    [brand, clear],
  );
}
