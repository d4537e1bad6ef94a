import { z } from 'zod';
import { assetFilter } from './asset-filter.ts';
import { GROUPINGS } from './asset-groups.ts';
import { sort } from './assets.ts';
import { inBrand, time } from './common.ts';

const savedId = z.string().min(1).max(40);
const said = {
  name: z.string().min(1).max(100),
  filter: assetFilter.describe('What it finds, now and later; it holds no assets itself'),
  sort: sort.optional().describe('Default -created'),
  by: z.enum(GROUPINGS).optional().describe('Groups; default none'),
};

export const savedSearch = z.object({
  id: savedId,
  name: z.string(),
  filter: assetFilter,
  sort,
  by: z.enum(GROUPINGS),
  createdAt: time,
  createdBy: z.string(),
  updatedAt: time,
});
export type SavedSearch = z.infer<typeof savedSearch>;

export const savedSearchOperations = {
  'searches.list': {
    summary: 'List the saved searches of a brand by name',
    input: z.strictObject(inBrand),
    output: z.object({ items: z.array(savedSearch) }),
    verb: 'read',
  },
  'searches.create': {
    summary: 'Save a search under a name',
    input: z.strictObject({ ...inBrand, ...said }),
    output: savedSearch,
    verb: 'write',
  },
  'searches.update': {
    summary: 'Rename a saved search or change what it finds',
    input: z.strictObject({
      ...inBrand,
      id: savedId,
      name: said.name.optional(),
      filter: said.filter.optional(),
      sort: said.sort,
      by: said.by,
    }),
    output: savedSearch,
    verb: 'write',
  },
  'searches.delete': {
    summary: 'Delete a saved search; the assets it finds stay',
    input: z.strictObject({ ...inBrand, id: savedId }),
    output: savedSearch,
    verb: 'write',
  },
} as const;
