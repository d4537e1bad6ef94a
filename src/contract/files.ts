import { z } from 'zod';
import { FITS, PICTURE_FORMATS, PICTURE_SIDE_MAX } from '../domain/delivery.ts';
import { bytes, onAsset, time } from './common.ts';
import { assetDetail } from './assets.ts';

const version = z.object({
  n: z.number().int(),
  size: bytes,
  sha256: z.string(),
  mime: z.string(),
  fileName: z.string(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  duration: z.number().nullable(),
  state: z.string(),
  current: z.boolean(),
  createdAt: time,
  createdBy: z.string(),
  thumbnail: z.string().nullable(),
  preview: z.string().nullable().describe('Path of a larger picture that browsers can show'),
  file: z.string(),
});

const pick = { version: z.number().int().min(1).optional().describe('Default: the current version') };
const renditionName = z.string().regex(/^[a-z0-9-]{1,32}$/);
const side = z.number().int().min(1).max(PICTURE_SIDE_MAX).optional();
const asPicture = {
  w: side.describe('Width in pixels; a smaller picture is not enlarged'),
  h: side.describe('Height in pixels'),
  fit: z.enum(FITS).optional().describe('With both sides given: inside (default), cover cuts, contain pads'),
  format: z.enum(PICTURE_FORMATS).optional().describe('Default: webp'),
  quality: z.number().int().min(1).max(100).optional().describe('Default: what suits the format'),
};
const file = z.unknown().describe('The bytes; ranges and If-None-Match are honoured');

export const fileOperations = {
  'files.get': {
    summary: 'Download the bytes of an asset',
    input: z.strictObject({ ...onAsset, ...pick, download: z.boolean().optional() }),
    output: file,
    verb: 'read',
    raw: 'out',
  },
  'files.thumbnail': {
    summary: 'Get the thumbnail of an asset',
    input: z.strictObject({ ...onAsset, ...pick }),
    output: file,
    verb: 'read',
    raw: 'out',
  },
  'files.rendition': {
    summary: 'Get one rendition of an asset, such as its preview',
    input: z.strictObject({ ...onAsset, ...pick, name: renditionName }),
    output: file,
    verb: 'read',
    raw: 'out',
  },
  'files.picture': {
    summary: 'Get a picture of an asset in one of the sizes and formats on offer',
    input: z.strictObject({ ...onAsset, ...pick, ...asPicture }),
    output: file,
    verb: 'read',
    raw: 'out',
  },
  'files.link': {
    summary: 'Make a link that opens one file without a key for a while',
    input: z.strictObject({
      ...onAsset,
      ...pick,
      rendition: renditionName.optional().describe('A rendition such as thumbnail; default: the original'),
      ...asPicture,
      download: z.boolean().optional(),
      expiresIn: z
        .number()
        .int()
        .min(1)
        .max(604_800)
        .optional()
        .describe('Seconds; default 900, at most 7 days'),
    }),
    output: z.object({ url: z.string().describe('A bearer secret until it expires'), expiresAt: time }),
    verb: 'read',
  },
  'files.signed': {
    summary: 'Download what a signed link stands for',
    input: z.strictObject({ token: z.string().max(2000) }),
    output: file,
    verb: null,
    raw: 'out',
  },
  'versions.list': {
    summary: 'List the versions of an asset, newest first',
    input: z.strictObject(onAsset),
    output: z.object({ items: z.array(version) }),
    verb: 'read',
  },
  'versions.add': {
    summary: 'Upload new bytes as the next version of an asset',
    input: z.strictObject({ ...onAsset, name: z.string().max(4000).optional() }),
    output: assetDetail,
    verb: 'write',
    raw: 'in',
  },
  'versions.restore': {
    summary: 'Make an earlier version the current one again',
    input: z.strictObject({ ...onAsset, n: z.number().int().min(1) }),
    output: assetDetail,
    verb: 'write',
  },
} as const;
