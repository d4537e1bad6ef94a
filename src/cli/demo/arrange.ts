import type { AssetFilter } from '../../contract/asset-filter.ts';
import type { BrandScope } from '../../domain/access.ts';
import { addToCollection } from '../../services/collection-members.ts';
import { createCollection, listCollections } from '../../services/collections.ts';
import type { Deps } from '../../services/deps.ts';
import { createSavedSearch, listSavedSearches } from '../../services/saved-searches.ts';

const COLLECTIONS: Readonly<Record<string, AssetFilter>> = {
  'Opening shots': { q: 'dawn', type: ['image', 'video'] },
  'Shop pictures': { tag: ['product'] },
  'The cast': { type: ['character_reference'] },
};

const SEARCHES: Readonly<Record<string, AssetFilter>> = {
  'Approved, with stars': { status: ['approved'], minRating: 4 },
  'Warm and wide': { mood: ['warm'], orientation: 'landscape' },
};

/** Collections and saved searches over what was made; those that are there already stay as they are. */
export async function arrange(deps: Pick<Deps, 'database'>, scope: BrandScope): Promise<void> {
  const b = scope.brandId;
  const there = new Set([
    ...(await listCollections(deps, scope, { b })).items.map((one) => one.name),
    ...(await listSavedSearches(deps, scope)).items.map((one) => one.name),
  ]);
  for (const [name, filter] of Object.entries(COLLECTIONS)) {
    if (there.has(name)) continue;
    const { id } = await createCollection(deps, scope, { b, name });
    await addToCollection(deps, scope, { b, id, select: { filter } });
  }
  for (const [name, filter] of Object.entries(SEARCHES)) {
    if (!there.has(name)) await createSavedSearch(deps, scope, { b, name, filter });
  }
}
