import { getAsset, setUnderstanding } from '../database/assets.ts';
import { refreshSearchRows } from '../database/search-rows.ts';
import type { Understanding } from '../database/assets.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob } from '../database/jobs.ts';
import { addRenditions, replaceRenditions, setVersionFinding } from '../database/versions.ts';
import type { NewRendition, Version } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import type { AssetInFull } from '../domain/asset.ts';
import { colourCells } from '../domain/colour.ts';
import { recipeLabels, saysGenerated } from '../domain/recipe.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { Description } from '../media/contract.ts';
import { needsProxy } from '../media/proxy-rule.ts';

export interface Finding {
  readonly version: Version;
  readonly found: Description;
  readonly renditions: readonly NewRendition[];
  /** How it was generated, as the file tells; null on a first look. */
  readonly recipe: Recipe | null;
}

/**
 * The thumbnail and what is known so far; the state stays `processing` until the rest is there. Pictures are only added:
 * what is there already goes when the finding takes its place.
 */
export async function recordFirstLook(scope: BrandScope, tx: BrandTx, finding: Finding): Promise<void> {
  const { version, renditions } = finding;
  const { assetId, n } = version;
  const asset = await getAsset(scope, tx, assetId);
  if (asset === undefined || asset.version !== n) return;
  await addRenditions(scope, tx, { assetId, n, renditions });
  await setUnderstanding(scope, tx, { ...understandingOf(finding), state: 'processing' });
  await addEvent(scope, tx, { kind: 'asset.changed', assetId });
}

export interface Recorded {
  /** Keys of pictures that rows name from now on. */
  readonly named: ReadonlySet<string>;
  /** Keys of pictures that rows named until now. */
  readonly stale: readonly string[];
}

/** Writes what was found; of an asset purged meanwhile nothing is named any more. */
export async function recordFinding(scope: BrandScope, tx: BrandTx, finding: Finding): Promise<Recorded> {
  const { version, found, renditions, recipe } = finding;
  const { assetId, n } = version;
  const asset = await getAsset(scope, tx, assetId);
  if (asset === undefined) return { named: new Set(), stale: [] };
  const understanding = understandingOf(finding);
  await setVersionFinding(scope, tx, {
    ...understanding,
    n,
    dctHash: found.dctHash ?? null,
    differenceHash: found.differenceHash ?? null,
    recipe,
  });
  const stale = await replaceRenditions(scope, tx, { assetId, n, renditions });
  if (asset.version === n) {
    await setUnderstanding(scope, tx, understanding);
    if (recipe !== null || changesSearch(found, asset, n))
      await refreshSearchRows(scope, tx, { ids: [assetId] });
  }
  await addEvent(scope, tx, { kind: 'asset.ready', assetId });
  if (found.state === 'ready' && needsProxy(understanding.mime, found.facts)) {
    const payload = { brandId: scope.brandId, assetId, version: n };
    await addJob(tx, { name: 'proxy', payload, key: `proxy:${assetId}:${n}` });
  }
  await addJob(tx, {
    name: 'sidecar',
    payload: { brandId: scope.brandId, assetId },
    key: `sidecar:${assetId}`,
    delaySeconds: 5,
  });
  return { named: new Set(renditions.map((made) => made.storageKey)), stale };
}

/** Most of what is found is only shown; what can be searched or filtered by is not known when the row is made. */
function changesSearch(found: Description, asset: AssetInFull, n: number): boolean {
  const { detected, palette, suggestedType, text, facts } = found;
  const newType = detected !== undefined && detected.mediaType !== asset.mediaType;
  const typed = newType || suggestedType !== undefined;
  return n > 1 || typed || palette !== undefined || text !== undefined || facts.width !== undefined;
}

function understandingOf({ version, found, renditions, recipe }: Finding): Understanding {
  const has = (name: string) => renditions.some((made) => made.name === name);
  const text = found.text === undefined || found.text === '' ? {} : { text: found.text };
  return {
    assetId: version.assetId,
    state: found.state,
    reason: found.reason ?? null,
    message: found.message ?? null,
    mime: found.detected?.mime ?? version.mime,
    mediaType: found.detected?.mediaType ?? version.mediaType,
    width: found.facts.width ?? null,
    height: found.facts.height ?? null,
    duration: found.facts.duration ?? null,
    transparent: found.facts.transparent ?? null,
    colour: found.palette?.[0]?.hex ?? null,
    placeholder: found.placeholder ?? null,
    facts: { ...found.facts, ...text },
    palette: found.palette ?? [],
    colours: colourCells(found.palette ?? []),
    hasThumbnail: has('thumbnail'),
    hasPreview: has('preview'),
    suggestedType: found.suggestedType ?? null,
    generated: recipe !== null && saysGenerated(recipe),
    recipeLabels: recipe === null ? [] : recipeLabels(recipe),
  };
}
