import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { API_BASE, ROUTES } from '../../src/contract/routes.ts';
import type { OperationName } from '../../src/contract/routes.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON; null when it is none. */
  readonly json: unknown;
}

export interface Sending {
  /** API key; without one nothing proves who is asking. */
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>> | undefined;
  readonly body?: Buffer | string | Readable | undefined;
  /** Sent as a JSON body. */
  readonly json?: unknown;
}

/** A request with every header as given: unlike `fetch`, none is added, refused or followed. */
export function send(url: string, method: string, sending: Sending = {}): Promise<Answer> {
  const { key, json } = sending;
  const body = json === undefined ? sending.body : JSON.stringify(json);
  const headers = {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(typeof body === 'string' || Buffer.isBuffer(body)
      ? { 'content-length': String(Buffer.byteLength(body)) }
      : {}),
    ...sending.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          bytes,
          text,
          json: parse(text),
        });
      });
    });
    // An answer may come before the body is sent; the broken pipe after it says nothing new.
    outgoing.on('error', reject);
    if (body instanceof Readable) body.pipe(outgoing);
    else outgoing.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Method and address of an operation with its path filled in; a value for each `{…}` must be given. */
export function addressOf(
  name: OperationName,
  values: Readonly<Record<string, string | number>> = {},
): { method: string; path: string } {
  const [method = 'GET', path = '/'] = ROUTES[name].split(' ');
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(String(values[part])));
  return { method, path: `${API_BASE}${filled}` };
}

/** A field of a JSON answer; undefined when there is none. */
export function field(value: unknown, ...path: readonly (string | number)[]): unknown {
  let at: unknown = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}

export function textField(value: unknown, ...path: readonly (string | number)[]): string {
  const found = field(value, ...path);
  return typeof found === 'string' ? found : '';
}

export const errorCode = (answer: Answer): string => textField(answer.json, 'error', 'code');
