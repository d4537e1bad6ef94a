import { z } from 'zod';
import { LOCKABLE } from '../domain/asset.ts';
import { MATCH_FIELDS } from '../domain/matched.ts';
import { assetFilter, isEmptyFilter } from './asset-filter.ts';
import {
  assetId,
  assetType,
  bytes,
  inBrand,
  mediaType,
  onAsset,
  source,
  state,
  status,
  time,
} from './common.ts';

const text = z.string().max(20_000);
const words = z.array(z.string().max(200)).max(50).optional();

export const SORTS = [
  '-created',
  'created',
  'name',
  '-name',
  '-size',
  'size',
  '-uses',
  'uses',
  '-used',
  'used',
  '-rating',
  'rating',
  '-duration',
  'duration',
  '-added',
  'added',
] as const;
export const sort = z.enum(SORTS);
export type Sort = z.infer<typeof sort>;

const matched = z.object({
  field: z.enum(MATCH_FIELDS),
  excerpt: z.string(),
  start: z.number().int().describe('Where in the excerpt the match begins, in UTF-16 units'),
  end: z.number().int(),
});

/** One asset as lists and cards need it. Times are UTC; sizes bytes; durations seconds. Unknown is null. */
export const assetCard = z.object({
  id: assetId,
  name: z.string(),
  fileName: z.string(),
  type: assetType,
  mediaType,
  source,
  status,
  state,
  stateReason: z.string().nullable().describe('Short reason when the state is not ready'),
  stateMessage: z.string().nullable().describe('What happened, what is kept and what to do'),
  mime: z.string(),
  size: bytes.describe('Bytes of the current version'),
  totalSize: bytes.describe('Bytes of all versions; what counts against the storage'),
  width: z.number().nullable(),
  height: z.number().nullable(),
  duration: z.number().nullable(),
  transparent: z.boolean().nullable(),
  description: z.string(),
  sceneHint: z.string(),
  tags: z.array(z.string()),
  mustInclude: z.boolean(),
  rating: z.number().int().nullable(),
  product: z.string().describe('Empty when it belongs to none'),
  campaign: z.string(),
  hasPeople: z.boolean().nullable().describe('Null is unknown'),
  favourite: z.boolean().describe('Whether the caller keeps it as a favourite'),
  usageCount: z.number().int().describe('Distinct productions that use it'),
  lastUsedAt: time.nullable(),
  version: z.number().int(),
  versionCount: z.number().int(),
  sha256: z.string(),
  placeholder: z.string().nullable().describe('thumbhash, base64'),
  colour: z.string().nullable().describe('Dominant colour, #rrggbb'),
  thumbnail: z.string().nullable().describe('Path of the thumbnail on this server'),
  preview: z.string().nullable().describe('Path of a larger picture that browsers can show'),
  file: z.string().describe('Path of the original bytes'),
  createdAt: time,
  updatedAt: time,
  createdBy: z.string(),
  trashedAt: time.nullable(),
  purgeAt: time.nullable(),
  daysLeft: z.number().int().nullable(),
  matched: matched.optional().describe('Only in lists with `q`: the field that was found and a piece of it'),
  revision: z.number().int().describe('Grows with every change; send it back to notice changes by others'),
});
export type AssetCard = z.infer<typeof assetCard>;

export const swatch = z.object({ hex: z.string(), share: z.number(), name: z.string() });
export const fieldOrigin = z.object({
  by: z.enum(['person', 'file', 'computed', 'model']),
  who: z.string().describe('Name of the person or key, or of the tool or model with its version'),
  at: time,
});

export const assetDetail = assetCard.extend({
  mood: z.array(z.string()),
  style: z.array(z.string()),
  custom: z.record(z.string(), z.string()).describe('Fields of your own, by name'),
  facts: z.record(z.string(), z.unknown()).describe('What the bytes say: codecs, pages, channels, …'),
  palette: z.array(swatch),
  provenance: z.record(z.string(), fieldOrigin).describe('Who said each field'),
  locked: z.array(z.string()).describe('Fields that nothing but a person changes'),
  contextLine: z
    .string()
    .describe('What it is in one line, for a language model; the same asset, the same bytes'),
  renditions: z.array(
    z.object({
      name: z.string(),
      mime: z.string(),
      size: bytes,
      width: z.number().nullable(),
      height: z.number().nullable(),
      tool: z.string(),
      toolVersion: z.string(),
      path: z.string(),
    }),
  ),
});
export type AssetDetail = z.infer<typeof assetDetail>;

