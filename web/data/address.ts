import * as v from 'valibot';
import type { AssetFilter, Sort } from '../../client/index.ts';
import {
  GROUPING_WORDS,
  MEDIA_WORDS,
  SIZE_WORDS,
  SORT_WORDS,
  SOURCE_WORDS,
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
      v.union([v.literal('yes'), v.literal(true)]),
      v.transform(() => true as const),
    ),
  ),
  undefined,
);
const assetId = v.pipe(v.string(), v.regex(/^AST-[0-9A-HJKMNP-TV-Z]{8}$/));
const word = (pattern: RegExp) => v.fallback(v.optional(v.pipe(v.string(), v.regex(pattern))), undefined);

/** Everything that the library's address may say. What is not understood is left out, never an error page. */
const libraryAddress = v.object({
  q: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(500))), undefined),
  type: some(keysOf(TYPE_WORDS)),
  mediaType: some(keysOf(MEDIA_WORDS)),
  source: some(keysOf(SOURCE_WORDS)),
  sizeRange: some(keysOf(SIZE_WORDS)),
  tag: v.fallback(
    v.optional(
      v.pipe(
        v.union([v.string(), v.array(v.string())]),
        v.transform((raw) => (typeof raw === 'string' ? [raw] : raw)),
      ),
    ),
    undefined,
  ),
  month: word(/^\d{4}-\d{2}$/),
  orientation: v.fallback(v.optional(v.picklist(['landscape', 'portrait', 'square'])), undefined),
  mustInclude: flag,
  neverUsed: flag,
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
      if (item === undefined || item === null || item === '' || item === false) continue;
      query.append(name, item === true ? 'yes' : String(item));
    }
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

const FILTER_NAMES = [
  'q',
  'type',
  'mediaType',
  'source',
  'sizeRange',
  'tag',
  'month',
  'orientation',
  'mustInclude',
  'neverUsed',
] as const satisfies readonly (keyof LibraryAddress)[];
export type FilterName = (typeof FILTER_NAMES)[number];

/** The part of the address that decides which assets match. */
export function filterOf(address: LibraryAddress): AssetFilter {
  return Object.fromEntries(Object.entries(address).filter(([name]) => isFilterName(name)));
}

function isFilterName(name: string): name is FilterName {
  return FILTER_NAMES.some((known) => known === name);
}

export function isFiltering(address: LibraryAddress): boolean {
  return FILTER_NAMES.some((name) => address[name] !== undefined);
}

/** The same address without any filter. */
export function withoutFilters(address: LibraryAddress): LibraryAddress {
  const left: Record<string, unknown> = { ...address };
  for (const name of FILTER_NAMES) delete left[name];
  return left;
}

export const DEFAULT_SORT: Sort = '-created';
export const DEFAULT_GROUPING: Grouping = 'none';
