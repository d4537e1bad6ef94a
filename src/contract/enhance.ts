import { z } from 'zod';
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
    }),
    output: assetDetail,
    verb: 'write',
  },
} as const;
