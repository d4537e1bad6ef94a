import * as v from 'valibot';
import { create } from 'zustand';
import type { UploadFields } from '../../client/index.ts';
import { TYPE_WORDS } from '../data/words.ts';
import { plural } from '../i18n/format.ts';
import { MEDIA_ONE } from '../panels/detail-fields.tsx';

/**
 * What the form says about every file is remembered for each brand in this browser: the next shoot is often alike. Not
 * so the collection, which would gather files that nobody meant for it.
 */
const text = v.optional(v.pipe(v.string(), v.maxLength(2000)));
const shape = v.object({
  type: v.optional(v.string()),
  mediaType: v.optional(v.string()),
  sceneHint: text,
  description: text,
  tags: v.optional(v.array(v.string())),
  product: text,
  campaign: text,
  onDuplicate: v.optional(v.picklist(['reuse', 'version', 'keep'])),
});

const key = (brand: string) => `backlot.upload.${brand}`;

/** What was said since the page was opened; before that counts what the browser remembers. */
const useSaid = create<Readonly<Record<string, UploadFields>>>()(() => ({}));
const remembered = new Map<string, UploadFields>();

function recall(brand: string): UploadFields {
  const known = remembered.get(brand) ?? readDefaults(brand);
  remembered.set(brand, known);
  return known;
}

/** What the form says about every file of a brand, those still to be added included. */
export function sharedOf(brand: string): UploadFields {
  return useSaid.getState()[brand] ?? recall(brand);
}

export function useShared(brand: string): UploadFields {
  return useSaid((said) => said[brand]) ?? recall(brand);
}

export function setShared(brand: string, fields: UploadFields): void {
  useSaid.setState({ [brand]: fields });
  try {
    localStorage.setItem(key(brand), JSON.stringify(fields));
  } catch {
    // Without storage they last as long as the page.
  }
}

function readDefaults(brand: string): UploadFields {
  try {
    const parsed = v.safeParse(shape, JSON.parse(localStorage.getItem(key(brand)) ?? '{}'));
    if (!parsed.success) return {};
    const { type, mediaType, ...rest } = parsed.output;
    // Words of an older program mean nothing to this one.
    return clean({
      ...rest,
      ...(isIn(TYPE_WORDS, type) ? { type } : {}),
      ...(isIn(MEDIA_ONE, mediaType) ? { mediaType } : {}),
    });
  } catch {
    return {};
  }
}

function isIn<K extends string>(words: Readonly<Record<K, string>>, word: string | undefined): word is K {
  return word !== undefined && word in words;
}

function clean<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && !isNone(value)),
  ) as Partial<T>;
}

function isNone(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const ON_DUPLICATE_WORDS = {
  reuse: 'duplicates: use existing',
  version: 'duplicates: add version',
  keep: 'duplicates: keep both',
} as const;

/** What is set, in a few words; null when nothing is, and everything is guessed. */
export function summaryOf(fields: UploadFields): string | null {
  const { type, tags, sceneHint, description, product, campaign, collection, onDuplicate } = clean(fields);
  const parts = [
    type === undefined ? null : TYPE_WORDS[type],
    product ?? null,
    campaign ?? null,
    collection === undefined ? null : 'collection',
    tags === undefined ? null : plural(tags.length, 'tag'),
    sceneHint === undefined ? null : 'scene hint',
    description === undefined ? null : 'description',
    onDuplicate === undefined ? null : ON_DUPLICATE_WORDS[onDuplicate],
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' · ');
}
