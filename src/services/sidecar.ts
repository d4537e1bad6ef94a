import { getAsset } from '../database/assets.ts';
import { changedAssets } from '../database/operations.ts';
import { listVersions } from '../database/versions.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { JobPayloads } from '../domain/jobs.ts';
import { sidecarKey } from '../storage/keys.ts';
import type { Deps } from './deps.ts';

/**
 * Writes what is known of an asset beside its first version, so that a library can be rebuilt from its files. Running
 * twice is harmless: the file is replaced as a whole by the same or a newer state.
 */
export async function writeSidecar(
  { database, store }: Pick<Deps, 'database' | 'store'>,
  job: JobPayloads['sidecar'],
): Promise<void> {
  const scope = enterBrandAsSystem(job.brandId);
  const known = await database.inBrand(scope, async (tx) => {
    const asset = await getAsset(scope, tx, job.assetId);
    return asset === undefined ? null : { asset, versions: await listVersions(scope, tx, job.assetId) };
  });
  const first = known?.versions.at(-1);
  if (known === null || first === undefined) return;
  const { asset, versions } = known;
  const document = {
    format: 1,
    brand: job.brandId,
    asset: { ...asset, sha256: asset.sha256.toString('hex') },
    versions: versions.map((version) => ({ ...version, sha256: version.sha256.toString('hex') })),
  };
  const key = sidecarKey({ brandId: job.brandId, mediaType: first.mediaType, assetId: asset.id });
  await store.put(key, { data: Buffer.from(`${JSON.stringify(document, null, 1)}\n`) });
}

/** The same for all that one operation changed; harmless to repeat for the same reason. */
export async function writeSidecars(
  deps: Pick<Deps, 'database' | 'store'>,
  job: JobPayloads['sidecars'],
  signal: AbortSignal,
): Promise<void> {
  const scope = enterBrandAsSystem(job.brandId);
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = { operation: job.operation, after };
    const ids: string[] = await deps.database.inBrand(scope, (tx) => changedAssets(scope, tx, page));
    for (const assetId of ids) {
      signal.throwIfAborted();
      await writeSidecar(deps, { brandId: job.brandId, assetId });
    }
    after = ids.at(-1);
  }
}
