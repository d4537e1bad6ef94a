import { findByDigest } from '../database/assets.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { cleanFileName } from '../domain/naming.ts';
import { requireUnderCap } from '../domain/quota.ts';
import { detect } from '../media/detect.ts';
import type { Detected } from '../media/contract.ts';
import type { StagedBytes } from '../storage/contract.ts';
import { readDetail } from './assets.ts';
import type { Accepted, Offer, UploadDeps, UploadResult } from './arrival.ts';
import { asFailure } from './arrival.ts';
import { keepAsNewAsset } from './new-asset.ts';
import type { Arrival } from './new-asset.ts';
import { addVersion } from './new-version.ts';
import { glanceAtRoom, holdRoom, refusalOf } from './room.ts';
import type { Room } from './room.ts';

/** Room held at first for a body of unknown length; it grows in steps of the same size. */
const UNKNOWN_LENGTH = 8 << 20;

/**
 * Takes one file in: room reserved, bytes staged with a running digest, checks, then one transaction. When it resolves
 * the bytes are on stable storage and the row is committed; when it rejects nothing is left behind.
 */
export async function receiveUpload(
  deps: UploadDeps,
  scope: BrandScope,
  offer: Offer,
): Promise<UploadResult> {
  return withAccepted(deps, scope, {
    offer,
    use: (accepted) => keep(deps, scope, { accepted, fields: offer.fields, resumable: undefined }),
  });
}

/** Stages an offer and hands it on; afterwards the room and the temporary copy are given back whatever happened. */
export async function withAccepted<T>(
  deps: UploadDeps,
  scope: BrandScope,
  { offer, use }: { offer: Offer; use: (accepted: Accepted) => Promise<T> },
): Promise<T> {
  const fileName = cleanFileName(offer.fields.name ?? 'untitled');
  if (offer.length === 0) throw new Failure('empty_file');
  const room =
    offer.length === null
      ? await holdRoom(deps, scope, Math.min(UNKNOWN_LENGTH, offer.atMost ?? UNKNOWN_LENGTH))
      : ((await glanceAtRoom(deps, offer.length)) ?? (await holdRoom(deps, scope, offer.length)));
  try {
    const { staged, detected } = await stage(deps, offer, { room, fileName });
    try {
      const { declaredType, origin } = offer;
      return await use({ staged, detected, fileName, declaredType, origin, room });
    } finally {
      await staged.discard().catch((error: unknown) => deps.log.warn('A temporary file stays', { error }));
    }
  } catch (error) {
    throw await refusalOf(deps, scope, { error, room });
  } finally {
    await room.release();
  }
}

async function stage(deps: UploadDeps, offer: Offer, made: { room: Room; fileName: string }) {
  let detected: Detected | null = null;
  const { length } = offer;
  const staged = await deps.store
    .stage({
      body: offer.body,
      length,
      grant: made.room.grant,
      signal: offer.signal,
      inspect: {
        async head(bytes) {
          if (bytes.length === 0) throw new Failure('empty_file');
          detected = await detect(bytes, made.fileName, length ?? bytes.length);
          requireUnderCap(made.room.plan, detected.mediaType, length ?? bytes.length);
        },
        progress(size) {
          if (length !== null && size > length) throw new Failure('length_mismatch');
          if (detected !== null) requireUnderCap(made.room.plan, detected.mediaType, size);
          return made.room.cover(size);
        },
      },
    })
    .catch((error: unknown) => {
      throw asFailure(error, offer.signal);
    });
  try {
    checkComplete(staged, offer);
    if (detected === null) throw new Failure('empty_file');
    return { staged, detected: detected as Detected };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

function checkComplete(staged: StagedBytes, offer: Offer): void {
  if (staged.size === 0) throw new Failure('empty_file');
  if (offer.length !== null && staged.size !== offer.length) {
    throw new Failure('length_mismatch', { details: { announced: offer.length, received: staged.size } });
  }
  if (offer.sha256 !== null && !offer.sha256.equals(staged.sha256)) {
    throw new Failure('digest_mismatch', { details: { received: staged.sha256.toString('hex') } });
  }
}

/** Reuse, add a version, or keep both, when the brand holds these bytes already (L17). */
export async function keep(
  deps: UploadDeps,
  scope: BrandScope,
  arrival: Omit<Arrival, 'reuse'>,
): Promise<UploadResult> {
  const { accepted, resumable } = arrival;
  const mode = arrival.fields.onDuplicate ?? 'reuse';
  if (mode === 'version') {
    const twin = await deps.database.inBrand(scope, (tx) => findByDigest(scope, tx, accepted.staged.sha256));
    if (twin !== undefined) {
      await addVersion(deps, scope, { assetId: twin.id, accepted, resumable });
      const detail = await deps.database.inBrand(scope, (tx) => readDetail(scope, tx, twin.id));
      return { ...detail, reused: true };
    }
  }
  return keepAsNewAsset(deps, scope, { ...arrival, reuse: mode === 'reuse' });
}
