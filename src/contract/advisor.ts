import { z } from 'zod';
import { assetFilter } from './asset-filter.ts';
import { assetCard } from './assets.ts';
import { bytes, inBrand } from './common.ts';

export const ADVICE = ['trash', 'exact', 'near', 'unused', 'failed'] as const;

const advice = z.object({
  key: z.enum(ADVICE),
  count: z.number().int(),
  isMore: z.boolean().describe('There are more than were counted'),
  bytes: bytes.describe('What deleting these frees; all but the trash itself go through the trash first'),
  filter: assetFilter
    .nullable()
    .describe('Means exactly these, for `assets.bulk`; null where another operation is the act'),
  items: z.array(assetCard).describe('The largest of them'),
});

export const advisorOperations = {
  'advisor.get': {
    summary: 'Rank what could be deleted, and say what each would free',
    input: z.strictObject({
      ...inBrand,
      months: z.number().int().min(0).max(120).optional().describe('Unused for so long; default 3'),
      minSize: bytes.optional().describe('Leaves smaller unused assets out; default 1 MB'),
    }),
    output: z.object({
      usedBytes: bytes,
      limitBytes: bytes,
      months: z.number().int(),
      minSize: bytes,
      classes: z.array(advice).describe('The safest first; empty ones are left out'),
    }),
    verb: 'read',
  },
} as const;
