import { z } from 'zod';
import { assetSelection } from './assets.ts';
import { bytes, inBrand } from './common.ts';

/** Files in one archive; more are taken in several. */
export const ZIP_FILES_MAX = 20_000;

export const zipOperations = {
  'zips.create': {
    summary: 'Choose assets and get the address of one zip file, good for a day',
    input: z.strictObject({ ...inBrand, select: assetSelection }),
    output: z.object({
      id: z.string(),
      count: z.number().int().describe('Files that the zip will hold'),
      bytes: bytes.describe('Bytes of the files, without the archive around them'),
      fileName: z.string(),
      path: z.string().describe('Path of the zip on this server'),
    }),
    verb: 'read',
  },
  'zips.get': {
    summary: 'Download a chosen set of assets as one zip file, written while it is sent',
    input: z.strictObject({ ...inBrand, id: z.string().max(100) }),
    output: z.unknown().describe('The bytes of the zip; its length is told beforehand'),
    verb: 'read',
    raw: 'out',
  },
} as const;
