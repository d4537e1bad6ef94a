import type { z } from 'zod';
import type { Output, Operations, PlainOperation } from '../contract/operations.ts';
import type { Actor, BrandScope } from '../domain/access.ts';
import { adviseSpace } from './advisor.ts';
import { getDetail, listAssets, restoreAsset, trashAsset, updateAsset } from './assets.ts';
import { countFacets, countLabels, groupAssets } from './asset-groups.ts';
import { changeMany } from './bulk.ts';
import {
  changeCollection,
  createCollection,
  deleteCollection,
  getCollection,
  listCollections,
} from './collections.ts';
import { addToCollection, removeFromCollection } from './collection-members.ts';
import { createBrand, createKey, getSession, listBrands, listKeys, revokeKey } from './credentials.ts';
import type { Deps } from './deps.ts';
import { dismissDuplicates, listDuplicates, listNear, mergeDuplicates } from './duplicates.ts';
import { enhanceAsset } from './enhance.ts';
import { setFavourite } from './favourites.ts';
import { getHistory, listOperations, listUses, readOperation } from './history.ts';
import { linkFile } from './links.ts';
import { readAssetRecipe } from './recipe.ts';
import { cancelStep, listStepFailures, resumeStep, retryStep } from './runs.ts';
import { createShare, listShares, revokeShare, updateShareLink } from './shares.ts';
import {
  changeSavedSearch,
  createSavedSearch,
  listSavedSearches,
  removeSavedSearch,
} from './saved-searches.ts';
import { checkStorage, getStorage, releaseStorage } from './storage.ts';
import { listCapabilities } from './system.ts';
import { listTags } from './tags.ts';
import { emptyTrash, purgeMany, listTrash, purgeOne } from './trash.ts';
import { undoOperation } from './undo.ts';
import { checkUploads } from './uploads-check.ts';
import { fetchUpload } from './uploads-fetch.ts';
import { listVersions, restoreVersion } from './versions.ts';
import { createZip } from './zips.ts';

type Parsed<K extends PlainOperation> = z.output<Operations[K]['input']>;
/** Operations on a brand get the proof that the caller may enter it; the others who is asking. */
type Caller<K extends PlainOperation> = Parsed<K> extends { b: string } ? BrandScope : Actor;
type Handler<K extends PlainOperation> = (
  deps: Deps,
  caller: Caller<K>,
  input: Parsed<K>,
) => Promise<Output<K>>;

/** One use case for each plain operation of the contract. Every door runs these. */
export const HANDLERS: { readonly [K in PlainOperation]: Handler<K> } = {
  'assets.list': listAssets,
  'assets.groups': groupAssets,
  'assets.facets': countFacets,
  'assets.labels': countLabels,
  'assets.get': getDetail,
  'assets.update': updateAsset,
  'assets.trash': trashAsset,
  'assets.restore': restoreAsset,
  'assets.bulk': changeMany,
  'assets.enhance': enhanceAsset,
  'assets.history': getHistory,
  'assets.recipe': readAssetRecipe,
  'assets.uses': listUses,
  'tags.list': listTags,
  'zips.create': createZip,
  'operations.list': listOperations,
  'operations.get': readOperation,
  'operations.undo': undoOperation,
  'operations.cancel': cancelStep,
  'operations.resume': resumeStep,
  'operations.failures': listStepFailures,
  'operations.retry': retryStep,
  'collections.list': listCollections,
  'collections.get': getCollection,
  'collections.create': createCollection,
  'collections.update': changeCollection,
  'collections.delete': deleteCollection,
  'collections.add': addToCollection,
  'collections.remove': removeFromCollection,
  'favourites.set': setFavourite,
  'shares.list': listShares,
  'shares.create': createShare,
  'shares.update': updateShareLink,
  'shares.revoke': revokeShare,
  'searches.list': listSavedSearches,
  'searches.create': createSavedSearch,
  'searches.update': changeSavedSearch,
  'searches.delete': removeSavedSearch,
  'uploads.check': checkUploads,
  'uploads.fetch': fetchUpload,
  'files.link': linkFile,
  'versions.list': listVersions,
  'versions.restore': restoreVersion,
  'trash.list': listTrash,
  'trash.empty': emptyTrash,
  'trash.purgeMany': purgeMany,
  'trash.purge': purgeOne,
  'duplicates.list': listDuplicates,
  'duplicates.near': listNear,
  'duplicates.merge': mergeDuplicates,
  'duplicates.dismiss': dismissDuplicates,
  'advisor.get': adviseSpace,
  'storage.get': getStorage,
  'storage.check': checkStorage,
  'storage.release': releaseStorage,
  'brands.list': listBrands,
  'brands.create': createBrand,
  'keys.list': listKeys,
  'keys.create': createKey,
  'keys.revoke': revokeKey,
  'session.get': getSession,
  // The cookie itself is the HTTP door's; for any other caller there is no session to end.
  'session.end': () => Promise.resolve({}),
  'system.capabilities': listCapabilities,
};
