import { createHash } from 'node:crypto';
import { listRenditions, getVersion } from '../database/versions.ts';
import type { Rendition, Version } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import { isOffered, PRESET_FORMATS, sizeWords, specOf, specText } from '../domain/delivery.ts';
import type { PictureSpec, PictureWish } from '../domain/delivery.ts';
import { Failure } from '../domain/failures.ts';
import type { MediaSource } from '../media/contract.ts';
import { withTempDir } from '../platform/temp-dir.ts';
import { KeyMissing } from '../storage/contract.ts';
import type { CachedPicture, PictureKey } from '../storage/picture-cache.ts';
import type { Deps } from './deps.ts';
import type { OpenFile } from './files.ts';
import type { PictureDesk } from './picture-desk.ts';

type PictureDeps = Pick<Deps, 'database' | 'store' | 'decoder' | 'pictures' | 'log'>;

export interface PictureRequest {
  readonly assetId: string;
  readonly version: number | undefined;
  readonly spec: PictureSpec;
}

export interface FoundPicture {
  readonly etag: string;
  /** The address named one version, whose picture never changes. */
  readonly immutable: boolean;
  /** Makes the picture unless it is there. */
  open(): Promise<OpenFile>;
}

/** The wish, when the table offers it; else a refusal with all that it does offer. */
export function offeredSpec({ sizes }: PictureDesk, wish: PictureWish): PictureSpec {
  const spec = specOf(wish);
  if (isOffered(spec, sizes)) return spec;
  throw new Failure('size_not_offered', {
    details: { sizes: sizes.map((size) => sizeWords(size)), formats: PRESET_FORMATS },
  });
}

/** What it is made from is looked up first: a caller who has the picture already needs nothing made. */
export async function findPicture(
  deps: PictureDeps,
  scope: BrandScope,
  request: PictureRequest,
): Promise<FoundPicture> {
  const { assetId, spec } = request;
  const origin = await deps.database.inBrand(scope, async (tx) => {
    const version = await getVersion(scope, tx, { assetId, n: request.version });
    if (version === undefined) throw new Failure('not_found');
    if (version.trashed) throw new Failure('in_trash');
    const renditions =
      version.mediaType === 'image' ? [] : await listRenditions(scope, tx, { assetId, n: version.n });
    return originOf(version, renditions);
  });
  const mark = createHash('sha256').update(origin.storageKey).digest('hex').slice(0, 16);
  const name = `v${origin.n}-${mark}-${specText(spec)}`;
  const key = { brandId: scope.brandId, assetId, name };
  const etag = `"${mark}-${specText(spec)}"`;
  const immutable = request.version !== undefined;
  return {
    etag,
    immutable,
    async open() {
      let kept = await deps.pictures.cache.find(key);
      if (kept === null) {
        await deps.pictures.line.join(scope.brandId, `${assetId}/${name}`, () =>
          makePicture(deps, scope, { key, origin, spec }),
        );
        kept = await deps.pictures.cache.find(key);
      }
      if (kept === null) throw new Failure('not_found');
      return openKept(kept, { etag, immutable, assetId, spec });
    },
  };
}

interface Origin {
  readonly n: number;
  readonly storageKey: string;
  readonly size: number;
  readonly detected: MediaSource['detected'];
}

/** Pictures come from their own bytes, other files from the largest picture that was made of them. */
function originOf(version: Version, renditions: readonly Rendition[]): Origin {
  const { n, state, mime, ext, mediaType, stateMessage } = version;
  if (
    state === 'failed' ||
    state === 'protected' ||
    (mediaType === 'image' && state === 'ready_no_preview')
  ) {
    throw new Failure('no_picture', stateMessage === null ? {} : { message: stateMessage });
  }
  if (mediaType === 'image') {
    return { n, storageKey: version.storageKey, size: version.sizeBytes, detected: { mime, ext, mediaType } };
  }
  for (const name of ['preview', 'cover', 'thumbnail']) {
    const made = renditions.find((one) => one.name === name && one.mime.startsWith('image/'));
    if (made === undefined) continue;
    const detected = { mime: made.mime, ext: made.mime.slice('image/'.length), mediaType: 'image' as const };
    return { n, storageKey: made.storageKey, size: made.sizeBytes, detected };
  }
  if (state === 'processing') {
    throw new Failure('too_busy', { message: 'This file is still being read.' });
  }
  throw new Failure('no_picture', stateMessage === null ? {} : { message: stateMessage });
}

interface Making {
  readonly key: PictureKey;
  readonly origin: Origin;
  readonly spec: PictureSpec;
}

/** Nobody cancels it: others may wait for the same picture, and the next asker finds it made. */
async function makePicture(deps: PictureDeps, scope: BrandScope, making: Making): Promise<void> {
  const { key, origin, spec } = making;
  const { cache } = deps.pictures;
  await withTempDir(
    'picture',
    async (scratch) => {
      const found = await drawn(deps, origin, { scratch, spec });
      const [made] = found.renditions;
      if (found.reason === 'stopped') throw new Failure('unavailable');
      if (made === undefined) {
        throw new Failure('no_picture', found.message === undefined ? {} : { message: found.message });
      }
      await cache.keep(key, made.path);
    },
    cache.scratch,
  );
  // Purged meanwhile: the purge may have passed before the picture was there.
  const left = await deps.database.inBrand(scope, (tx) =>
    getVersion(scope, tx, { assetId: key.assetId, n: origin.n }),
  );
  if (left === undefined) await cache.forget(key.brandId, key.assetId);
}

async function drawn(deps: PictureDeps, origin: Origin, how: { scratch: string; spec: PictureSpec }) {
  try {
    const file = await deps.store.localFile(origin.storageKey);
    try {
      const { signal } = new AbortController();
      const source = { path: file.path, size: origin.size, detected: origin.detected };
      const { scratch, spec } = how;
      return await deps.decoder.describeInSteps({ source, scratch, signal, make: 'picture', picture: spec });
    } finally {
      await file.release();
    }
  } catch (error) {
    const gone = error instanceof KeyMissing && (await deps.store.isAttached());
    deps.log.error('A picture could not be made', { error, gone });
    throw new Failure(gone ? 'bytes_missing' : 'storage_unavailable', { cause: error });
  }
}

function openKept(
  kept: CachedPicture,
  of: { etag: string; immutable: boolean; assetId: string; spec: PictureSpec },
): OpenFile {
  const { etag, immutable, assetId, spec } = of;
  const size = [spec.width, spec.height].filter((side) => side !== null).join('x');
  return {
    mime: `image/${spec.format}`,
    size: kept.size,
    etag,
    fileName: `${assetId}${size === '' ? '' : `_${size}`}.${spec.format === 'jpeg' ? 'jpg' : spec.format}`,
    immutable,
    read: (range) => kept.read(range),
    readWhole: () => kept.readWhole(),
  };
}
