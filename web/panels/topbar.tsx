import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, Plus, Search, Upload, X } from 'lucide-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import type { Listing } from '../data/cards.ts';
import { expectLibrary } from '../data/library.ts';
import type { Brand } from '../data/session.tsx';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import type { LibraryNav } from '../data/nav.ts';
import { useShortcuts } from '../keys/registry.ts';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { openUpload } from '../upload/open.ts';
import { lazy } from '../data/lazy.ts';

const NewBrand = lazy(async () => ({ default: (await import('./brand-new.tsx')).NewBrand }));

/** Letters that come fast wait so long for one another; one after a pause is searched for at once. */
const DEBOUNCE_MS = 40;
const PAUSE_MS = 120;

export function TopBar({ nav }: { readonly nav: LibraryNav }) {
  const { verbs } = useSession();
  return (
    <header className="flex h-13 shrink-0 items-center gap-3 border-b border-line px-4 max-md:gap-2 max-md:px-3">
      <BrandChip />
      <SearchBox key={nav.address.brand ?? ''} nav={nav} />
      {verbs.includes('write') ? (
        <Button tone="main" onPress={() => openUpload()} aria-label="Upload">
          <Upload size={16} aria-hidden />
          <span className="max-md:hidden">Upload</span>
        </Button>
      ) : null}
    </header>
  );
}

/** The brand is always in sight; with several it is also the switch. */
function BrandChip() {
  const { brands, kind } = useSession();
  const current = useCurrentBrand();
  const navigate = useNavigate();
  const [isMaking, setMaking] = useState(false);
  const enter = (brand: string) => void navigate({ to: '/library', search: { brand } });
  const name = (
    <span className="max-w-44 truncate font-semibold max-md:max-w-20" dir="auto">
      {current.name}
    </span>
  );
  // A key is bound to its brand and makes no other.
  const mayMake = kind === 'owner';
  if (brands.length < 2 && !mayMake) {
    return (
      <span className="flex items-center gap-2" title="The brand of this library">
        <Mark brand={current} />
        {name}
      </span>
    );
  }
  return (
    <>
      <Menu
        label="Brands"
        actions={[
          ...brands.map((brand) => ({
            id: brand.slug,
            label: brand.name,
            isCurrent: brand.slug === current.slug,
            run: () => enter(brand.slug),
          })),
          ...(mayMake
            ? [
                {
                  id: '+',
                  label: 'New brand …',
                  icon: <Plus size={14} aria-hidden />,
                  run: () => setMaking(true),
                },
              ]
            : []),
        ]}
      >
        <Button tone="quiet" className="-ml-2 px-2">
          <Mark brand={current} />
          <span className="sr-only">Brand: </span>
          {name}
          <ChevronDown size={14} aria-hidden className="text-muted" />
        </Button>
      </Menu>
      {isMaking ? (
        <Suspense>
          <NewBrand
            onClose={() => setMaking(false)}
            onMade={(slug) => {
              setMaking(false);
              enter(slug);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

function Mark({ brand }: { readonly brand: Brand }) {
  return (
    <span
      aria-hidden
      className="grid size-6 shrink-0 place-items-center rounded-md border border-line bg-raised text-label font-semibold"
    >
      {brand.name.charAt(0).toUpperCase()}
    </span>
  );
}

/** Live search. One search, however long it was typed, is one step of Back. */
function SearchBox({ nav }: { readonly nav: LibraryNav }) {
  const said = nav.address.q ?? '';
  const [text, setText] = useState(said);
  const input = useRef<HTMLInputElement>(null);
  const sent = useRef(said);
  const typedAt = useRef(-PAUSE_MS);
  const { change } = nav;
  const { slug } = useCurrentBrand();
  const listing = useRef<Listing>({ b: slug, filter: nav.filter, sort: nav.sort, by: nav.by });
  listing.current = { b: slug, filter: nav.filter, sort: nav.sort, by: nav.by };

  // The address changed by itself (Back, Clear, a chip): the box follows.
  useEffect(() => {
    if (said === sent.current) return;
    sent.current = said;
    setText(said);
  }, [said]);

  useEffect(() => {
    const trimmed = text.trim();
    if (trimmed === sent.current) return undefined;
    const now = performance.now();
    const wait = now - typedAt.current > PAUSE_MS ? 0 : DEBOUNCE_MS;
    typedAt.current = now;
    const timer = setTimeout(() => {
      const goesOn = sent.current !== '';
      sent.current = trimmed;
      const q = trimmed === '' ? undefined : trimmed;
      const { filter, ...rest } = listing.current;
      expectLibrary({ ...rest, filter: { ...filter, q } });
      change({ q }, goesOn);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, change]);

  useShortcuts([
    {
      id: 'search',
      keys: '/',
      label: 'Search',
      run: () => {
        input.current?.focus();
        input.current?.select();
      },
    },
  ]);

  return (
    <div className="field mx-auto max-w-xl flex-1" role="search">
      <Search size={16} aria-hidden className="shrink-0 text-muted" />
      <input
        ref={input}
        type="search"
        aria-label="Search the library"
        placeholder="Search names, tags, descriptions, ids"
        value={text}
        maxLength={500}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') event.currentTarget.blur();
          setText('');
        }}
        className="h-8 w-full min-w-0 flex-1 outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      {text === '' ? (
        <kbd aria-hidden className="rounded-sm border border-line px-1.5 text-label text-muted max-md:hidden">
          /
        </kbd>
      ) : (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => setText('')}
          className="p-1 text-muted"
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}
