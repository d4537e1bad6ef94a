import { lockAsset } from '../database/assets.ts';
import { refreshSearchRows } from '../database/search-rows.ts';
import { CommitUnknown, pgError } from '../database/transaction.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob, ingestKey } from '../database/jobs.ts';
import { addChange, addOperation } from '../database/operations.ts';
import { finishResumable } from '../database/uploads.ts';
import { insertVersion, listVersions, setCurrentVersion } from '../database/versions.ts';
import type { NewVersion } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { KeyTaken } from '../storage/contract.ts';
import { versionKey } from '../storage/keys.ts';
import { commitBytes } from './arrival.ts';
import type { Accepted, UploadDeps } from './arrival.ts';
import { settleRoom } from './room.ts';

const ATTEMPTS = 20;

export interface VersionArrival {
  readonly assetId: string;
  readonly accepted: Accepted;
  readonly resumable?: string | undefined;
  /** How the history tells it, when nobody brought the bytes from outside. */
  readonly step?: { readonly kind: string; readonly summary: string; readonly madeBy: string };
}

/** New bytes under the same asset; the earlier ones stay as they are. Two at once get two numbers. */
export async function addVersion(
  deps: UploadDeps,
  scope: BrandScope,
  arrival: VersionArrival,
): Promise<void> {
  const { assetId, accepted } = arrival;
  const { staged, detected, room } = accepted;
  const newest = await deps.database.inBrand(scope, (tx) => listVersions(scope, tx, assetId));
  if (newest.length === 0) throw new Failure('not_found');
  for (let n = (newest[0]?.n ?? 0) + 1, attempt = 1; ; n += 1, attempt += 1) {
    const key = versionKey(
      { brandId: scope.brandId, mediaType: detected.mediaType, assetId, n },
      detected.ext,
    );
    try {
      await commitBytes(staged, key);
      await deps.database.inBrand(scope, (tx) => write(scope, tx, { ...arrival, n, key }));
      room.settled();
      return;
    } catch (error) {
      if (error instanceof CommitUnknown) throw new Failure('unavailable', { cause: error });
      if (!(error instanceof KeyTaken)) await staged.withdraw(key);
      const taken = error instanceof KeyTaken || pgError(error)?.code === '23505';
      if (!taken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function write(
  scope: BrandScope,
  tx: BrandTx,
  made: VersionArrival & { n: number; key: string },
): Promise<void> {
  const { assetId, n, key } = made;
  const { staged, detected, fileName, declaredType, room } = made.accepted;
  const asset = await lockAsset(scope, tx, assetId);
  if (asset === undefined) throw new Failure('not_found');
  if (asset.trashedAt !== null) throw new Failure('in_trash');
  const version: NewVersion = {
    assetId,
    n,
    storageKey: key,
    sha256: staged.sha256,
    sizeBytes: staged.size,
    mime: detected.mime,
    mediaType: detected.mediaType,
    ext: detected.ext,
    fileName,
    declaredType: declaredType.slice(0, 200),
    createdBy: scope.actor.name,
  };
  await insertVersion(scope, tx, version);
  const operation = await addOperation(scope, tx, {
    kind: made.step?.kind ?? 'versions.add',
    summary: made.step?.summary ?? `Added version ${n} of ${asset.name}`,
    undoable: false,
    changed: 1,
  });
  await addChange(scope, tx, {
    operation,
    assetId,
    before: { version: asset.version, file_name: asset.fileName },
    after: {
      version: n,
      file_name: fileName,
      ...(made.step === undefined ? {} : { made_by: made.step.madeBy }),
    },
  });
  if (made.resumable !== undefined) {
    const first = await finishResumable(scope, tx, { id: made.resumable, assetId, reused: true });
    if (!first) throw new Failure('changed_meanwhile');
  }
  await addEvent(scope, tx, { kind: 'asset.changed', assetId });
  await addJob(tx, {
    name: 'ingest',
    payload: { brandId: scope.brandId, assetId, version: n },
    key: ingestKey(assetId, n),
  });
  await setCurrentVersion(scope, tx, { version, addedBytes: staged.size });
  await refreshSearchRows(scope, tx, { ids: [assetId] });
  await settleRoom(scope, tx, room);
}
