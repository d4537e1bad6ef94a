import { Navigate, useParams } from '@tanstack/react-router';
import { addressOfSearch, placeOfSearch, useSavedSearches } from '../data/searches.ts';
import { brandOnly, useLibraryNav } from '../data/nav.ts';
import { useCurrentBrand } from '../data/session.tsx';
import { NotFound } from './root.tsx';

/** The short address of a saved search leads to the library with its filters. */
export function SmartPage() {
  const { id } = useParams({ strict: false });
  const { address } = useLibraryNav();
  const searches = useSavedSearches(useCurrentBrand().slug);
  if (searches === undefined) return null;
  const saved = searches.find((one) => one.id === id);
  if (saved === undefined) return <NotFound />;
  return (
    <Navigate
      {...placeOfSearch(saved)}
      replace
      search={{ ...brandOnly(address), ...addressOfSearch(saved) }}
    />
  );
}
