import type { AssetCard, AssetDetail } from '../contract/assets.ts';
import { API_BASE } from '../contract/routes.ts';
import type { Rendition } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import type { Asset, AssetInFull } from '../domain/asset.ts';
import { contextLine } from '../domain/context-line.ts';
import { TRASH_DAYS, daysLeft, purgeDate } from '../domain/trash.ts';

export interface Presenting {
  readonly scope: BrandScope;
  readonly trashDays?: number;
}

const time = (date: Date | null) => (date === null ? null : date.toISOString());

/** What goes out of an asset. Addresses carry the version, so that browsers may keep what they fetched for good. */
export function presentCard(asset: Asset, { scope, trashDays = TRASH_DAYS }: Presenting): AssetCard {
  const base = `${API_BASE}/brands/${scope.brandId}/assets/${asset.id}`;
  const trashed = asset.trashedAt;
  return {
    id: asset.id,
    name: asset.name,
    fileName: asset.fileName,
    type: asset.type,
    mediaType: asset.mediaType,
    source: asset.source,
    status: asset.status,
    state: asset.state,
    stateReason: asset.stateReason,
    stateMessage: asset.stateMessage,
    mime: asset.mime,
    size: asset.sizeBytes,
    totalSize: asset.totalBytes,
    width: asset.width,
    height: asset.height,
    duration: asset.duration,
    transparent: asset.transparent,
    description: asset.description,
    sceneHint: asset.sceneHint,
    tags: [...asset.tags],
    mustInclude: asset.mustInclude,
    rating: asset.rating,
    product: asset.product,
    campaign: asset.campaign,
    hasPeople: asset.hasPeople,
    favourite: asset.favourite,
    usageCount: asset.usageCount,
    lastUsedAt: time(asset.lastUsedAt),
    version: asset.version,
    versionCount: asset.versionCount,
    sha256: asset.sha256.toString('hex'),
    placeholder: asset.placeholder,
    colour: asset.colour,
    thumbnail: asset.hasThumbnail ? `${base}/thumbnail?version=${asset.pictureVersion}` : null,
    preview: asset.hasPreview ? `${base}/renditions/preview?version=${asset.pictureVersion}` : null,
    file: `${base}/file?version=${asset.version}`,
    createdAt: asset.createdAt.toISOString(),
    updatedAt: asset.updatedAt.toISOString(),
    createdBy: asset.createdBy,
    trashedAt: time(trashed),
    purgeAt: trashed === null ? null : purgeDate(trashed, trashDays).toISOString(),
    daysLeft: trashed === null ? null : daysLeft(trashed, trashDays, new Date()),
    revision: asset.revision,
  };
}

/** Text for the search index can be long; it is not part of what a page shows. */
export function presentDetail(
  asset: AssetInFull,
  renditions: readonly Rendition[],
  presenting: Presenting,
): AssetDetail {
  const { text: _, ...facts } = asset.facts;
  const base = `${API_BASE}/brands/${presenting.scope.brandId}/assets/${asset.id}/renditions`;
  return {
    ...presentCard(asset, presenting),
    mood: [...asset.mood],
    style: [...asset.style],
    custom: { ...asset.custom },
    facts,
    palette: [...asset.palette],
    provenance: { ...asset.provenance },
    locked: [...asset.locked],
    contextLine: contextLine(asset),
    renditions: renditions.map((made) => ({
      name: made.name,
      mime: made.mime,
      size: made.sizeBytes,
      width: made.width,
      height: made.height,
      tool: made.tool,
      toolVersion: made.toolVersion,
      path: `${base}/${made.name}?version=${made.n}`,
    })),
  };
}
