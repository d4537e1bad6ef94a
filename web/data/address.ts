import * as v from 'valibot';
import type { AssetFilter, Sort } from '../../client/index.ts';
import {
  GROUPING_WORDS,
  MEDIA_WORDS,
  PEOPLE_WORDS,
  RATING_WORDS,
  SIZE_WORDS,
  SORT_WORDS,
  SOURCE_WORDS,
  STATE_WORDS,
  STATUS_WORDS,
  TYPE_WORDS,
  keysOf,
} from './words.ts';
import type { Grouping } from './words.ts';

/** A list of known words; unknown ones are dropped, an empty list is absent. */
function some<K extends string>(words: readonly K[]) {
  const known = new Set<string>(words);
  const isKnown = (value: string): value is K => known.has(value);
  return v.fallback(
    v.optional(
      v.pipe(
        v.union([v.string(), v.array(v.string())]),
        v.transform((raw) => {
          const list = (typeof raw === 'string' ? [raw] : raw).filter(isKnown);
          return list.length === 0 ? undefined : list;
        }),
      ),
    ),
    undefined,
  );
}
const flag = v.fallback(
  v.optional(
    v.pipe(
      v.union([v.picklist(['yes', 'no']), v.boolean()]),
      v.transform((raw) => raw === true || raw === 'yes'),
    ),
  ),
  undefined,
);
const texts = v.fallback(
  v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((raw) => {
        const list = (typeof raw === 'string' ? [raw] : raw).filter((one) => one !== '');
        return list.length === 0 ? undefined : list;
      }),
    ),
  ),
  undefined,
);
const figure = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  v.fallback(
    v.optional(
      v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.minValue(least), v.maxValue(most)),
    ),
    undefined,
  );
const whole = (least: number, most?: number) =>
  v.fallback(
    v.optional(
      v.pipe(
        v.union([v.string(), v.number()]),
        v.transform(Number),
        v.integer(),
        v.minValue(least),
        v.maxValue(most ?? Number.MAX_SAFE_INTEGER),
      ),
    ),
    undefined,
  );
const assetId = v.pipe(v.string(), v.regex(/^AST-[0-9A-HJKMNP-TV-Z]{8}$/));
const word = (pattern: RegExp) => v.fallback(v.optional(v.pipe(v.string(), v.regex(pattern))), undefined);

const time = word(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);

/** Everything that the library's address may say. What is not understood is left out, never an error page. */
const libraryAddress = v.object({
  q: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(500))), undefined),
  type: some(keysOf(TYPE_WORDS)),
  mediaType: some(keysOf(MEDIA_WORDS)),
  source: some(keysOf(SOURCE_WORDS)),
  sizeRange: some(keysOf(SIZE_WORDS)),
  tag: texts,
  tagMode: v.fallback(v.optional(v.literal('all')), undefined),
  status: some(keysOf(STATUS_WORDS)),
  state: some(keysOf(STATE_WORDS)),
  product: texts,
  campaign: texts,
  mood: texts,
  style: texts,
  model: texts,
  lora: texts,
  sampler: texts,
  generator: texts,
  hasPeople: some(keysOf(PEOPLE_WORDS)),
  rating: some(keysOf(RATING_WORDS)),
  minRating: whole(1, 5),
  colour: word(/^#[0-9a-f]{6}$/i),
  colourTolerance: figure(1, 60),
  month: word(/^\d{4}-\d{2}$/),
  orientation: v.fallback(v.optional(v.picklist(['landscape', 'portrait', 'square'])), undefined),
  mustInclude: flag,
  neverUsed: flag,
  usedWithin: whole(1, 36_500),
  unusedFor: whole(1, 36_500),
  createdWithin: whole(1, 36_500),
  usedSince: time,
  createdAfter: time,
  createdBefore: time,
  minSize: whole(0),
  maxSize: whole(0),
  minWidth: whole(0),
  maxWidth: whole(0),
  minHeight: whole(0),
  maxHeight: whole(0),
  minDuration: figure(0),
  maxDuration: figure(0),
  /** The saved search that this began as. */
  smart: word(/^[\w-]{1,40}$/),
  favourite: flag,
  sort: v.fallback(v.optional(v.picklist(keysOf(SORT_WORDS))), undefined),
  by: v.fallback(v.optional(v.picklist(keysOf(GROUPING_WORDS))), undefined),
  asset: v.fallback(v.optional(assetId), undefined),
  brand: word(/^[\w-]{1,64}$/),
});
export type LibraryAddress = v.InferOutput<typeof libraryAddress>;

export function readAddress(raw: Readonly<Record<string, unknown>>): LibraryAddress {
  const parsed = v.safeParse(libraryAddress, raw);
  const said = parsed.success ? parsed.output : {};
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== ''));
}

/** `?type=logo&type=font&q=sun`: plain words, lists as repeated names, so that people can read and write addresses. */
export function parseSearch(search: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  const query = new URLSearchParams(search);
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    found[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return found;
}

export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === undefined || item === null || item === '') continue;
      query.append(name, item === true ? 'yes' : item === false ? 'no' : String(item));
    }
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** What stands in the address beside the filters. */
const BESIDE = ['sort', 'by', 'asset', 'brand', 'smart'] as const satisfies readonly (keyof LibraryAddress)[];
type Beside = (typeof BESIDE)[number];
/** They say how another filter is meant and leave nothing out by themselves. */
const MODES: ReadonlySet<string> = new Set(['tagMode', 'colourTolerance']);
export type FilterName = Exclude<keyof LibraryAddress, Beside>;

const FILTER_NAMES: readonly FilterName[] = Object.keys(libraryAddress.entries).filter(
  (name): name is FilterName => !BESIDE.some((other) => other === name),
);

/** The part of the address that decides which assets match. */
export function filterOf(address: LibraryAddress): AssetFilter {
  return Object.fromEntries(Object.entries(address).filter(([name]) => isFilterName(name)));
}

function isFilterName(name: string): name is FilterName {
  return FILTER_NAMES.some((known) => known === name);
}

export function isFiltering(address: LibraryAddress): boolean {
  return FILTER_NAMES.some((name) => !MODES.has(name) && address[name] !== undefined);
}

/** The change of an address that drops every filter. */
export const DROP_FILTERS: { readonly [K in FilterName]?: undefined } = Object.fromEntries(
  FILTER_NAMES.map((name) => [name, undefined]),
);

export const DEFAULT_SORT: Sort = '-created';
/** Orders that only a collection has. */
const ORDERS_OF_MEMBERS: ReadonlySet<Sort> = new Set<Sort>(['-added', 'added']);

/** The order when the address names none: a collection is read as it was gathered. */
export function defaultSort(collection: string | null): Sort {
  return collection === null ? DEFAULT_SORT : '-added';
}

/** The orders on offer, which depend on whether a collection is open. */
export function sortsOf(collection: string | null): readonly Sort[] {
  const sorts = keysOf(SORT_WORDS);
  if (collection === null) return sorts.filter((sort) => !ORDERS_OF_MEMBERS.has(sort));
  return [...ORDERS_OF_MEMBERS, ...sorts.filter((sort) => !ORDERS_OF_MEMBERS.has(sort))];
}

/** The order in which an address shows its assets; one that does not exist there gives way to the usual. */
export function sortOf({ sort }: LibraryAddress, collection: string | null): Sort {
  const usual = defaultSort(collection);
  return sort !== undefined && sortsOf(collection).includes(sort) ? sort : usual;
}
export const DEFAULT_GROUPING: Grouping = 'none';
