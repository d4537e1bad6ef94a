import { z } from 'zod';
import { assetDetail } from './assets.ts';
import { assetId, assetType, bytes, collectionId, inBrand, mediaType, source } from './common.ts';

export const ON_DUPLICATE = ['reuse', 'version', 'keep'] as const;

/** What a client may say about a file while sending it; the same words in the query, the form and tus metadata. */
export const uploadFields = z.strictObject({
  name: z.string().max(4000).optional().describe('File name; the display name is made from it'),
  title: z.string().max(1000).optional().describe('Display name, when it should differ from the file name'),
  folder: z
    .string()
    .max(4000)
    .optional()
    .describe('Folders that the file lay in, such as Shoot/Logos; they help to guess its type'),
  type: assetType.optional(),
  mediaType: mediaType.optional(),
  source: source.optional(),
  description: z.string().max(20_000).optional(),
  sceneHint: z.string().max(2000).optional(),
  tags: z.array(z.string().max(200)).max(200).optional(),
  mustInclude: z.boolean().optional(),
  product: z.string().max(200).optional(),
  campaign: z.string().max(200).optional(),
  collection: z.array(collectionId).max(50).optional().describe('Collections to put the asset into'),
  onDuplicate: z
    .enum(ON_DUPLICATE)
    .optional()
    .describe(
      'When the brand already holds the same bytes: reuse (default), add a version to it, or keep both',
    ),
});
export type UploadFields = z.infer<typeof uploadFields>;

/** The stored asset; `reused` tells that the brand already held these bytes. */
export const uploadResult = assetDetail.extend({
  reused: z.boolean(),
  notApplied: z
    .array(z.string())
    .optional()
    .describe(
      'Fields said of bytes held already that differ and were left as they are; tags are added while there is room',
    ),
});

const check = {
  input: z.strictObject({
    ...inBrand,
    files: z
      .array(
        z.strictObject({
          sha256: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .optional(),
          size: bytes,
          name: z.string().max(4000),
          folder: z.string().max(4000).optional(),
        }),
      )
      .min(1)
      .max(1000),
  }),
  output: z.object({
    files: z.array(
      z.object({
        known: z
          .object({ id: assetId, name: z.string() })
          .nullable()
          .describe('The asset that already holds these bytes'),
        refusal: z
          .object({ code: z.string(), message: z.string(), remedy: z.string().nullable() })
          .nullable()
          .describe('Why this file would be refused'),
        guess: z
          .object({ type: assetType, mediaType })
          .describe('What the name and the folders promise; the bytes decide the media type'),
      }),
    ),
    room: z.object({ freeBytes: bytes, neededBytes: bytes, fits: z.boolean() }),
  }),
};

const fetched = {
  input: uploadFields.extend({
    ...inBrand,
    url: z.string().min(1).max(4000).describe('The http or https address of a file'),
    waitSeconds: z
      .number()
      .int()
      .min(0)
      .max(20)
      .optional()
      .describe('How long the answer may wait for the file; default 10'),
    stop: z.boolean().optional().describe('Give a fetch up that is under way'),
  }),
  output: z.object({
    state: z
      .enum(['waiting', 'running', 'done', 'stopped'])
      .describe('Ask again with the same input while it waits or runs: the second request joins the first'),
    receivedBytes: bytes,
    totalBytes: bytes.nullable().describe('Null while unknown'),
    asset: uploadResult.nullable(),
  }),
};

export const uploadOperations = {
  'uploads.put': {
    summary: 'Upload one file as the raw body',
    input: uploadFields.extend(inBrand),
    output: uploadResult,
    verb: 'write',
    raw: 'in',
  },
  'uploads.form': {
    summary: 'Upload one file by a form',
    input: z.strictObject(inBrand),
    output: uploadResult,
    verb: 'write',
    raw: 'in',
  },
  'uploads.resumable': {
    summary: 'Begin a resumable upload',
    input: z.strictObject(inBrand),
    output: uploadResult,
    verb: 'write',
    raw: 'in',
  },
  'uploads.check': {
    summary: 'Ask which files are known or would be refused, before sending them',
    ...check,
    verb: 'read',
  },
  'uploads.fetch': {
    summary: 'Have the server fetch a file from an address',
    ...fetched,
    verb: 'write',
  },
} as const;
