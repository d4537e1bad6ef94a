import { X } from 'lucide-react';
import { Suspense } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { DROP_FILTERS, isFiltering, readAddress } from '../data/address.ts';
import type { LibraryAddress } from '../data/address.ts';
import type { AddressChange, LibraryNav } from '../data/nav.ts';
import {
  MEDIA_WORDS,
  PEOPLE_WORDS,
  RATING_WORDS,
  SIZE_WORDS,
  SOURCE_WORDS,
  STATE_WORDS,
  STATUS_WORDS,
  TYPE_WORDS,
  labelWords,
} from '../data/words.ts';
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatMonth,
  titleCase,
} from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { lazy } from '../data/lazy.ts';

export interface ChipSpec {
  readonly key: string;
  readonly text: string;
  /** A swatch before the text. */
  readonly colour?: string;
  /** The change of the address that drops it. */
  readonly without: AddressChange;
}

const plain = (key: string) => key;
const from = (words: Readonly<Record<string, string>>) => (key: string) => words[key] ?? key;
const LISTS = {
  type: from(TYPE_WORDS),
  source: from(SOURCE_WORDS),
  mediaType: from(MEDIA_WORDS),
  sizeRange: from(SIZE_WORDS),
  status: from(STATUS_WORDS),
  state: from(STATE_WORDS),
  rating: from(RATING_WORDS),
  hasPeople: from(PEOPLE_WORDS),
  product: (key: string) => labelWords(key, 'No product'),
  campaign: (key: string) => labelWords(key, 'No campaign'),
  mood: plain,
  style: plain,
  model: plain,
  lora: plain,
  sampler: plain,
  generator: plain,
  tag: (key: string) => `#${key}`,
} as const satisfies { [K in keyof LibraryAddress]: (key: string) => string };

function listChips(address: LibraryAddress, name: keyof typeof LISTS): ChipSpec[] {
  const values: readonly string[] = address[name] ?? [];
  return values.map((value) => ({
    key: `${name}:${value}`,
    text: LISTS[name](value),
    without: { [name]: undefined, ...readAddress({ [name]: values.filter((one) => one !== value) }) },
  }));
}

const days = (count: number) => (count === 1 ? 'the last day' : `the last ${formatCount(count)} days`);
const date = (time: string) => formatDate(time);

/** What each filter with one value says. */
const SINGLE: {
  readonly [K in keyof LibraryAddress]?: (value: NonNullable<LibraryAddress[K]>) => string;
} = {
  q: (q) => `“${q}”`,
  month: formatMonth,
  orientation: titleCase,
  mustInclude: (on) => (on ? 'Must include' : 'Not must include'),
  neverUsed: (on) => (on ? 'Never used' : 'Used before'),
  favourite: (on) => (on ? 'Your favourites' : 'Not your favourites'),
  minRating: (stars) => `${stars} stars or more`,
  usedWithin: (count) => `Used in ${days(count)}`,
  unusedFor: (count) => `Not used in ${days(count)}`,
  createdWithin: (count) => `Added in ${days(count)}`,
  usedSince: (time) => `Used since ${date(time)}`,
  createdAfter: (time) => `Added from ${date(time)}`,
  createdBefore: (time) => `Added until ${date(time)}`,
  minSize: (size) => `${formatBytes(size)} or more`,
  maxSize: (size) => `Up to ${formatBytes(size)}`,
  minWidth: (px) => `${px} px wide or more`,
  maxWidth: (px) => `Up to ${px} px wide`,
  minHeight: (px) => `${px} px high or more`,
  maxHeight: (px) => `Up to ${px} px high`,
  minDuration: (seconds) => `${formatDuration(seconds)} or longer`,
  maxDuration: (seconds) => `Up to ${formatDuration(seconds)}`,
};

function singleChip<K extends keyof LibraryAddress>(address: LibraryAddress, name: K): ChipSpec[] {
  const value = address[name];
  const say = SINGLE[name];
  if (value === undefined || say === undefined) return [];
  return [{ key: name, text: say(value), without: { [name]: undefined } }];
}

function colourChip({ colour, colourTolerance }: LibraryAddress): ChipSpec[] {
  if (colour === undefined) return [];
  const without = { colour: undefined, colourTolerance: undefined };
  const how = colourTolerance === undefined ? 'like' : colourTolerance < 20 ? 'close to' : 'roughly like';
  return [{ key: 'colour', text: `Colour ${how} ${colour}`, colour, without }];
}

/** Every filter that is on, as something to read and to drop. */
export function chipsOf(address: LibraryAddress): readonly ChipSpec[] {
  const lists = Object.keys(LISTS).filter((name): name is keyof typeof LISTS => name in LISTS);
  const single = Object.keys(SINGLE).filter((name): name is keyof LibraryAddress => name in SINGLE);
  return [
    ...singleChip(address, 'q'),
    ...lists.flatMap((name) => listChips(address, name)),
    ...colourChip(address),
    ...single.filter((name) => name !== 'q').flatMap((name) => singleChip(address, name)),
  ];
}

const SaveSearch = lazy(async () => ({ default: (await import('./filter-save.tsx')).SaveSearch }));

/** A row of its own, so that no control moves or hides; the words of the search stand in their box already. */
export function FilterChips({ nav }: { readonly nav: LibraryNav }) {
  const chips = chipsOf(nav.address).filter(({ key }) => key !== 'q');
  const saves = isFiltering(nav.address) || nav.address.smart !== undefined;
  if (!saves) return null;
  return (
    <div className="chip-row items-center">
      <ul className="contents" aria-label="Filters that are on">
        {chips.map((chip) => (
          <li key={chip.key} className="chip">
            {chip.colour === undefined ? null : (
              <span
                aria-hidden
                className="size-3 rounded-sm border border-edge"
                style={{ background: chip.colour }}
              />
            )}
            <span className="max-w-48 truncate">{chip.text}</span>
            <AriaButton
              className="chip-remove"
              aria-label={`Remove the filter ${chip.text}`}
              onPress={() => nav.change(chip.without)}
            >
              <X size={13} aria-hidden />
            </AriaButton>
          </li>
        ))}
      </ul>
      <Suspense>
        <SaveSearch nav={nav} />
      </Suspense>
    </div>
  );
}

export function ClearFilters({ nav }: { readonly nav: LibraryNav }) {
  if (!isFiltering(nav.address)) return null;
  return (
    <Button small tone="quiet" onPress={() => nav.change({ ...DROP_FILTERS, smart: undefined })}>
      Clear
    </Button>
  );
}
