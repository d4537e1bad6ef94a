import type { MediaType } from '../domain/asset-types.ts';

interface VersionKey {
  readonly brandId: string;
  readonly mediaType: MediaType;
  readonly assetId: string;
  readonly n: number;
}

const SAFE = /^[a-z0-9]+$/;

/** `{brand}/assets/{media type}/{AST-id}_v{n}.{ext}`; every part comes from the program, none from a user. */
export function versionKey(version: VersionKey, ext: string): string {
  return `${stem(version)}.${SAFE.test(ext) ? ext : 'bin'}`;
}

const RENDITION_SUFFIX: Readonly<Record<string, string>> = { thumbnail: 'thumb' };

/**
 * Beside the bytes: `…_v{n}_thumb.webp`. The mark differs with each making, so that a rendition made again never
 * overwrites one that is being read.
 */
export function renditionKey(
  version: VersionKey,
  rendition: { name: string; ext: string; mark: string },
): string {
  const name = RENDITION_SUFFIX[rendition.name] ?? rendition.name;
  const mark = rendition.mark === '' ? '' : `_${rendition.mark}`;
  return `${stem(version)}_${name}${mark}.${rendition.ext}`;
}

/** Metadata beside the bytes, from which a library can be rebuilt. */
export function sidecarKey(asset: Omit<VersionKey, 'n'>): string {
  return `${asset.brandId}/assets/${asset.mediaType}/${asset.assetId}.json`;
}

function stem(version: VersionKey): string {
  return `${version.brandId}/assets/${version.mediaType}/${version.assetId}_v${version.n}`;
}

export function brandPrefix(brandId: string): string {
  return `${brandId}/assets`;
}
