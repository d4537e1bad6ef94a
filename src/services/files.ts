import type { Readable } from 'node:stream';
import { getRendition, getVersion } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { KeyMissing } from '../storage/contract.ts';
import type { ByteRange } from '../storage/contract.ts';
import type { Deps } from './deps.ts';

type FileDeps = Pick<Deps, 'database' | 'store' | 'log'>;

export interface FileRequest {
  readonly assetId: string;
  readonly version: number | undefined;
  /** Null is the original. */
  readonly rendition: string | null;
}

/** A part of a file; `end` is inclusive. */
export type FileRange = ByteRange;

/** A file ready to be served: what it is, and a way to its bytes. */
export interface OpenFile {
  readonly mime: string;
  readonly size: number;
  /** Strong validator: the digest of the original, or the unique key of a rendition. */
  readonly etag: string;
  readonly fileName: string;
  /** The address named one version, whose bytes never change. */
  readonly immutable: boolean;
  read(range?: FileRange): Promise<Readable>;
  /** All bytes at once; for small files. */
  readWhole(): Promise<Buffer>;
}

export async function openFile(deps: FileDeps, scope: BrandScope, request: FileRequest): Promise<OpenFile> {
  const { assetId, version, rendition } = request;
  const found = await deps.database.inBrand(scope, async (tx) => {
    if (rendition === null) return originalOf(await getVersion(scope, tx, { assetId, n: version }));
    const made = await getRendition(scope, tx, { assetId, n: version, name: rendition });
    if (made === undefined) return undefined;
    const ending = made.storageKey.slice(made.storageKey.lastIndexOf('.'));
    const etag = made.storageKey.slice(made.storageKey.lastIndexOf('/') + 1);
    return { ...made, etag, fileName: `${assetId}_${rendition}${ending}` };
  });
  if (found === undefined) throw new Failure('not_found');
  return {
    mime: found.mime,
    size: found.sizeBytes,
    etag: `"${found.etag}"`,
    fileName: found.fileName,
    immutable: version !== undefined,
    read: (range) => guard(deps, deps.store.read(found.storageKey, range)),
    readWhole: () => guard(deps, deps.store.readWhole(found.storageKey)),
  };
}

function originalOf(version: Awaited<ReturnType<typeof getVersion>>) {
  return version === undefined ? undefined : { ...version, etag: version.sha256.toString('hex') };
}

/** Missing bytes are said to be missing when the store is there, and out of reach when it is not. */
async function guard<T>(deps: FileDeps, bytes: Promise<T>): Promise<T> {
  try {
    return await bytes;
  } catch (error) {
    const gone = error instanceof KeyMissing && (await deps.store.isAttached());
    deps.log.error('Stored bytes cannot be read', { error, gone });
    throw new Failure(gone ? 'bytes_missing' : 'storage_unavailable', { cause: error });
  }
}
