import { z } from 'zod';
import { assetSelection } from './assets.ts';
import { assetId, collectionId, inBrand, time } from './common.ts';

const cover = z.object({
  id: assetId,
  thumbnail: z.string().describe('Path of the picture on this server'),
  colour: z.string().nullable(),
});

export const collection = z.object({
  id: collectionId,
  name: z.string(),
  description: z.string(),
  count: z.number().int().describe('Members outside the trash'),
  covers: z.array(cover).describe('Up to four of the newest members that have a picture'),
  createdAt: time,
  createdBy: z.string(),
  updatedAt: time,
});
export type Collection = z.infer<typeof collection>;

const name = z.string().min(1).max(200);
const description = z.string().max(2000);
const onCollection = { ...inBrand, id: collectionId };
const moved = z.object({
  operation: z.string().nullable().describe('Id for the undo; null when nothing changed'),
  matched: z.number().int(),
  changed: z.number().int().describe('Of the matching assets, those that were not yet as asked'),
  done: z
    .boolean()
    .describe('False while a large step goes on by itself; `operations.get` tells how far it is'),
});

export const collectionOperations = {
  'collections.list': {
    summary: 'List the collections of a brand by name, with counts and covers',
    input: z.strictObject({
      ...inBrand,
      asset: assetId.optional().describe('Only collections that hold this asset'),
      after: z.string().max(1000).optional().describe('Cursor from `next` of the page before'),
      limit: z.number().int().min(1).max(500).optional().describe('Default 200'),
    }),
    output: z.object({ items: z.array(collection), next: z.string().nullable() }),
    verb: 'read',
  },
  'collections.get': {
    summary: 'Read one collection',
    input: z.strictObject(onCollection),
    output: collection,
    verb: 'read',
  },
  'collections.create': {
    summary: 'Make a collection; its assets are listed with the filter `collection`',
    input: z.strictObject({ ...inBrand, name, description: description.optional() }),
    output: collection,
    verb: 'write',
  },
  'collections.update': {
    summary: 'Rename or describe a collection',
    input: z.strictObject({ ...onCollection, name: name.optional(), description: description.optional() }),
    output: collection,
    verb: 'write',
  },
  'collections.delete': {
    summary: 'Delete a collection; its assets stay, and an undo brings it back',
    input: z.strictObject(onCollection),
    output: z.object({ operation: z.string().describe('Id for the undo') }),
    verb: 'write',
  },
  'collections.add': {
    summary: 'Put assets into a collection, by their ids or by a filter',
    input: z.strictObject({ ...onCollection, select: assetSelection }),
    output: moved,
    verb: 'write',
  },
  'collections.remove': {
    summary: 'Take assets out of a collection; the assets stay',
    input: z.strictObject({ ...onCollection, select: assetSelection }),
    output: moved,
    verb: 'write',
  },
} as const;
