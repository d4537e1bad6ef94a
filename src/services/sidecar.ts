import { getAsset } from '../database/assets.ts';
import type { BrandTx } from '../database/database.ts';
import { addJob } from '../database/jobs.ts';
import { changedAssets } from '../database/operations.ts';
import { runningSteps } from '../database/runs.ts';
import { listVersions } from '../database/versions.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
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

/** A large step is waited for by a person, the copies of what it changed by nobody; so they wait until it is done. */
const LATER_SECONDS = 15;

/** The same for all that one operation changed; harmless to repeat for the same reason. */
export async function writeSidecars(
  deps: Pick<Deps, 'database' | 'store'>,
  job: JobPayloads['sidecars'],
  signal: AbortSignal,
): Promise<void> {
  const scope = enterBrandAsSystem(job.brandId);
  for (let after: string | undefined = job.after ?? ''; after !== undefined;) {
    const rest: Rest = { ...job, after };
    const ids = await deps.database.inBrand(scope, (tx) => nextOrLater(scope, tx, rest));
    if (ids === null) return;
    for (const assetId of ids) {
      signal.throwIfAborted();
      await writeSidecar(deps, { brandId: job.brandId, assetId });
    }
    after = ids.at(-1);
  }
}

type Rest = Required<JobPayloads['sidecars']>;

/** The next assets; null when a large step runs, and the rest has become a job for later. */
async function nextOrLater(scope: BrandScope, tx: BrandTx, rest: Rest): Promise<string[] | null> {
  if ((await runningSteps(scope, tx)).length === 0) return changedAssets(scope, tx, rest);
  await addJob(tx, {
    name: 'sidecars',
    payload: rest,
    key: `sidecars:${rest.operation}`,
    delaySeconds: LATER_SECONDS,
  });
  return null;
}