/** The fields that people edit, one or many at once. */
export const assetChange = z.strictObject({
  name: z.string().min(1).max(1000).optional(),
  type: assetType.optional(),
  mediaType: mediaType.optional(),
  status: status.optional(),
  description: text.optional(),
  sceneHint: z.string().max(2000).optional(),
  tags: z.array(z.string().max(200)).max(200).optional(),
  mustInclude: z.boolean().optional(),
  rating: z.number().int().min(1).max(5).nullable().optional(),
  product: z.string().max(200).optional().describe('Empty for none'),
  campaign: z.string().max(200).optional().describe('Empty for none'),
  mood: words,
  style: words,
  hasPeople: z.boolean().nullable().optional().describe('Null for unknown'),
  custom: z
    .record(z.string().min(1).max(64), z.string().max(2000).nullable())
    .refine((fields) => Object.keys(fields).length <= 50, 'At most 50 fields')
    .optional()
    .describe('Fields of your own, merged by name into those there; null takes one away'),
  lock: z
    .partialRecord(z.enum(LOCKABLE), z.boolean())
    .optional()
    .describe('Locks or unlocks fields by name: what is locked is changed by people only'),
});
export type AssetChange = z.infer<typeof assetChange>;

const list = {
  input: assetFilter.extend({
    ...inBrand,
    sort: sort
      .optional()
      .describe(
        'Default -created; a leading minus is descending; added: to the one collection of the filter',
      ),
    after: z.string().max(500).optional().describe('Cursor from `next` of the page before'),
    offset: z.number().int().min(0).optional().describe('Jump to a row; `after` is cheaper for reading on'),
    limit: z.number().int().min(1).max(500).optional().describe('Default 50'),
    count: z.boolean().optional().describe('Also count all matches'),
  }),
  output: z.object({
    items: z.array(assetCard),
    next: z.string().nullable(),
    count: z.number().int().nullable(),
  }),
};

export const assetSelection = z.union([
  z.strictObject({ ids: z.array(assetId).min(1).max(10_000) }),
  z
    .strictObject({
      filter: assetFilter.extend({ trashed: z.boolean().optional() }),
      all: z.literal(true).optional().describe('Needed beside an empty filter: everything is meant'),
      except: z.array(assetId).max(10_000).optional(),
    })
    .refine(({ filter, all }) => all === true || !isEmptyFilter(filter), {
      path: ['all'],
      // A mistyped field leaves the filter empty too; then its name is what is wrong.
      when: ({ issues }) => issues.length === 0,
      message: 'An empty filter selects everything; send "all": true beside it if that is meant.',
    }),
]);
const bulkChange = z.strictObject({
  set: assetChange.omit({ name: true, tags: true }).optional(),
  addTags: z.array(z.string().max(200)).max(200).optional(),
  removeTags: z.array(z.string().max(200)).max(200).optional(),
  trash: z.literal(true).optional(),
  restore: z.literal(true).optional(),
});
export type BulkChange = z.infer<typeof bulkChange>;
export type AssetSelection = z.infer<typeof assetSelection>;

const bulk = {
  input: z.strictObject({
    ...inBrand,
    select: assetSelection.optional(),
    change: bulkChange.optional(),
    plan: z.boolean().optional().describe('Only say what would happen and answer a plan id'),
    apply: z.string().max(100).optional().describe('Run a plan by its id'),
  }),
  output: z.object({
    operation: z.string().nullable().describe('Id for the undo; null for a plan'),
    plan: z.string().nullable(),
    matched: z.number().int(),
    changed: z.number().int(),
    failed: z
      .number()
      .int()
      .describe(
        'Left as they were; `operations.failures` says which and why, `operations.retry` tries them again',
      ),
    bytes,
    done: z
      .boolean()
      .describe('False while a large change goes on by itself; `operations.get` tells how far it is'),
  }),
};

export const assetOperations = {
  'assets.list': { summary: 'List and search the assets of a brand, page by page', ...list, verb: 'read' },
  'assets.get': {
    summary: 'Read one asset with its facts, renditions and who said what',
    input: z.strictObject(onAsset),
    output: assetDetail,
    verb: 'read',
  },
  'assets.update': {
    summary: 'Change the fields of one asset',
    input: assetChange.extend({ ...onAsset, revision: z.number().int().optional() }),
    output: assetDetail,
    verb: 'write',
  },
  'assets.trash': {
    summary: 'Move one asset to the trash',
    input: z.strictObject(onAsset),
    output: z.object({ operation: z.string(), asset: assetCard }),
    verb: 'write',
  },
  'assets.restore': {
    summary: 'Take one asset out of the trash',
    input: z.strictObject(onAsset),
    output: z.object({ operation: z.string(), asset: assetCard }),
    verb: 'write',
  },
  'assets.bulk': { summary: 'Change, trash or restore many assets in one step', ...bulk, verb: 'write' },
} as const;
