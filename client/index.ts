import type { Input, JsonOperation, Output } from '../src/contract/operations.ts';
import { API_BASE, ROUTES } from '../src/contract/routes.ts';
import type { AssetCard } from '../src/contract/assets.ts';
import type { OperationName } from '../src/contract/routes.ts';

export type { Input, Output, PlainOperation } from '../src/contract/operations.ts';
export { API_BASE } from '../src/contract/routes.ts';
export type {
  AssetCard,
  AssetChange,
  AssetDetail,
  AssetSelection,
  BulkChange,
  Sort,
} from '../src/contract/assets.ts';
export type { AssetFilter } from '../src/contract/asset-filter.ts';
export type { SavedSearch } from '../src/contract/saved-searches.ts';
export type { Operation } from '../src/contract/history.ts';
export type { LibraryEvent } from '../src/contract/system.ts';
export type { UploadFields } from '../src/contract/uploads.ts';

export type AssetType = AssetCard['type'];
export type MediaType = AssetCard['mediaType'];
export type Source = AssetCard['source'];
export type Status = AssetCard['status'];
export type State = AssetCard['state'];

export interface ClientOptions {
  /** Origin of the server, such as http://127.0.0.1:4400; empty for the page's own origin. */
  readonly origin?: string;
  /** API key; a browser uses its session cookie instead. */
  readonly key?: string;
  readonly fetch?: typeof fetch;
}

/** A refusal from the server, with its stable code and what to do about it. Code `offline` means no answer came. */
export class BacklotError extends Error {
  readonly code: string;
  readonly status: number;
  readonly remedy: string | null;
  readonly details: unknown;

  constructor(status: number, body: { code: string; message: string; remedy?: string; details?: unknown }) {
    super(body.message);
    this.name = 'BacklotError';
    this.code = body.code;
    this.status = status;
    this.remedy = body.remedy ?? null;
    this.details = body.details;
  }
}

export interface Client {
  /** Runs one operation of the contract; rejects with `BacklotError`. */
  call<K extends JsonOperation>(name: K, input: Input<K>, signal?: AbortSignal): Promise<Output<K>>;
  /** Absolute or origin-relative address of any operation, its path and query filled in. */
  url(name: OperationName, input: Readonly<Record<string, unknown>>): string;
  /** Headers that prove who is asking. */
  readonly headers: Readonly<Record<string, string>>;
}

export function createClient(options: ClientOptions = {}): Client {
  const headers: Record<string, string> =
    options.key === undefined ? {} : { authorization: `Bearer ${options.key}` };
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const origin = (options.origin ?? '').replace(/\/$/, '');

  return {
    headers,
    url: (name, input) => origin + locate(name, input, true).address,
    async call(name, input, signal) {
      const { method, address, rest } = locate(name, input, false);
      const hasBody = method !== 'GET' && method !== 'DELETE';
      const response = await send(origin + address, {
        method,
        headers: hasBody ? { ...headers, 'content-type': 'application/json' } : headers,
        ...(hasBody ? { body: JSON.stringify(rest) } : {}),
        ...(signal === undefined ? {} : { signal }),
      }).catch((cause: unknown) => {
        if (signal?.aborted === true) throw cause;
        throw new BacklotError(0, {
          code: 'offline',
          message: 'The server does not answer.',
          remedy: 'Check that it is running and try again.',
        });
      });
      return readAnswer(response);
    },
  };
}

async function readAnswer<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  throw errorFrom(response.status, body);
}

/** The error of an answer that was not 2xx, whatever its body holds. */
export function errorFrom(status: number, body: unknown): BacklotError {
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const { error } = body;
    if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
      return new BacklotError(
        status,
        error as { code: string; message: string; remedy?: string; details?: unknown },
      );
    }
  }
  return new BacklotError(status, {
    code: 'unexpected',
    message: `The server answered ${status} without a reason.`,
  });
}

/** Splits an input into path, query and body by the operation's route. */
function locate(name: OperationName, input: Readonly<Record<string, unknown>>, allInQuery: boolean) {
  const [method = 'GET', path = '/'] = ROUTES[name].split(' ');
  const rest: Record<string, unknown> = { ...input };
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = rest[key];
    delete rest[key];
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams();
  if (allInQuery || method === 'GET' || method === 'DELETE') {
    for (const [key, value] of Object.entries(rest)) {
      if (value === undefined || value === null) continue;
      for (const item of Array.isArray(value) ? value : [value]) query.append(key, String(item));
    }
  }
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  return { method, address: `${API_BASE}${filled}${search}`, rest };
}
