import type { AssetType, MediaType, Source, State, Status } from './asset-types.ts';
import { isAssetId } from './ids.ts';
import type { PEOPLE, RATINGS } from './labels.ts';
import type { SizeRangeKey } from './size-range.ts';

/** Which assets are meant; every condition holds at once, the values inside one list are alternatives. */
export interface AssetQuery {
  readonly q?: string | undefined;
  readonly type?: readonly AssetType[] | undefined;
  readonly mediaType?: readonly MediaType[] | undefined;
  readonly source?: readonly Source[] | undefined;
  readonly status?: readonly Status[] | undefined;
  readonly state?: readonly State[] | undefined;
  readonly product?: readonly string[] | undefined;
  readonly campaign?: readonly string[] | undefined;
  readonly mood?: readonly string[] | undefined;
  readonly style?: readonly string[] | undefined;
  readonly hasPeople?: readonly (typeof PEOPLE)[number][] | undefined;
  readonly rating?: readonly (typeof RATINGS)[number][] | undefined;
  readonly minRating?: number | undefined;
  readonly colour?: string | undefined;
  readonly colourTolerance?: number | undefined;
  /** What a recipe says; weights without folder and ending, in lower case. */
  readonly model?: readonly string[] | undefined;
  readonly lora?: readonly string[] | undefined;
  readonly sampler?: readonly string[] | undefined;
  readonly generator?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly tagMode?: 'any' | 'all' | undefined;
  readonly sizeRange?: readonly SizeRangeKey[] | undefined;
  readonly month?: string | undefined;
  readonly mustInclude?: boolean | undefined;
  readonly neverUsed?: boolean | undefined;
  readonly usedSince?: string | undefined;
  readonly usedWithin?: number | undefined;
  readonly unusedFor?: number | undefined;
  readonly createdWithin?: number | undefined;
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  readonly minWidth?: number | undefined;
  readonly maxWidth?: number | undefined;
  readonly minHeight?: number | undefined;
  readonly maxHeight?: number | undefined;
  readonly minDuration?: number | undefined;
  readonly maxDuration?: number | undefined;
  readonly orientation?: 'landscape' | 'portrait' | 'square' | undefined;
  readonly collection?: readonly string[] | undefined;
  /** Of whoever asks. */
  readonly favourite?: boolean | undefined;
  readonly trashed?: boolean | undefined;
}

export const SORT_KEYS = ['created', 'name', 'size', 'uses', 'used', 'rating', 'duration', 'added'] as const;
export interface SortOrder {
  readonly key: (typeof SORT_KEYS)[number];
  readonly descending: boolean;
}

/** What a person typed, taken apart. */
export type TextQuery =
  | { readonly kind: 'none' }
  | { readonly kind: 'id'; readonly id: string }
  /** One or two letters: beginnings of words. */
  | { readonly kind: 'short'; readonly start: string }
  | {
      readonly kind: 'words';
      readonly words: readonly string[];
      /** The first letters of an id after its mark, in lower case, when the text may be some. */
      readonly idStart?: string;
    };

const WORDS_MAX = 12;
const MARKED_ID_START = /^ast-([0-9a-hjkmnp-tv-z]{1,8})$/;
/** Fewer letters without the mark are far more often a word or a number, and would meet ids by chance. */
const BARE_ID_START = /^[0-9a-hjkmnp-tv-z]{4,8}$/;

export function parseText(text: string | undefined): TextQuery {
  const clean = (text ?? '').normalize('NFC').trim();
  if (isAssetId(clean.toUpperCase())) return { kind: 'id', id: clean.toUpperCase() };
  const lower = clean.toLowerCase();
  const marked = MARKED_ID_START.exec(lower)?.[1];
  if (marked !== undefined) return { kind: 'words', words: [marked], idStart: marked };
  const words = lower
    // As the index parts them: the marks that silence a vowel are gaps to it, all others belong to their letters.
    .split(/[^\p{Alphabetic}\p{Nd}]+/u)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
  const [first] = words;
  if (first === undefined) return { kind: 'none' };
  if (words.length > 1) return { kind: 'words', words };
  if ([...first].length <= 2) return { kind: 'short', start: first };
  return BARE_ID_START.test(first) ? { kind: 'words', words, idStart: first } : { kind: 'words', words };
}

/** `-size` is descending, `name` ascending. */
export function parseSort(text: string | undefined): SortOrder {
  const descending = text === undefined || text.startsWith('-');
  const key =
    SORT_KEYS.find((candidate) => candidate === (text ?? '-created').replace(/^-/, '')) ?? 'created';
  return { key, descending };
}
