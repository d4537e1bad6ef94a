import { z } from 'zod';
import { assetSelection } from './assets.ts';
import { inBrand } from './common.ts';

export const favouriteOperations = {
  'favourites.set': {
    summary: 'Mark assets as favourites of the caller, or take the mark off',
    input: z.strictObject({ ...inBrand, select: assetSelection, favourite: z.boolean() }),
    output: z.object({ changed: z.number().int() }),
    // A mark of one's own changes nothing for anybody else.
    verb: 'read',
  },
} as const;
