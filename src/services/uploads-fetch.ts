import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import mime from 'mime';
import type { Input, Output } from '../contract/operations.ts';
import type { UploadFields } from '../contract/uploads.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { nameOfAnswer, publicPart } from '../domain/origin.ts';
import { LEAST_PACE, keepPace } from '../platform/pace.ts';
import { OutboundError } from '../platform/safe-fetch.ts';
import type { Opened } from '../platform/safe-fetch.ts';
import type { UploadDeps, UploadResult } from './arrival.ts';
import type { Deps } from './deps.ts';
import type { Fetching } from './fetch-board.ts';
import { receiveUpload } from './uploads.ts';

type FetchDeps = UploadDeps & Pick<Deps, 'outbound' | 'fetches'>;

const WAIT_SECONDS = 10;
/** However steadily bytes come, after this long the other side is keeping us busy. */
const LONGEST_MS = 3 * 3_600_000;

/**
 * Fetches a file from an address into the library. It answers when the file is there, or after the wait with how far it
 * is; the same request then joins what is under way.
 */
export async function fetchUpload(
  deps: FetchDeps,
  scope: BrandScope,
  input: Input<'uploads.fetch'>,
): Promise<Output<'uploads.fetch'>> {
  const { b: _, url, waitSeconds = WAIT_SECONDS, stop = false, ...fields } = input;
  const key = JSON.stringify([scope.brandId, scope.actor.id, url, fields]);
  if (stop) {
    deps.fetches.stop(key);
    return { state: 'stopped', receivedBytes: 0, totalBytes: null, asset: null };
  }
  const fetching = deps.fetches.join(scope.brandId, key, (state, signal) =>
    bring(deps, scope, {
      url,
      fields,
      state,
      signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
    }),
  );
  if (fetching === null) {
    throw new Failure('too_many', {
      message: 'Too many addresses are being fetched.',
      remedy: 'Wait until some have arrived, then ask again.',
    });
  }
  const asset = await within(fetching.outcome, waitSeconds * 1000).catch((error: unknown) => {
    deps.fetches.heard(key, fetching);
    throw error;
  });
  const { state, receivedBytes, totalBytes } = fetching;
  if (asset === null) return { state, receivedBytes, totalBytes, asset };
  deps.fetches.heard(key, fetching);
  return { state: 'done', receivedBytes, totalBytes: receivedBytes, asset };
}

async function within<T>(outcome: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), milliseconds)));
  return Promise.race([outcome, patience]).finally(() => clearTimeout(timer));
}

interface Wish {
  readonly url: string;
  readonly fields: UploadFields;
  readonly state: Fetching;
  readonly signal: AbortSignal;
}

async function bring(deps: FetchDeps, scope: BrandScope, wish: Wish): Promise<UploadResult> {
  const { fields, signal } = wish;
  try {
    const opened = await deps.outbound.open(wish.url, signal);
    const { response } = opened;
    try {
      const name = fields.name ?? nameOf(opened);
      refusePage(response, name, fields);
      wish.state.totalBytes = lengthOf(response);
      return await receiveUpload(deps, scope, {
        fields: { source: 'imported', ...fields, name },
        body: bodyOf(response, wish.state),
        length: lengthOf(response),
        sha256: null,
        declaredType: response.headers['content-type'] ?? '',
        origin: publicPart(opened.url),
        signal,
      });
    } finally {
      response.destroy();
    }
  } catch (error) {
    throw asFetchFailure(error, signal);
  }
}

function nameOf({ response, url }: Opened): string {
  const name = nameOfAnswer(url, response.headers['content-disposition']);
  if (path.extname(name) !== '') return name;
  const ending = mime.getExtension(response.headers['content-type'] ?? '');
  return ending === null || ending === 'bin' ? name : `${name}.${ending}`;
}

/** People paste the address of the page that shows a picture; what they want is the picture. */
function refusePage({ headers }: IncomingMessage, name: string, fields: UploadFields): void {
  const isPage = /^(text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '');
  if (!isPage || fields.name !== undefined || fields.type !== undefined) return;
  throw new Failure('fetch_failed', {
    message: `The address shows a web page, not a file (${name}).`,
    remedy:
      'Copy the address of the picture, video or file itself. To keep the page as a document, say its type.',
  });
}

/** Announced length of the bytes as they will be kept; packed answers grow on the way. */
function lengthOf({ headers }: IncomingMessage): number | null {
  const announced = headers['content-length'];
  return announced === undefined || isPacked(headers['content-encoding']) ? null : Number(announced);
}

function isPacked(encoding: string | undefined): boolean {
  return encoding !== undefined && encoding !== '' && encoding !== 'identity';
}

function bodyOf(response: IncomingMessage, state: Fetching): Readable {
  const encoding = response.headers['content-encoding'];
  // Before anything is unpacked: little can be packed so that it looks like much.
  const paced = Readable.from(keepPace<Buffer>(response, LEAST_PACE), { objectMode: false });
  if (!isPacked(encoding)) return counted(paced, state);
  const unpack = UNPACK[encoding ?? ''];
  if (unpack === undefined) {
    throw new Failure('fetch_failed', {
      message: `The address answered in an unknown packing (${encoding}).`,
    });
  }
  // Errors of either end reach whoever reads the last stream.
  return counted(
    pipeline(paced, unpack(), () => undefined),
    state,
  );
}

const UNPACK: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  br: () => createBrotliDecompress(),
  deflate: () => createInflate(),
};

function counted(source: AsyncIterable<Buffer | string>, state: Fetching): Readable {
  async function* parts() {
    for await (const part of source) {
      state.receivedBytes += part.length;
      yield part;
    }
  }
  return Readable.from(parts(), { objectMode: false });
}

function asFetchFailure(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof OutboundError) {
    const code = error.reason === 'refused' ? 'fetch_refused' : 'fetch_failed';
    return new Failure(code, { message: error.message, cause: error.cause });
  }
  const isOurs = error instanceof Failure && error.code !== 'upload_cut' && error.code !== 'length_mismatch';
  if (isOurs) return error;
  if (signal.aborted) {
    return new Failure('fetch_failed', { message: 'The fetch was stopped.', cause: error });
  }
  if (error instanceof Failure || isBroken(error)) {
    return new Failure('fetch_failed', { message: 'The file broke off before its end.', cause: error });
  }
  return error;
}

/** What a lying or broken sender makes of a stream: cut connections, and packed bytes that are none. */
function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(ECONN|EPIPE|HPE_|ERR_STREAM|Z_|ERR_BROTLI|ERR__)/.test(code);
}
