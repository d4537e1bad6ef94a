import { z } from 'zod';
import { COLOUR_TOLERANCE } from '../domain/colour.ts';
import { PEOPLE, RATINGS } from '../domain/labels.ts';
import { SIZE_RANGE_KEYS } from '../domain/size-range.ts';
import { assetType, collectionId, mediaType, source, state, status, time } from './common.ts';

const label = z.string().max(100);
const days = z.number().int().min(1).max(36_500).optional();
const many = <T extends z.ZodType>(item: T, max = 50) => z.array(item).max(max).optional();

/** The filters that the list, the groups, the facets and bulk selections share (L6, L7). */
export const assetFilter = z.strictObject({
  q: z
    .string()
    .max(500)
    .optional()
    .describe('Words or parts of words in name, tags, description, hint, file name, id'),
  type: many(assetType),
  mediaType: many(mediaType),
  source: many(source),
  status: many(status),
  state: many(state),
  product: many(label).describe('A dash means none'),
  campaign: many(label).describe('A dash means none'),
  mood: many(label),
  style: many(label),
  hasPeople: many(z.enum(PEOPLE)),
  rating: many(z.enum(RATINGS)).describe('Stars; a dash means not rated'),
  minRating: z.number().int().min(1).max(5).optional(),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional()
    .describe('A main colour of the picture, #rrggbb'),
  colourTolerance: z
    .number()
    .min(COLOUR_TOLERANCE.min)
    .max(COLOUR_TOLERANCE.max)
    .optional()
    .describe(`How far from it, as CIELAB distance; default ${COLOUR_TOLERANCE.usual}`),
  model: many(label).describe('Of the recipe, without folder and file ending'),
  lora: many(label).describe('Of the recipe, without folder and file ending'),
  sampler: many(label),
  generator: many(label).describe('The program or service that the file says made it'),
  tag: many(z.string().max(64)),
  tagMode: z.enum(['any', 'all']).optional(),
  sizeRange: many(z.enum(SIZE_RANGE_KEYS)),
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional()
    .describe('Month of arrival in UTC, such as 2026-11'),
  mustInclude: z.boolean().optional(),
  neverUsed: z.boolean().optional(),
  usedSince: time.optional(),
  usedWithin: days.describe('Used in the last so many days'),
  unusedFor: days.describe('Not used in the last so many days, or never'),
  createdWithin: days.describe('Added in the last so many days'),
  createdAfter: time.optional(),
  createdBefore: time.optional(),
  minSize: z.number().int().min(0).optional(),
  maxSize: z.number().int().min(0).optional(),
  minWidth: z.number().int().min(0).optional(),
  maxWidth: z.number().int().min(0).optional(),
  minHeight: z.number().int().min(0).optional(),
  maxHeight: z.number().int().min(0).optional(),
  minDuration: z.number().min(0).optional(),
  maxDuration: z.number().min(0).optional(),
  orientation: z.enum(['landscape', 'portrait', 'square']).optional(),
  collection: many(collectionId).describe('Members of any of these collections'),
  favourite: z.boolean().optional().describe('What the caller keeps as a favourite'),
});
export type AssetFilter = z.infer<typeof assetFilter>;

/** Fields of a filter that leave nothing out of the library by themselves. */
const NARROWS_NOTHING: ReadonlySet<string> = new Set(['tagMode', 'colourTolerance', 'trashed']);

/** Whether a filter lets the whole library through, or the whole trash. */
export function isEmptyFilter(filter: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(filter).every(
    ([name, value]) =>
      NARROWS_NOTHING.has(name) ||
      value === undefined ||
      (typeof value === 'string' && value.trim() === '') ||
      (Array.isArray(value) && value.length === 0),
  );
}
