import { request } from 'node:http';
import { createConnection } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { API_BASE } from '../../src/contract/routes.ts';
import { send } from './http.ts';
import type { Answer } from './http.ts';

/** Where and as whom to upload. */
export interface Target {
  readonly url: string;
  readonly key: string;
  readonly brand?: string;
}

export interface Offer {
  readonly bytes: Buffer;
  readonly name: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Do not announce the length, where the door knows of one. */
  readonly chunked?: boolean;
}

export const uploadsPath = ({ brand = 'default' }: Target): string => `${API_BASE}/brands/${brand}/uploads`;

/** The raw body, with everything else in the query. */
export function putRaw(target: Target, offer: Offer): Promise<Answer> {
  const query = new URLSearchParams({ name: offer.name, ...offer.fields });
  return send(`${target.url}${uploadsPath(target)}?${query.toString()}`, 'PUT', {
    key: target.key,
    headers: offer.headers,
    body: offer.chunked === true ? Readable.from(pieces(offer.bytes)) : offer.bytes,
  });
}

/** Sends the head and half of the bytes, and resolves with what sends the rest and answers the status. */
export async function halfSent(target: Target, bytes: Buffer): Promise<() => Promise<number>> {
  const outgoing = request(`${target.url}${uploadsPath(target)}?name=half.dat`, {
    method: 'PUT',
    agent: false,
    headers: { authorization: `Bearer ${target.key}`, 'content-length': bytes.length },
  });
  const status = new Promise<number>((resolve, reject) => {
    outgoing.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject);
  });
  const half = bytes.length >> 1;
  await new Promise<unknown>((resolve) => outgoing.write(bytes.subarray(0, half), resolve));
  return () => {
    outgoing.end(bytes.subarray(half));
    return status;
  };
}

function pieces(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 64 * 1024) parts.push(bytes.subarray(at, at + 64 * 1024));
  return parts;
}

const BOUNDARY = 'backlot-test-boundary';

export function formBody(offer: Offer): Buffer {
  const part = (headers: string, value: Buffer | string) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\n${headers}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ]);
  return Buffer.concat([
    ...Object.entries(offer.fields ?? {}).map(([name, value]) =>
      part(`content-disposition: form-data; name="${name}"`, value),
    ),
    part(
      `content-disposition: form-data; name="file"; filename="${offer.name.replaceAll('"', '%22')}"\r\ncontent-type: application/octet-stream`,
      offer.bytes,
    ),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
}

export const FORM_TYPE = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

export function postForm(target: Target, offer: Offer): Promise<Answer> {
  return send(`${target.url}${uploadsPath(target)}`, 'POST', {
    key: target.key,
    headers: { ...FORM_TYPE, ...offer.headers },
    body: formBody(offer),
  });
}

export const TUS = { 'tus-resumable': '1.0.0' };

/** Opens a resumable upload; its address is in `location`. */
export function tusCreate(target: Target, offer: Omit<Offer, 'bytes'> & { length: number }): Promise<Answer> {
  const fields = { filename: offer.name, ...offer.fields };
  const metadata = Object.entries(fields)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');
  return send(`${target.url}${uploadsPath(target)}/resumable`, 'POST', {
    key: target.key,
    headers: { ...TUS, 'upload-length': String(offer.length), 'upload-metadata': metadata, ...offer.headers },
    body: '',
  });
}

export function tusPatch(
  target: Target,
  part: { location: string; offset: number; bytes: Buffer },
): Promise<Answer> {
  return send(`${target.url}${part.location}`, 'PATCH', {
    key: target.key,
    headers: {
      ...TUS,
      'upload-offset': String(part.offset),
      'content-type': 'application/offset+octet-stream',
    },
    body: part.bytes,
  });
}

export function tusHead(target: Target, location: string): Promise<Answer> {
  return send(`${target.url}${location}`, 'HEAD', { key: target.key, headers: TUS });
}

/** Creation and one piece; the answer of whichever refused, or of the last. */
export async function putTus(target: Target, offer: Offer): Promise<Answer> {
  const begun = await tusCreate(target, { ...offer, length: offer.bytes.length });
  if (begun.status !== 201) return begun;
  const location = begun.headers.location ?? '';
  return tusPatch(target, { location, offset: 0, bytes: offer.bytes });
}

export const DOORS = { 'raw PUT': putRaw, form: postForm, tus: putTus } as const;
export type Door = keyof typeof DOORS;
export const DOOR_NAMES = Object.keys(DOORS) as Door[];

/** The id of the asset that an upload through any door became. */
export function assetOf(answer: Answer): string {
  const header = answer.headers['x-backlot-asset'];
  if (typeof header === 'string') return header;
  return /"id":"(AST-\w{8})"/.exec(answer.text)?.[1] ?? '';
}

/** Sends a request by hand and cuts the connection after the given share of its body. */
export async function sendCut(
  target: Target,
  cut: { method: string; path: string; headers: Record<string, string>; body: Buffer; share: number },
): Promise<void> {
  const { hostname, port } = new URL(target.url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  const headers = {
    host: `${hostname}:${port}`,
    authorization: `Bearer ${target.key}`,
    'content-length': String(cut.body.length),
    ...cut.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const upTo = Math.min(cut.body.length - 1, Math.floor(cut.body.length * cut.share));
  await new Promise<void>((resolve) => {
    socket.write(`${cut.method} ${cut.path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.write(cut.body.subarray(0, upTo), () => resolve());
  });
  await pause(20);
  socket.destroy();
}
