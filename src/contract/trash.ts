import { z } from 'zod';
import { assetCard } from './assets.ts';
import { assetId, bytes, inBrand, onAsset } from './common.ts';

const purged = z.object({
  operation: z.string().nullable().describe('The step in the journal; null when there was nothing to delete'),
  purged: z.number().int(),
  bytes: bytes.describe('Freed, or to be freed by a step that goes on'),
  kept: z.number().int().describe('Left in the trash because productions use them'),
  done: z
    .boolean()
    .describe('False while a large step goes on by itself; `operations.get` tells how far it is'),
});

export const trashOperations = {
  'trash.list': {
    summary: 'List the trash of a brand, newest first',
    input: z.strictObject({
      ...inBrand,
      after: z.string().max(500).optional(),
      limit: z.number().int().min(1).max(500).optional(),
    }),
    output: z.object({
      items: z
        .array(
          assetCard.extend({
            reason: z.string().nullable().describe('The step that moved it here, such as "Merged into …"'),
            trashedBy: z.string().nullable(),
            usedBy: z.array(z.string()).describe('Productions that keep it from being deleted'),
          }),
        )
        .describe('Newest first; `daysLeft` counts down to the purge'),
      next: z.string().nullable(),
      count: z.number().int(),
      bytes: bytes.describe('Counts against the storage until purged'),
      keepDays: z.number().int(),
    }),
    verb: 'read',
  },
  'trash.empty': {
    summary: 'Delete everything in the trash for ever',
    input: z.strictObject(inBrand),
    output: purged,
    verb: 'delete',
  },
  'trash.purgeMany': {
    summary: 'Delete some trashed assets for ever, in one step',
    input: z.strictObject({ ...inBrand, ids: z.array(assetId).min(1).max(10_000) }),
    output: purged,
    verb: 'delete',
  },
  'trash.purge': {
    summary: 'Delete one trashed asset for ever',
    input: z.strictObject(onAsset),
    output: z.object({ purged: z.number().int(), bytes }),
    verb: 'delete',
  },
} as const;
