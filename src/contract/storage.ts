import { z } from 'zod';
import { bytes, mediaType, none, time } from './common.ts';

const segment = z.object({ mediaType, bytes, count: z.number().int() });

export const storageOperations = {
  'storage.get': {
    summary: 'Tell how much is stored and how much still fits',
    input: none,
    output: z.object({
      usedBytes: bytes.describe('All versions of all brands, trash included'),
      reservedBytes: bytes.describe('Held for uploads under way'),
      limitBytes: bytes,
      percent: z.number().describe('Used of limit, one decimal'),
      level: z.enum(['ok', 'warn', 'red']).describe('warn from 80 %, red from 95 %'),
      count: z.number().int().describe('Live assets'),
      segments: z.array(segment).describe('Live bytes by media type; largest first'),
      trash: z.object({ bytes, count: z.number().int(), keepDays: z.number().int() }),
      caps: z.record(z.string(), bytes).describe('Largest single file by media type'),
      brands: z.array(
        z.object({
          slug: z.string(),
          name: z.string(),
          usedBytes: bytes,
          trashBytes: bytes,
          count: z.number().int(),
        }),
      ),
    }),
    verb: 'read',
  },
  'storage.check': {
    summary: 'Ask whether so many bytes fit, and hold the room',
    input: z.strictObject({
      b: z
        .string()
        .max(64)
        .optional()
        .describe('Brand the bytes will go to; default: the only one of the key'),
      bytes: z.number().int().min(1),
      expiresIn: z
        .number()
        .int()
        .min(60)
        .max(86_400)
        .optional()
        .describe('Seconds that the room is held; default 3600'),
    }),
    output: z.object({
      fits: z.boolean(),
      reservation: z.string().nullable(),
      expiresAt: time.nullable(),
      freeBytes: bytes,
      missingBytes: bytes,
      message: z.string().nullable(),
    }),
    verb: 'write',
  },
  'storage.release': {
    summary: 'Give back room that was held',
    input: z.strictObject({ id: z.string().max(100) }),
    output: z.object({ releasedBytes: bytes }),
    verb: 'write',
  },
} as const;
