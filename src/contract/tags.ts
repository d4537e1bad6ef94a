import { z } from 'zod';
import { inBrand } from './common.ts';

export const tagOperations = {
  'tags.list': {
    summary: 'List the tags of a brand that begin with some letters, the most used first',
    input: z.strictObject({
      ...inBrand,
      prefix: z.string().max(64).optional().describe('First letters; upper and lower case are the same'),
      limit: z.number().int().min(1).max(200).optional().describe('Default 20'),
    }),
    output: z.object({ items: z.array(z.object({ tag: z.string(), count: z.number().int() })) }),
    verb: 'read',
  },
} as const;
