import { z } from 'zod';
import { assetId, bytes, collectionId, inBrand, mediaType, time } from './common.ts';

const shareId = z.string().regex(/^[\w-]{12}$/);
const password = z.string().min(6).max(200);

export const share = z.object({
  id: z.string(),
  url: z.string().describe('Address for recipients; whoever has it may look'),
  kind: z.enum(['asset', 'collection']),
  subject: z.string().describe('Id of the asset or collection'),
  name: z.string().describe('Its name now'),
  state: z
    .enum(['open', 'off', 'expired', 'hidden'])
    .describe('Hidden: what it shows is in the trash or deleted'),
  hasPassword: z.boolean(),
  expiresAt: time.nullable(),
  allowDownload: z.boolean(),
  createdAt: time,
  createdBy: z.string(),
  lastUsedAt: time.nullable(),
  views: z.number().int(),
  downloads: z.number().int(),
});
export type Share = z.infer<typeof share>;

const limits = {
  password: password.nullable().optional().describe('Recipients must type it; null takes it off'),
  expiresAt: time.nullable().optional().describe('From then on the link is closed; null: never'),
  allowDownload: z.boolean().optional().describe('Originals may be downloaded; default false'),
};

const sharedItem = z.object({
  id: assetId,
  name: z.string(),
  fileName: z.string(),
  mediaType,
  mime: z.string(),
  size: bytes,
  width: z.number().nullable(),
  height: z.number().nullable(),
  duration: z.number().nullable(),
  transparent: z.boolean().nullable(),
  colour: z.string().nullable(),
  thumbnail: z.string().nullable(),
  preview: z.string().nullable(),
  play: z
    .string()
    .nullable()
    .describe(
      'Path of what a browser plays: video and sound; without downloads the small copy, if there is one',
    ),
  file: z.string().nullable().describe('Path of the original; null when downloads are not allowed'),
});
export type SharedItem = z.infer<typeof sharedItem>;

const token = z.string().max(200);
const onItem = z.strictObject({
  token,
  id: assetId,
  v: z.number().int().optional().describe('Version, for caches alone: the latest is sent in any case'),
});
const file = z.unknown().describe('The bytes; ranges and If-None-Match are honoured');

/** `shares` are for those who hand links out, `shared` for those who follow one and have nothing but its address. */
export const shareOperations = {
  'shares.list': {
    summary: 'List the share links of a brand, newest first',
    input: z.strictObject({
      ...inBrand,
      asset: assetId.optional(),
      collection: collectionId.optional(),
      after: z.string().max(500).optional(),
      limit: z.number().int().min(1).max(200).optional(),
    }),
    output: z.object({ items: z.array(share), next: z.string().nullable() }),
    // The list shows the addresses, and reading an address is handing it out.
    verb: 'write',
  },
  'shares.create': {
    summary: 'Make a link that shows one asset or one collection to anybody who has it',
    input: z.strictObject({
      ...inBrand,
      asset: assetId.optional(),
      collection: collectionId.optional().describe('Exactly one of asset and collection'),
      ...limits,
    }),
    output: share,
    verb: 'write',
  },
  'shares.update': {
    summary: 'Change a share link, or turn it off and on; its address stays',
    input: z.strictObject({ ...inBrand, id: shareId, ...limits, on: z.boolean().optional() }),
    output: share,
    verb: 'write',
  },
  'shares.revoke': {
    summary: 'Turn a share link off at once',
    input: z.strictObject({ ...inBrand, id: shareId }),
    output: share,
    verb: 'write',
  },
  'shared.get': {
    summary: 'Read what a share link shows',
    input: z.strictObject({ token }),
    output: z.object({
      kind: z.enum(['asset', 'collection']),
      name: z.string(),
      description: z.string(),
      count: z.number().int(),
      allowDownload: z.boolean(),
      zip: z
        .string()
        .nullable()
        .describe('Path of everything as one zip; null without downloads, of one asset and of too many'),
      expiresAt: time.nullable(),
    }),
    verb: null,
    raw: 'json',
  },
  'shared.unlock': {
    summary: 'Type the password of a share link; the answer sets a cookie',
    input: z.strictObject({ token, password: z.string().max(200) }),
    output: z.object({ unlocked: z.literal(true) }),
    verb: null,
    raw: 'json',
  },
  'shared.list': {
    summary: 'List what a share link shows, page by page',
    input: z.strictObject({
      token,
      after: z.string().max(500).optional(),
      limit: z.number().int().min(1).max(200).optional(),
    }),
    output: z.object({ items: z.array(sharedItem), next: z.string().nullable() }),
    verb: null,
    raw: 'json',
  },
  'shared.zip': {
    summary: 'Download everything that a link shows as one zip, where it allows downloads',
    input: z.strictObject({ token }),
    output: z.unknown().describe('The bytes of the zip; its length is told beforehand'),
    verb: null,
    raw: 'out',
  },
  'shared.thumbnail': {
    summary: 'Get the thumbnail of a shared asset',
    input: onItem,
    output: file,
    verb: null,
    raw: 'out',
  },
  'shared.preview': {
    summary: 'Get the larger picture of a shared asset',
    input: onItem,
    output: file,
    verb: null,
    raw: 'out',
  },
  'shared.play': {
    summary: 'Play a shared video or sound, by its small copy unless downloads are on',
    input: onItem,
    output: file,
    verb: null,
    raw: 'out',
  },
  'shared.file': {
    summary: 'Download a shared asset, where its link allows it',
    input: onItem,
    output: file,
    verb: null,
    raw: 'out',
  },
} as const;
