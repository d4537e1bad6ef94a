import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { readAddress } from '../data/address.ts';
import { client } from '../data/client.ts';
import { useCollections } from '../data/collections.ts';
import { brandOnly, useLibraryNav } from '../data/nav.ts';
import { openSearch, placeOfSearch, useSavedSearches } from '../data/searches.ts';
import { useBrand } from '../data/session.tsx';
import { useView } from '../data/view.ts';
import { TYPE_WORDS } from '../data/words.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { capsOf } from '../keys/key-words.ts';
import { runShortcut, useRegistered } from '../keys/registry.ts';
import { openUpload } from '../upload/open.ts';

export interface PaletteRow {
  readonly id: string;
  readonly section: 'Assets' | 'Tags' | 'Go to' | 'Do';
  readonly label: string;
  readonly note?: string;
  readonly picture?: string | null;
  readonly caps?: readonly string[];
  readonly run: () => void;
}

/** What a first sign narrows the palette to. */
export const SCOPES = [
  { sign: '#', section: 'Tags', text: 'tags' },
  { sign: '/', section: 'Go to', text: 'places' },
  { sign: '>', section: 'Do', text: 'commands' },
] as const;

export interface Asked {
  readonly words: string;
  readonly section: PaletteRow['section'] | null;
}

export function readAsked(text: string): Asked {
  const scope = SCOPES.find(({ sign }) => text.trimStart().startsWith(sign));
  if (scope === undefined) return { words: text.trim(), section: null };
  return { words: text.trimStart().slice(1).trim(), section: scope.section };
}

/** Every word somewhere in the label; the beginnings of the label first. */
export function matching<T extends { readonly label: string }>(rows: readonly T[], words: string): T[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ label }: T) => (label.toLowerCase().startsWith(wanted[0] ?? '') ? 0 : 1);
  return rows
    .filter(({ label }) => wanted.every((word) => label.toLowerCase().includes(word)))
    .toSorted((a, b) => rank(a) - rank(b));
}

const AT_MOST = 8;

/** Rows of the palette for what was typed: assets by name, tags, places and commands. */
export function usePaletteRows(text: string): {
  readonly rows: readonly PaletteRow[];
  readonly busy: boolean;
} {
  const { words, section } = useDeferredValue(readAsked(text));
  const assets = useAssetRows(section === null ? words : '');
  const tags = useTagRows(section === 'Tags' ? words : section === null && words !== '' ? words : null);
  const places = matching(usePlaceRows(section === 'Go to' || words !== ''), words);
  const commands = matching(useCommandRows(), words);
  const all: readonly PaletteRow[] = [...assets.rows, ...places, ...commands, ...tags.rows];
  const rows = section === null ? all : all.filter((row) => row.section === section);
  return { rows, busy: assets.busy || tags.busy };
}

function useAssetRows(words: string) {
  const b = useBrand();
  const { openFull } = useLibraryNav();
  const query = useQuery({
    queryKey: [b, 'palette', words],
    queryFn: ({ signal }) => client.call('assets.list', { b, q: words, limit: AT_MOST }, signal),
    enabled: words !== '',
    placeholderData: (before) => before,
  });
  const items = words === '' ? [] : (query.data?.items ?? []);
  const rows = items.map((asset): PaletteRow => ({
    id: asset.id,
    section: 'Assets',
    label: asset.name,
    note: `${TYPE_WORDS[asset.type]} · ${formatBytes(asset.size)}`,
    picture: asset.thumbnail,
    run: () => openFull(asset.id),
  }));
  return { rows, busy: query.isFetching };
}

function useTagRows(prefix: string | null) {
  const b = useBrand();
  const { change } = useLibraryNav();
  const query = useQuery({
    queryKey: [b, 'tags', prefix],
    queryFn: ({ signal }) => client.call('tags.list', { b, prefix: prefix ?? '', limit: AT_MOST }, signal),
    enabled: prefix !== null,
    placeholderData: (before) => before,
  });
  const items = prefix === null ? [] : (query.data?.items ?? []);
  const rows = items.map((item): PaletteRow => ({
    id: `#${item.tag}`,
    section: 'Tags',
    label: item.tag,
    note: plural(item.count, 'asset'),
    run: () => change({ tag: [item.tag] }),
  }));
  return { rows, busy: query.isFetching };
}

/** Pages of the brand, then its collections and saved searches: those only once somebody looks for one. */
function usePlaceRows(withOwn: boolean): PaletteRow[] {
  const own = useOwnPlaces(withOwn);
  const navigate = useNavigate();
  const setTrashOpen = useView((state) => state.setTrashOpen);
  const place = (label: string, to: Place): PaletteRow => ({
    id: to,
    section: 'Go to',
    label,
    run: () => void navigate({ to, search: brandOnly }),
  });
  const trash: PaletteRow = {
    id: '/trash',
    section: 'Go to',
    label: 'Trash',
    run: () => void navigate({ to: '/library', search: brandOnly }).then(() => setTrashOpen(true)),
  };
  const favourites: PaletteRow = {
    id: '/favourites',
    section: 'Go to',
    label: 'Favourites',
    run: () =>
      void navigate({ to: '/library', search: (old) => ({ ...brandOnly(old), favourite: true as const }) }),
  };
  return [
    place('Media', '/library'),
    favourites,
    place('Collections', '/collections'),
    place('Duplicates', '/duplicates'),
    trash,
    place('Activity', '/activity'),
    place('Settings', '/settings'),
    ...own,
  ];
}

type Place = '/library' | '/collections' | '/duplicates' | '/activity' | '/settings';

function useOwnPlaces(isWanted: boolean): PaletteRow[] {
  const b = useBrand();
  const navigate = useNavigate();
  const collections = useCollections(b).data ?? [];
  const searches = useSavedSearches(b) ?? [];
  if (!isWanted) return [];
  return [
    ...collections.map((one): PaletteRow => ({
      id: one.id,
      section: 'Go to',
      label: one.name,
      note: `Collection · ${plural(one.count, 'asset')}`,
      run: () =>
        void navigate({
          to: '/collections/$collection',
          params: { collection: one.id },
          search: brandOnly,
        }),
    })),
    ...searches.map((saved): PaletteRow => ({
      id: saved.id,
      section: 'Go to',
      label: saved.name,
      note: 'Saved search',
      run: () =>
        void navigate({
          ...placeOfSearch(saved),
          search: (old: object) => readAddress({ ...brandOnly(old), ...openSearch(saved) }),
        }),
    })),
  ];
}

function useCommandRows(): PaletteRow[] {
  const { change } = useLibraryNav();
  const shortcuts = useRegistered().filter(
    (shortcut) => shortcut.isMove !== true && shortcut.id !== 'palette' && shortcut.when?.() !== false,
  );
  const rows = shortcuts.map((shortcut): PaletteRow => ({
    id: `>${shortcut.id}`,
    section: 'Do',
    label: shortcut.label,
    caps: capsOf(shortcut),
    run: () => void runShortcut(shortcut.id),
  }));
  const own: PaletteRow[] = [
    { id: '>upload', section: 'Do', label: 'Upload files', run: () => openUpload() },
    ...(['none', 'type', 'source', 'size', 'month'] as const).map((by): PaletteRow => ({
      id: `>by.${by}`,
      section: 'Do',
      label: by === 'none' ? 'Show without groups' : `Group by ${by}`,
      run: () => change({ by }),
    })),
  ];
  const unique = new Map([...rows, ...own].map((row) => [row.label, row]));
  return [...unique.values()];
}
