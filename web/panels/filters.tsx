import { CheckSquare, Rows2, Rows3, Rows4, SlidersHorizontal } from 'lucide-react';
import { Suspense, useState } from 'react';
import { defaultSort, readAddress, sortsOf } from '../data/address.ts';
import type { LibraryAddress } from '../data/address.ts';
import type { Facets } from '../data/facets.ts';
import type { LibraryNav } from '../data/nav.ts';
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
import { countText, formatBytes, plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { useIsPhone } from '../ui/use-media.ts';
import { ClearFilters, FilterChips, chipsOf } from './filter-chips.tsx';
import { FilterList, FilterMenu } from './filter-menu.tsx';
import type { FilterOption, FilterSection, FilterSpec } from './filter-menu.tsx';
import { lazy } from '../data/lazy.ts';

interface Counted {
  readonly counts: readonly { readonly key: string; readonly count: number }[] | undefined;
  /** Every count is the least there can be. */
  readonly more: boolean;
}

function options<K extends string>(
  keys: readonly K[],
  words: Readonly<Record<K, string>>,
  { counts, more }: Counted,
): FilterOption[] {
  return keys.map((key) => {
    const found = counts?.find((one) => one.key === key)?.count;
    // A value that a cut-short count never met may have matches all the same.
    return { key, title: words[key], count: found ?? (counts === undefined || more ? null : 0), more };
  });
}

/** All of a table of words in one section, whose title is not shown. */
function section<K extends string>(words: Readonly<Record<K, string>>, counted: Counted): FilterSection[] {
  return [{ title: 'All', options: options(keysOf(words), words, counted) }];
}

const LabelMenuBody = lazy(async () => ({ default: (await import('./filter-more.tsx')).LabelMenuBody }));
const MoreFilters = lazy(async () => ({ default: (await import('./filter-more.tsx')).MoreFilters }));

/** Filters behind "More", which shows how many of them are on. */
const MORE = [
  'mediaType',
  'sizeRange',
  'status',
  'rating',
  'hasPeople',
  'campaign',
  'mood',
  'style',
  'model',
  'lora',
  'sampler',
  'generator',
  'neverUsed',
  'usedWithin',
  'unusedFor',
  'createdWithin',
  'mustInclude',
  'orientation',
  'colour',
  'minWidth',
  'maxWidth',
  'minHeight',
  'maxHeight',
  'minDuration',
  'maxDuration',
  'minSize',
  'maxSize',
] as const satisfies readonly (keyof LibraryAddress)[];

function morePicked(address: LibraryAddress): string[] {
  return MORE.filter((name) => address[name] !== undefined);
}

function filtersOf(nav: LibraryNav, facets: Facets | undefined): FilterSpec[] {
  const { address, change } = nav;
  const more = facets?.more ?? false;
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
    options: options(shelf.types, TYPE_WORDS, { counts: facets?.type, more }),
  }));
  return [
    list('Type', 'type', types),
    list('Source', 'source', section(SOURCE_WORDS, { counts: facets?.source, more })),
    labelSpec(nav, 'Product', 'product'),
    labelSpec(nav, 'Tags', 'tag'),
    {
      label: 'More',
      sections: [],
      picked: morePicked(address),
      onPick: () => undefined,
      wide: true,
      body: (
        <Suspense>
          <MoreFilters
            nav={nav}
            lists={[
              list('Media', 'mediaType', section(MEDIA_WORDS, { counts: facets?.mediaType, more })),
              list('Size', 'sizeRange', section(SIZE_WORDS, { counts: facets?.size, more })),
            ]}
          />
        </Suspense>
      ),
    },
  ];
}

function labelSpec(nav: LibraryNav, label: string, name: 'product' | 'tag'): FilterSpec {
  return {
    label,
    sections: [],
    picked: nav.address[name] ?? [],
    onPick: () => undefined,
    body: (
      <Suspense>
        <LabelMenuBody nav={nav} name={name} />
      </Suspense>
    ),
  };
}

export interface FilterBarProps {
  readonly nav: LibraryNav;
  readonly facets: Facets | undefined;
  readonly count: number | undefined;
  readonly bytes: number | undefined;
  /** The figures are the least there are; exact ones are on their way. */
  readonly more: boolean;
  /** The figures belong to an older question. */
  readonly isOld: boolean;
}

export function FilterBar({ nav, facets, count, bytes, more, isOld }: FilterBarProps) {
  const isPhone = useIsPhone();
  const filters = filtersOf(nav, facets);
  const total = (
    <span role="status" className={`pl-2 whitespace-nowrap text-muted ${isOld ? 'opacity-50' : ''}`}>
      {count === undefined ? '' : more ? `${countText(count, true)} assets` : plural(count, 'asset')}
      {bytes === undefined || count === 0 || more || isPhone ? '' : ` · ${formatBytes(bytes)}`}
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
              {filter.body ?? <FilterList filter={filter} />}
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
      choices={sortsOf(nav.collection).map((value) => ({ value, label: SORT_WORDS[value] }))}
      onChange={(sort) => nav.change({ sort: sort === defaultSort(nav.collection) ? undefined : sort })}
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
