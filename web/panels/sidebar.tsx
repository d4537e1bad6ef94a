import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { Copy, Folder, History, Images, Keyboard, Settings, Star, Trash2 } from 'lucide-react';
import { Suspense } from 'react';
import { LIBRARY_PATHS, brandOnly } from '../data/nav.ts';
import { useView } from '../data/view.ts';
import { useSession } from '../data/session.tsx';
import { formatCount } from '../i18n/format.ts';
import { openShortcuts } from '../keys/sheet.tsx';
import { Collections } from '../routes/parts.tsx';
import { useStorage } from './storage.tsx';
import { lazy } from '../data/lazy.ts';

const SavedSearches = lazy(async () => ({
  default: (await import('./saved-searches.tsx')).SavedSearches,
}));

/** The way round; below 768 px it lies at the bottom. Only what works is in it. */
export function Sidebar() {
  const navigate = useNavigate();
  const setTrashOpen = useView((state) => state.setTrashOpen);
  const { workspace, name } = useSession();
  const { data } = useStorage();
  const trashed = data?.trash.count ?? 0;
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isFavourites = useRouterState({
    select: ({ location }) => 'favourite' in location.search,
  });
  const openTrash = async () => {
    // The trash lies at the foot of the library, whose filters stay as they are.
    if (!LIBRARY_PATHS.some((known) => path.startsWith(known)))
      await navigate({ to: '/library', search: brandOnly });
    setTrashOpen(true);
  };
  return (
    <nav
      aria-label="Main"
      className="flex w-53 shrink-0 flex-col gap-1 border-r border-line bg-panel p-3 max-md:order-last max-md:w-full max-md:flex-row max-md:border-t max-md:border-r-0 max-md:px-2 max-md:py-0 max-md:pb-[env(safe-area-inset-bottom)]"
    >
      <div className="mb-3 flex h-7 items-center gap-2 px-2 max-md:hidden">
        <img src="/icon.svg" alt="" width={20} height={20} />
        <span className="truncate text-title font-semibold">Backlot</span>
      </div>
      <Link
        to="/library"
        search={brandOnly}
        className={`nav-item ${isFavourites ? 'nav-behind' : ''}`}
        activeOptions={{ exact: false, includeSearch: false }}
      >
        <Images size={17} aria-hidden />
        Media
      </Link>
      <Link
        to="/library"
        search={(old) => ({ ...brandOnly(old), favourite: true as const })}
        className="nav-item max-md:hidden!"
        activeOptions={{ exact: false, includeSearch: true }}
      >
        <Star size={17} aria-hidden />
        Favourites
      </Link>
      <Link
        to="/collections"
        search={brandOnly}
        className="nav-item md:hidden"
        activeOptions={{ includeSearch: false }}
      >
        <Folder size={17} aria-hidden />
        Collections
      </Link>
      <Link to="/duplicates" search={brandOnly} className="nav-item" activeOptions={{ includeSearch: false }}>
        <Copy size={17} aria-hidden />
        Duplicates
      </Link>
      <button type="button" className="nav-item" onClick={() => void openTrash()}>
        <Trash2 size={17} aria-hidden />
        Trash
        {trashed === 0 ? null : (
          <span className="ml-auto text-label text-muted max-md:hidden">{formatCount(trashed)}</span>
        )}
      </button>
      <Link to="/activity" search={brandOnly} className="nav-item" activeOptions={{ includeSearch: false }}>
        <History size={17} aria-hidden />
        Activity
      </Link>
      <Link to="/settings" search={brandOnly} className="nav-item" activeOptions={{ includeSearch: false }}>
        <Settings size={17} aria-hidden />
        Settings
      </Link>
      <Suspense>
        <Collections />
        <SavedSearches />
      </Suspense>
      <div className="mt-auto flex items-center gap-2 px-2 max-md:hidden">
        <span className="min-w-0 flex-1 truncate text-label text-muted" title={`${name}, ${workspace}`}>
          {workspace}
        </span>
        <button
          type="button"
          className="btn btn-icon btn-small"
          aria-label="Shortcuts"
          onClick={openShortcuts}
        >
          <Keyboard size={16} aria-hidden />
        </button>
      </div>
    </nav>
  );
}
