import type * as Tus from 'tus-js-client';
import { BacklotError, errorFrom } from './index.ts';
import type { Client, UploadFields } from './index.ts';

/** From this size on (bytes) a file is sent by the resumable protocol; below it one request is cheaper. */
export const RESUMABLE_FROM = 8 * 1024 * 1024;
/** Bytes per request of a resumable upload: small enough for the body limits of common proxies. */
const CHUNK_BYTES = 64 * 1024 * 1024;
/** Longer descriptions than this (characters of address) do not fit the request line of common proxies. */
const ADDRESS_MAX = 6000;
/** Waits between attempts, in milliseconds; progress starts the list again. */
export const RETRY_DELAYS_MS: readonly number[] = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

export interface TransferJob {
  readonly client: Client;
  readonly brand: string;
  readonly blob: Blob;
  /** `name` is the file name; the rest as the upload form knows it. */
  readonly fields: UploadFields;
  /** Hex sha256 of the bytes when known; the server then checks what arrived. */
  readonly sha256?: string;
  /** Address of an unfinished resumable upload, as `onAddress` gave it. The server's offset decides where it goes on. */
  readonly address?: string;
}

export interface TransferResult {
  readonly asset: string;
  /** The brand already held these bytes and the existing asset was used. */
  readonly reused: boolean;
  /** The asset's name, where the answer says it. */
  readonly name?: string;
}

export interface TransferEvents {
  /** Bytes that the server has or is receiving; may fall back after a lost connection. */
  readonly onProgress: (sentBytes: number) => void;
  /** The size in bytes, where it was not known at the start. */
  readonly onSize?: (bytes: number) => void;
  /** Keep the address: with it the upload goes on after a page reload. */
  readonly onAddress?: (address: string) => void;
  readonly onDone: (result: TransferResult) => void;
  /** Called once, after every retry has failed or when the server refuses. */
  readonly onError: (error: BacklotError) => void;
}

/** One upload under way. `pause` keeps what the server has; `abort` gives it up. Neither calls back. */
export interface Transfer {
  start(): void;
  pause(): void;
  resume(): void;
  abort(): void;
}

type TusModule = Pick<typeof Tus, 'Upload' | 'DefaultHttpStack'>;
type LoadTus = () => Promise<TusModule>;

/** The protocol library is a chunk of its own and loads with the first upload. */
const loadTus: LoadTus = () => import('tus-js-client');

/** Opens an upload without starting it; the size decides which protocol carries it. */
export function createTransfer(job: TransferJob, events: TransferEvents, load: LoadTus = loadTus): Transfer {
  const resumable =
    job.blob.size >= RESUMABLE_FROM || job.address !== undefined || putAddress(job).length > ADDRESS_MAX;
  return resumable ? resumableTransfer(job, events, load) : plainTransfer(job, events, load);
}

/** Whether the same request may succeed later: no answer, a busy upload, too many requests, a passing server error. */
export function isTransient(status: number): boolean {
  if (status === 501 || status === 505 || status === 507) return false;
  return status === 0 || status === 408 || status === 423 || status === 429 || status >= 500;
}

/** tus metadata holds strings only; the keys are those of the form, except that the protocol says `filename`. */
export function tusMetadata(fields: UploadFields): Record<string, string> {
  const { name, tags, collection, mustInclude, ...texts } = fields;
  const metadata: Record<string, string> = {};
  if (name !== undefined) metadata['filename'] = name;
  for (const [key, value] of Object.entries(texts)) if (value !== undefined) metadata[key] = value;
  if (tags !== undefined && tags.length > 0) {
    metadata['tags'] = tags.map((tag) => tag.replaceAll(',', ' ')).join(',');
  }
  if (collection !== undefined && collection.length > 0) metadata['collection'] = collection.join(',');
  if (mustInclude === true) metadata['mustInclude'] = 'true';
  return metadata;
}

/** `keeps`: the server holds what has arrived, so that a retry goes on from there. */
function offline(keeps: boolean): BacklotError {
  return new BacklotError(0, {
    code: 'offline',
    message: keeps
      ? 'The connection was lost. What has arrived is kept.'
      : 'The connection was lost before the whole file had arrived.',
    remedy: keeps
      ? 'Check the network and retry; the upload goes on where it stopped.'
      : 'Check the network and retry; this file is sent again from its beginning.',
  });
}

/** Answers that a proxy gives in place of a server that is away. */
const AWAY = new Set([502, 503, 504]);

function errorOfAnswer(answer: Tus.HttpResponse | null, keeps: boolean): BacklotError {
  const status = answer?.getStatus() ?? 0;
  if (answer === null || status === 0) return offline(keeps);
  const error = errorFrom(status, bodyOf(answer));
  return error.code === 'unexpected' && AWAY.has(status) ? offline(keeps) : error;
}

function bodyOf(answer: Tus.HttpResponse): unknown {
  try {
    return JSON.parse(answer.getBody());
  } catch {
    return null;
  }
}

/**
 * Gives up an unfinished resumable upload that no transfer holds, by the address that `onAddress` gave, so that the
 * room held for it is free at once. Never rejects: what cannot be told now is swept by the server later.
 */
