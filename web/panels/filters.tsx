import { CheckSquare, Rows2, Rows3, Rows4, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { readAddress } from '../data/address.ts';
import type { LibraryAddress } from '../data/address.ts';
import type { Facets } from '../data/facets.ts';
import type { AddressChange, LibraryNav } from '../data/nav.ts';
import { usePrefs } from '../data/prefs.ts';
import { useView } from '../data/view.ts';
import {
  GROUPING_WORDS,
  MEDIA_WORDS,
  SIZE_WORDS,
  SORT_WORDS,
  SOURCE_WORDS,
  TYPE_SHELVES,
  TYPE_WORDS,
  keysOf,
} from '../data/words.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { useIsPhone } from '../ui/use-media.ts';
import { ClearFilters, FilterChips, chipsOf } from './filter-chips.tsx';
import { FilterList, FilterMenu } from './filter-menu.tsx';
import type { FilterOption, FilterSection, FilterSpec } from './filter-menu.tsx';

type Counts = readonly { readonly key: string; readonly count: number }[];

function options<K extends string>(
  keys: readonly K[],
  words: Readonly<Record<K, string>>,
  counts: Counts | undefined,
): FilterOption[] {
  return keys.map((key) => ({
    key,
    title: words[key],
    count: counts === undefined ? null : (counts.find((one) => one.key === key)?.count ?? 0),
  }));
}

/** All of a table of words in one section, whose title is not shown. */
function section<K extends string>(
  words: Readonly<Record<K, string>>,
  counts: Counts | undefined,
): FilterSection[] {
  return [{ title: 'All', options: options(keysOf(words), words, counts) }];
}

const MORE_WORDS = {
  mustInclude: 'Must include',
  neverUsed: 'Never used',
  landscape: 'Landscape',
  portrait: 'Portrait',
  square: 'Square',
} as const;
const ORIENTATIONS: ReadonlySet<string> = new Set(['landscape', 'portrait', 'square']);

function morePicked({ mustInclude, neverUsed, orientation }: LibraryAddress): string[] {
  return [
    ...(mustInclude === true ? ['mustInclude'] : []),
    ...(neverUsed === true ? ['neverUsed'] : []),
    ...(orientation === undefined ? [] : [orientation]),
  ];
}

/** One shape at a time: the newest pick wins. */
function moreChange(address: LibraryAddress, keys: readonly string[]): AddressChange {
  const added = keys.find((key) => ORIENTATIONS.has(key) && key !== address.orientation);
  const kept = keys.find((key) => key === address.orientation);
  return {
    mustInclude: keys.includes('mustInclude') ? true : undefined,
    neverUsed: keys.includes('neverUsed') ? true : undefined,
    orientation: readAddress({ orientation: added ?? kept }).orientation,
  };
}

function filtersOf({ address, change }: LibraryNav, facets: Facets | undefined): FilterSpec[] {
  const list = (
    label: string,
    name: 'type' | 'source' | 'mediaType' | 'sizeRange',
    sections: FilterSection[],
  ) => ({
    label,
    sections,
    picked: address[name] ?? [],
    onPick: (keys: string[]) => change({ [name]: undefined, ...readAddress({ [name]: keys }) }),
  });
  const types = TYPE_SHELVES.map((shelf) => ({
    title: shelf.title,
    options: options(shelf.types, TYPE_WORDS, facets?.type),
  }));
  return [
    list('Type', 'type', types),
    list('Source', 'source', section(SOURCE_WORDS, facets?.source)),
    list('Media', 'mediaType', section(MEDIA_WORDS, facets?.mediaType)),
    list('Size', 'sizeRange', section(SIZE_WORDS, facets?.size)),
    {
      label: 'More',
      sections: section(MORE_WORDS, undefined),
      picked: morePicked(address),
      onPick: (keys) => change(moreChange(address, keys)),
    },
  ];
}

export interface FilterBarProps {
  readonly nav: LibraryNav;
  readonly facets: Facets | undefined;
  readonly count: number | undefined;
  readonly bytes: number | undefined;
  /** The figures belong to an older question. */
  readonly isOld: boolean;
}

export function FilterBar({ nav, facets, count, bytes, isOld }: FilterBarProps) {
  const isPhone = useIsPhone();
  const filters = filtersOf(nav, facets);
  const total = (
    <span role="status" className={`pl-2 whitespace-nowrap text-muted ${isOld ? 'opacity-50' : ''}`}>
      {count === undefined ? '' : plural(count, 'asset')}
      {bytes === undefined || count === 0 || isPhone ? '' : ` · ${formatBytes(bytes)}`}
    </span>
  );
  return (
    <div className="filters">
      <div className="filter-bar" role="toolbar" aria-label="Filters and order">
        {isPhone ? (
          <>
            <FilterSheet nav={nav} filters={filters} />
            <SelectMode />
            {total}
            <ClearFilters nav={nav} />
          </>
        ) : (
          <>
            {filters.map((filter) => (
              <FilterMenu key={filter.label} filter={filter} />
            ))}
            <ClearFilters nav={nav} />
            <span className="ml-auto" />
            {total}
            <GroupBy nav={nav} />
            <SortBy nav={nav} />
            <CardSize />
            <SelectMode />
          </>
        )}
      </div>
      <FilterChips nav={nav} />
    </div>
  );
}

/** On a phone all filters and the order are one sheet. */
function FilterSheet({
  nav,
  filters,
}: {
  readonly nav: LibraryNav;
  readonly filters: readonly FilterSpec[];
}) {
  const [open, setOpen] = useState(false);
  const on = chipsOf(nav.address).length;
  return (
    <>
      <Button small onPress={() => setOpen(true)}>
        <SlidersHorizontal size={16} aria-hidden />
        {on === 0 ? 'Filters' : `Filters (${on})`}
      </Button>
      <Dialog title="Filters and order" isOpen={open} onClose={() => setOpen(false)}>
        <div className="flex flex-col gap-4">
          <GroupBy nav={nav} />
          <SortBy nav={nav} />
          {filters.map((filter) => (
            <section key={filter.label} aria-label={filter.label}>
              <h3 className="border-b border-line pb-1">{filter.label}</h3>
              <FilterList filter={filter} />
            </section>
          ))}
        </div>
      </Dialog>
    </>
  );
}

function GroupBy({ nav }: { readonly nav: LibraryNav }) {
  return (
    <Select
      label="Group by"
      hideLabel
      small
      prefix="Group"
      className="w-40 shrink-0 max-md:w-full"
      value={nav.by}
      choices={keysOf(GROUPING_WORDS).map((value) => ({ value, label: GROUPING_WORDS[value] }))}
      onChange={(by) => nav.change({ by: by === 'none' ? undefined : by })}
    />
  );
}

function SortBy({ nav }: { readonly nav: LibraryNav }) {
  return (
    <Select
      label="Sort"
      hideLabel
      small
      className="w-36 shrink-0 max-md:w-full"
      value={nav.sort}
      choices={keysOf(SORT_WORDS).map((value) => ({ value, label: SORT_WORDS[value] }))}
      onChange={(sort) => nav.change({ sort: sort === '-created' ? undefined : sort })}
    />
  );
}

const DENSITIES = {
  compact: { Icon: Rows4, next: 'normal' },
  normal: { Icon: Rows3, next: 'comfortable' },
  comfortable: { Icon: Rows2, next: 'compact' },
} as const;

function CardSize() {
  const { size, density, change } = usePrefs();
  const { Icon, next } = DENSITIES[density];
  return (
    <>
      <input
        type="range"
        aria-label="Size of the cards"
        title="Size of the cards"
        min={110}
        max={360}
        step={10}
        value={size}
        onChange={(event) => change({ size: Number(event.target.value) })}
        className="w-20 shrink-0 accent-accent"
      />
      <IconButton small label={`Density: ${density}`} onPress={() => change({ density: next })}>
        <Icon size={16} aria-hidden />
      </IconButton>
    </>
  );
}

function SelectMode() {
  const selectMode = useView((state) => state.selectMode);
  const setSelectMode = useView((state) => state.setSelectMode);
  return (
    <Button small aria-pressed={selectMode} onPress={() => setSelectMode(!selectMode)}>
      <CheckSquare size={15} aria-hidden />
      {selectMode ? 'Done' : 'Select'}
    </Button>
  );
}
