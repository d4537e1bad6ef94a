import { z } from 'zod';
import { CUT_TOLERANCE } from '../domain/enhance.ts';
import { assetDetail } from './assets.ts';
import { onAsset } from './common.ts';

export const enhanceOperations = {
  'assets.enhance': {
    summary: 'Make a better version of an asset; the one before stays and can be restored',
    input: z.strictObject({
      ...onAsset,
      operation: z
        .enum(['background'])
        .describe('background: take away a background of one colour, by the engine built in'),
      inside: z
        .boolean()
        .optional()
        .describe('Also where the drawing encloses it, as in the holes of letters; default false'),
      tolerance: z
        .number()
        .int()
        .min(CUT_TOLERANCE.min)
        .max(CUT_TOLERANCE.max)
        .optional()
        .describe(
          `How far a colour may be from the background, as RGB distance; default ${CUT_TOLERANCE.usual}`,
        ),
    }),
    output: assetDetail,
    verb: 'write',
  },
} as const;
