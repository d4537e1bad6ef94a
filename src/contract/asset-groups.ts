import { z } from 'zod';
import { LABEL_KIND_NAMES } from '../domain/labels.ts';
import { assetFilter } from './asset-filter.ts';
import { bytes, inBrand } from './common.ts';

export const GROUPINGS = [
  'type',
  'source',
  'size',
  'month',
  'status',
  'product',
  'campaign',
  'mediaType',
  'none',
] as const;

const exact = z
  .boolean()
  .optional()
  .describe('Default true. Without it an answer with many matches may stop early and say `more`');
const more = z
  .boolean()
  .describe('There are more matches than were looked at: counts are the least there are');
const counted = z.object({ key: z.string().describe('Value to filter by'), count: z.number().int(), bytes });
const facet = z.array(counted);
const labelFacet = z.object({
  values: z.array(counted.omit({ bytes: true })).describe('Most frequent first, 200 at most'),
  more,
});

const groups = {
  input: assetFilter.extend({ ...inBrand, by: z.enum(GROUPINGS), exact }),
  output: z.object({
    by: z.enum(GROUPINGS),
    groups: z.array(counted).describe('In the order of display; empty groups are left out'),
    count: z.number().int(),
    bytes,
    more,
  }),
};

const facets = {
  input: assetFilter.extend({ ...inBrand, exact }),
  output: z
    .object({
      count: z.number().int(),
      bytes,
      more,
      type: facet,
      mediaType: facet,
      source: facet,
      size: facet,
      month: facet,
    })
    .describe('Each facet counts with all filters but its own'),
};

const labels = {
  input: assetFilter.extend({
    ...inBrand,
    of: z.array(z.enum(LABEL_KIND_NAMES)).max(20).optional().describe('Which; default all'),
    exact,
  }),
  output: z.partialRecord(z.enum(LABEL_KIND_NAMES), labelFacet),
};

export const assetGroupOperations = {
  'assets.groups': {
    summary: 'Count matching assets by type, source, size, month, status, product or campaign',
    ...groups,
    verb: 'read',
  },
  'assets.facets': {
    summary: 'Count matching assets for every type, media type, source, size and month',
    ...facets,
    verb: 'read',
  },
  'assets.labels': {
    summary: 'Count matching assets by status, rating, product, mood, tag and the like',
    ...labels,
    verb: 'read',
  },
} as const;
