import { z } from 'zod';
import { EVENT_KINDS } from '../domain/events.ts';
import { inBrand, none } from './common.ts';

export const libraryEvent = z.object({
  id: z.string().describe('Cursor; send it as Last-Event-ID to resume'),
  kind: z.enum(EVENT_KINDS),
  asset: z.string().nullable(),
  at: z.string(),
});
export type LibraryEvent = z.infer<typeof libraryEvent>;

const capability = z.object({
  name: z.string(),
  available: z.boolean(),
  version: z.string().nullable(),
  gives: z.string(),
  remedy: z.string().nullable(),
});

export const systemOperations = {
  'events.stream': {
    summary: 'Hear what changes in a brand, as server-sent events',
    input: z.strictObject({ ...inBrand, after: z.string().max(100).optional() }),
    output: libraryEvent,
    verb: 'read',
    raw: 'out',
  },
  'system.capabilities': {
    summary: 'Tell which abilities this server has and what is missing',
    input: none,
    output: z.object({ version: z.string(), items: z.array(capability) }),
    verb: 'read',
  },
} as const;