export async function giveUpUpload(client: Client, address: string): Promise<void> {
  const headers = { ...client.headers, 'tus-resumable': '1.0.0' };
  await fetch(address, { method: 'DELETE', headers, keepalive: true }).catch(() => undefined);
}

function resumableTransfer(job: TransferJob, events: TransferEvents, load: LoadTus): Transfer {
  let upload: Tus.Upload | null = null;
  let wanted = false;

  function finish(answer: Tus.HttpResponse): void {
    const asset = answer.getHeader('X-Backlot-Asset');
    if (typeof asset !== 'string') return events.onError(errorFrom(answer.getStatus(), null));
    events.onDone({ asset, reused: answer.getHeader('X-Backlot-Reused') === 'true' });
  }

  function create(tus: TusModule) {
    return new tus.Upload(job.blob, {
      endpoint: job.client.url('uploads.resumable', { b: job.brand }),
      uploadUrl: job.address ?? null,
      headers: { ...job.client.headers },
      metadata: tusMetadata(job.fields),
      chunkSize: CHUNK_BYTES,
      retryDelays: [...RETRY_DELAYS_MS],
      // The queue keeps addresses itself, together with the rest of a row.
      storeFingerprintForResuming: false,
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        // 409 to a PATCH means that our offset is stale: the retry asks the server for its own first.
        return isTransient(status) || (status === 409 && error.originalRequest.getMethod() === 'PATCH');
      },
      onUploadUrlAvailable: () => {
        const address = upload?.url;
        if (typeof address === 'string') events.onAddress?.(address);
      },
      onProgress: (sent) => events.onProgress(sent),
      onSuccess: ({ lastResponse }) => finish(lastResponse),
      onError: (error) => {
        const answer = 'originalResponse' in error ? error.originalResponse : null;
        events.onError(errorOfAnswer(answer, typeof upload?.url === 'string'));
      },
    });
  }

  async function run(): Promise<void> {
    wanted = true;
    try {
      upload ??= create(await load());
    } catch {
      return events.onError(offline(job.address !== undefined));
    }
    if (wanted) upload.start();
  }

  function stop(giveUp: boolean): void {
    wanted = false;
    // A refused termination leaves an unfinished upload that the server sweeps; there is nothing to tell the person.
    void upload?.abort(giveUp).catch(() => undefined);
  }

  return {
    start: () => void run(),
    pause: () => stop(false),
    resume: () => void run(),
    abort: () => stop(true),
  };
}

function plainTransfer(job: TransferJob, events: TransferEvents, load: LoadTus): Transfer {
  let attempt = 0;
  /** Grows with every start and stop, so that an answer to an older request is ignored. */
  let turn = 0;
  let request: Tus.HttpRequest | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function settle(answer: Tus.HttpResponse | null): void {
    const status = answer?.getStatus() ?? 0;
    if (answer !== null && status >= 200 && status < 300) return readDone(answer);
    const delay = RETRY_DELAYS_MS[attempt];
    if (!isTransient(status) || delay === undefined) {
      return events.onError(errorOfAnswer(answer, false));
    }
    attempt += 1;
    events.onProgress(0);
    timer = setTimeout(() => void run(), delay);
  }

  function readDone(answer: Tus.HttpResponse): void {
    const result = parseResult(answer.getBody());
    if (result === null) events.onError(errorFrom(answer.getStatus(), null));
    else events.onDone(result);
  }

  async function run(): Promise<void> {
    turn += 1;
    const mine = turn;
    let answer: Tus.HttpResponse | null = null;
    try {
      const { DefaultHttpStack } = await load();
      if (mine !== turn) return;
      // The library's own stack reports progress, which fetch cannot do for bodies that are sent.
      request = new DefaultHttpStack({}).createRequest('PUT', putAddress(job));
      for (const [name, value] of Object.entries(putHeaders(job))) request.setHeader(name, value);
      request.setProgressHandler((sent) => {
        if (mine === turn) events.onProgress(Math.min(sent, job.blob.size));
      });
      answer = await request.send(job.blob);
    } catch {
      answer = null;
    }
    if (mine === turn) settle(answer);
  }

  function stop(): void {
    turn += 1;
    clearTimeout(timer);
    void request?.abort().catch(() => undefined);
    request = null;
  }

  function begin(): void {
    attempt = 0;
    void run();
  }

  return { start: begin, pause: stop, resume: begin, abort: stop };
}

function putAddress({ client, brand, fields }: TransferJob): string {
  return client.url('uploads.put', { b: brand, ...fields });
}

function putHeaders({ client, sha256 }: TransferJob): Record<string, string> {
  return {
    ...client.headers,
    // The server reads the kind from the bytes; a browser's guess would only pick another body parser.
    'content-type': 'application/octet-stream',
    ...(sha256 === undefined ? {} : { 'x-content-sha256': sha256 }),
  };
}

function parseResult(text: string): TransferResult | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('id' in body) || typeof body.id !== 'string')
      return null;
    return { asset: body.id, reused: 'reused' in body && body.reused === true };
  } catch {
    return null;
  }
}
