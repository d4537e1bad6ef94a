import type { Input, Output } from '../contract/operations.ts';
import { getFacets, getLabelFacets } from '../database/asset-facets.ts';
import { getGroups } from '../database/asset-groups.ts';
import type { Group, Grouping } from '../database/asset-groups.ts';
import type { BrandScope } from '../domain/access.ts';
import { ASSET_TYPES, MEDIA_TYPES, SOURCES, STATUSES } from '../domain/asset-types.ts';
import { LABEL_KIND_NAMES, UNSAID } from '../domain/labels.ts';
import { SIZE_RANGE_KEYS } from '../domain/size-range.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;

const GROUPING: Readonly<Record<Input<'assets.groups'>['by'], Grouping>> = {
  type: 'type',
  source: 'source',
  size: 'sizeRange',
  month: 'month',
  status: 'status',
  product: 'product',
  campaign: 'campaign',
  mediaType: 'mediaType',
  none: 'none',
};

/**
 * Groups in the order of display: types, sources and statuses as listed, sizes from large to small, months from the
 * newest, products and campaigns by name with the assets of none at the end.
 */
export async function groupAssets(
  { database }: Db,
  scope: BrandScope,
  input: Input<'assets.groups'>,
): Promise<Output<'assets.groups'>> {
  const by = GROUPING[input.by];
  const found = await database.inBrand(scope, (tx) =>
    getGroups(scope, tx, { query: input, by, exact: input.exact ?? true }),
  );
  const groups = inOrder(by, found.groups);
  return {
    by: input.by,
    groups,
    count: groups.reduce((sum, group) => sum + group.count, 0),
    bytes: groups.reduce((sum, group) => sum + group.bytes, 0),
    more: found.more,
  };
}

function inOrder(by: Grouping, groups: readonly Group[]): Group[] {
  const place: Partial<Record<Grouping, (key: string) => number>> = {
    type: (key) => ASSET_TYPES.findIndex((type) => type === key),
    source: (key) => SOURCES.findIndex((source) => source === key),
    mediaType: (key) => MEDIA_TYPES.findIndex((type) => type === key),
    sizeRange: (key) => -Number(key),
    month: (key) => -Number(key.replace('-', '')),
    status: (key) => STATUSES.findIndex((status) => status === key),
    product: (key) => (key === UNSAID ? 1 : 0),
    campaign: (key) => (key === UNSAID ? 1 : 0),
  };
  const rank = place[by] ?? (() => 0);
  return groups
    .toSorted((a, b) => rank(a.key) - rank(b.key))
    .map((group) =>
      by === 'sizeRange' ? { ...group, key: SIZE_RANGE_KEYS[Number(group.key)] ?? group.key } : group,
    );
}

export async function countFacets(
  { database }: Db,
  scope: BrandScope,
  input: Input<'assets.facets'>,
): Promise<Output<'assets.facets'>> {
  const facets = await database.inBrand(scope, (tx) =>
    getFacets(scope, tx, { query: input, exact: input.exact ?? true }),
  );
  return {
    count: facets.count,
    bytes: facets.bytes,
    more: facets.more,
    type: [...facets.type],
    mediaType: [...facets.mediaType],
    source: [...facets.source],
    size: inOrder('sizeRange', facets.sizeRange),
    month: inOrder('month', facets.month),
  };
}

export async function countLabels(
  { database }: Db,
  scope: BrandScope,
  input: Input<'assets.labels'>,
): Promise<Output<'assets.labels'>> {
  const kinds = [...new Set(input.of ?? LABEL_KIND_NAMES)];
  const found = await database.inBrand(scope, (tx) =>
    getLabelFacets(scope, tx, { query: input, kinds, exact: input.exact ?? true }),
  );
  return Object.fromEntries(
    Object.entries(found).map(([kind, { values, more }]) => [kind, { values: [...values], more }]),
  );
}
