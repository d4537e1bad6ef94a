import { z } from 'zod';
import { ALIKE_KINDS, BEST_RULES, GROUP_MOST } from '../domain/duplicates.ts';
import { assetCard } from './assets.ts';
import { assetId, bytes, inBrand, onAsset } from './common.ts';

const totals = z.object({
  groups: z.number().int(),
  assets: z.number().int().describe('Assets that merging would move to the trash'),
  frees: bytes.describe('What deleting those would free at least'),
});

const group = z.object({
  id: z.string(),
  kind: z.enum(['exact', 'near']).describe('exact: every member has the same bytes'),
  count: z.number().int(),
  bytes,
  frees: bytes.describe('What keeping only the best would free once the trash is emptied'),
  best: assetId.describe('Suggested to be kept: most pixels, then most uses, tags, bytes, then the newest'),
  because: z.enum(BEST_RULES).describe('The rule that put it before the others'),
  assets: z.array(assetCard).describe('The suggested one first'),
});

export const duplicateOperations = {
  'duplicates.list': {
    summary: 'List groups of assets with the same bytes or nearly the same picture',
    input: z.strictObject({
      ...inBrand,
      kind: z.enum(['exact', 'near']).optional(),
      after: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(50).optional(),
    }),
    output: z.object({
      groups: z.array(group).describe('Those that free the most first'),
      next: z.string().nullable(),
      totals: z.object({ exact: totals, near: totals }),
    }),
    verb: 'read',
  },
  'duplicates.near': {
    summary: 'List assets that look like one, closest first',
    input: z.strictObject({ ...onAsset, limit: z.number().int().min(1).max(100).optional() }),
    output: z.object({
      items: z.array(
        z.object({
          asset: assetCard,
          kind: z.enum(ALIKE_KINDS),
          distance: z.number().int().nullable().describe('Bits of 64 in which the pictures differ'),
        }),
      ),
    }),
    verb: 'read',
  },
  'duplicates.merge': {
    summary: 'Keep one of several duplicates, with all that people made of the others',
    input: z.strictObject({
      ...inBrand,
      keep: assetId,
      others: z.array(assetId).min(1).max(GROUP_MOST),
      plan: z.boolean().optional().describe('Only say what would be carried over'),
    }),
    output: z.object({
      operation: z.string().nullable().describe('Id for the undo; null for a plan'),
      trashed: z.number().int(),
      bytes: bytes.describe('Free once the trash is emptied'),
      fields: z
        .array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() }))
        .describe('What the kept asset takes over'),
      rows: z
        .array(
          z.object({
            what: z.enum(['uses', 'collections', 'favourites', 'links']),
            count: z.number().int(),
          }),
        )
        .describe('What moves to the kept asset'),
    }),
    verb: 'write',
  },
  'duplicates.dismiss': {
    summary: 'Say that assets which look alike are no duplicates, or take that back',
    input: z.strictObject({
      ...inBrand,
      ids: z.array(assetId).min(1).max(GROUP_MOST),
      from: z.array(assetId).max(GROUP_MOST).optional().describe('Kept apart from these as well'),
      dismissed: z.boolean().optional().describe('Default true'),
    }),
    output: z.object({ dismissed: z.boolean() }),
    verb: 'write',
  },
} as const;
