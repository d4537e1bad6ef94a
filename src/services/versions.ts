import type { Output } from '../contract/operations.ts';
import { API_BASE } from '../contract/routes.ts';
import { getAsset, lockAsset } from '../database/assets.ts';
import { refreshSearchRows } from '../database/search-rows.ts';
import { addEvent } from '../database/events.ts';
import { addJob, ingestKey } from '../database/jobs.ts';
import { addChange, addOperation } from '../database/operations.ts';
import { listVersions as selectVersions, renditionNumbers, setCurrentVersion } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { readDetail } from './assets.ts';
import type { Deps } from './deps.ts';
import { addVersion } from './new-version.ts';
import type { Offer, UploadDeps } from './arrival.ts';
import { withAccepted } from './uploads.ts';

type Db = Pick<Deps, 'database'>;

export async function listVersions(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'versions.list'>> {
  return database.inBrand(scope, async (tx) => {
    const asset = await getAsset(scope, tx, input.id);
    if (asset === undefined) throw new Failure('not_found');
    const versions = await selectVersions(scope, tx, input.id);
    const pictured = await renditionNumbers(scope, tx, { assetId: input.id, name: 'thumbnail' });
    const previewed = await renditionNumbers(scope, tx, { assetId: input.id, name: 'preview' });
    const base = `${API_BASE}/brands/${scope.brandId}/assets/${input.id}`;
    return {
      items: versions.map((version) => ({
        n: version.n,
        size: version.sizeBytes,
        sha256: version.sha256.toString('hex'),
        mime: version.mime,
        fileName: version.fileName,
        width: version.width,
        height: version.height,
        duration: version.duration,
        state: version.state,
        current: version.n === asset.version,
        createdAt: version.createdAt.toISOString(),
        createdBy: version.createdBy,
        thumbnail: pictured.has(version.n) ? `${base}/thumbnail?version=${version.n}` : null,
        preview: previewed.has(version.n) ? `${base}/renditions/preview?version=${version.n}` : null,
        file: `${base}/file?version=${version.n}`,
      })),
    };
  });
}

export async function receiveVersion(
  deps: UploadDeps,
  scope: BrandScope,
  offer: Offer & { readonly assetId: string },
): Promise<Output<'versions.add'>> {
  const { assetId } = offer;
  const asset = await deps.database.inBrand(scope, (tx) => getAsset(scope, tx, assetId));
  if (asset === undefined) throw new Failure('not_found');
  if (asset.trashedAt !== null) throw new Failure('in_trash');
  const fields = { ...offer.fields, name: offer.fields.name ?? asset.fileName };
  await withAccepted(deps, scope, {
    offer: { ...offer, fields },
    use: (accepted) => addVersion(deps, scope, { assetId, accepted }),
  });
  return deps.database.inBrand(scope, (tx) => readDetail(scope, tx, assetId));
}

/** Makes an earlier version the current one again; every version stays. */
export async function restoreVersion(
  { database }: Db,
  scope: BrandScope,
  input: { id: string; n: number },
): Promise<Output<'versions.restore'>> {
  return database.inBrand(scope, async (tx) => {
    const asset = await lockAsset(scope, tx, input.id);
    const version = (await selectVersions(scope, tx, input.id)).find((candidate) => candidate.n === input.n);
    if (asset === undefined || version === undefined) throw new Failure('not_found');
    if (asset.trashedAt !== null) throw new Failure('in_trash');
    if (asset.version !== input.n) {
      const operation = await addOperation(scope, tx, {
        kind: 'versions.restore',
        summary: `Went back to version ${input.n} of ${asset.name}`,
        undoable: false,
        changed: 1,
      });
      await addChange(scope, tx, {
        operation,
        assetId: input.id,
        before: { version: asset.version },
        after: { version: input.n },
      });
      await addEvent(scope, tx, { kind: 'asset.changed', assetId: input.id });
      await addJob(tx, {
        name: 'ingest',
        payload: { brandId: scope.brandId, assetId: input.id, version: input.n },
        key: ingestKey(input.id, input.n),
      });
      await setCurrentVersion(scope, tx, { version, addedBytes: 0 });
      await refreshSearchRows(scope, tx, { ids: [input.id] });
    }
    return readDetail(scope, tx, input.id);
  });
}
