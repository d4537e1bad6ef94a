import type { Readable } from 'node:stream';
import type { Output } from '../contract/operations.ts';
import type { UploadFields } from '../contract/uploads.ts';
import { Failure } from '../domain/failures.ts';
import type { Detected } from '../media/contract.ts';
import { KeyTaken, StoreError } from '../storage/contract.ts';
import type { StagedBytes } from '../storage/contract.ts';
import type { Deps } from './deps.ts';
import type { Room } from './room.ts';

export type UploadDeps = Pick<Deps, 'database' | 'store' | 'log'>;
export type UploadResult = Output<'uploads.put'>;

/** Bytes offered by a client, with what it says about them. */
export interface Offer {
  readonly fields: UploadFields;
  readonly body: Readable;
  /** Announced length; null when the client did not know it. Counted bytes decide. */
  readonly length: number | null;
  /** More than this cannot come, where a length that encloses the file's is known. */
  readonly atMost?: number | undefined;
  /** Digest the client computed; checked before anything is kept. */
  readonly sha256: Buffer | null;
  /** Content type the client claims; recorded, never trusted. */
  readonly declaredType: string;
  /** The address that the server fetched the bytes from. */
  readonly origin?: string | undefined;
  readonly signal: AbortSignal;
}

/** Bytes in the temporary area that passed every check. */
export interface Accepted {
  readonly staged: StagedBytes;
  readonly detected: Detected;
  readonly fileName: string;
  readonly declaredType: string;
  readonly origin?: string | undefined;
  readonly room: Room;
}

/** Errors of the store and of a broken connection, in the words of the failure table. */
export function asFailure(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof StoreError)
    return new Failure(error.full ? 'disk_full' : 'storage_failed', { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (
    signal.aborted ||
    ['ECONNRESET', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(code)
  ) {
    return new Failure('upload_cut', { cause: error });
  }
  return error;
}

/** Makes staged bytes durable under their key; a taken key is the caller's to draw anew. */
export async function commitBytes(staged: StagedBytes, key: string): Promise<void> {
  try {
    await staged.commit(key);
  } catch (error) {
    if (error instanceof KeyTaken) throw error;
    throw new Failure(error instanceof StoreError && error.full ? 'disk_full' : 'storage_failed', {
      cause: error,
    });
  }
}
