import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Sending {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  /** Bytes, as they were when the file was looked at. */
  readonly size: number;
  /** Bytes handed to the connection so far. */
  readonly onProgress: (sent: number) => void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The file changed while it was read, so what was sent is not it. */
export class FileChanged extends Error {}

/** Silence on the connection for this long counts as lost; a server syncs even a huge file far sooner. */
const SILENCE_MS = 300_000;
const BLOCK = 256 << 10;

export function createAgents(parallel: number) {
  const options = { keepAlive: true, maxSockets: parallel };
  return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
}
export type Agents = ReturnType<typeof createAgents>;

/**
 * One PUT whose body is the file, read as fast as the connection takes it. Resolves with whatever the server answers,
 * also when it answers before the last byte; rejects when no answer came.
 */
export function putFile(file: Sending, agents: Agents): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const secure = file.address.startsWith('https:');
    const request = (secure ? httpsRequest : httpRequest)(file.address, {
      method: 'PUT',
      agent: agents[secure ? 'https:' : 'http:'],
      headers: { ...file.headers, 'content-length': file.size },
    });
    const body =
      file.size === 0 ? null : createReadStream(file.path, { end: file.size - 1, highWaterMark: BLOCK });
    let sent = 0;
    let answered = false;
    const fail = (error: Error) => {
      body?.destroy();
      request.destroy();
      if (!answered) reject(error);
    };
    request.setTimeout(SILENCE_MS, () => fail(new Error('The connection fell silent.')));
    request.on('error', fail);
    request.on('response', (response) => {
      answered = true;
      readAnswer(response)
        .then(resolve, reject)
        .finally(() => {
          body?.destroy();
          if (!request.writableFinished) request.destroy();
        });
    });
    if (body === null) return void request.end();
    body.on('data', (block) => {
      sent += block.length;
      file.onProgress(sent);
    });
    body.on('error', fail);
    // Ended by hand: a body shorter than announced would leave the server waiting.
    body.on('end', () => (sent === file.size ? request.end() : fail(new FileChanged())));
    body.pipe(request, { end: false });
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of response) if (Buffer.isBuffer(part)) parts.push(part);
  const status = response.statusCode ?? 0;
  try {
    const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    return { status, body };
  } catch {
    return { status, body: null };
  }
}

/** Hex sha256 of the first `size` bytes of a file. */
export async function hashFile(path: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  if (size > 0) {
    for await (const block of createReadStream(path, { end: size - 1, highWaterMark: BLOCK })) {
      if (Buffer.isBuffer(block)) hash.update(block);
    }
  }
  return hash.digest('hex');
}
