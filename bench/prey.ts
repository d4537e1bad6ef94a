import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { createInterface } from 'node:readline';

/** Where the built program runs: its entry, its data, its database (null: the embedded one). */
export interface Ground {
  readonly program: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
}

/** The program as a process of its own, to be killed. */
export interface Prey {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to its first word. */
  readonly readyAfter: number;
  readonly ended: Promise<void>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

/** What the outside world remembers: uploads that were acknowledged. It never asks the server. */
export interface Acknowledged {
  readonly id: string;
  readonly sha256: string;
}

/** The session that the first start's link gave; sessions live in the database and outlive every kill. */
const COOKIES = new Map<string, string>();

export async function startPrey(ground: Ground, environment: Record<string, string> = {}): Promise<Prey> {
  const began = performance.now();
  const child = spawn(process.execPath, [ground.program, 'start'], {
    env: {
      ...process.env,
      BACKLOT_DATA_DIR: ground.dataDir,
      BACKLOT_PORT: '0',
      BACKLOT_LOG: 'error',
      BACKLOT_ROLES: 'server',
      // One thread for all file calls: the n-th call of a kind is then the same one in every run.
      UV_THREADPOOL_SIZE: '1',
      ...(ground.databaseUrl === null ? {} : { DATABASE_URL: ground.databaseUrl }),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { url, link } = await firstWords(child);
  const readyAfter = performance.now() - began;
  const prey: Prey = {
    url,
    pid: child.pid ?? 0,
    readyAfter,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  if (link !== null) {
    const { headers } = await request(prey, `GET /${new URL(link).pathname.slice(1)}`);
    COOKIES.set(ground.dataDir, headers['set-cookie']?.[0]?.split(';')[0] ?? '');
  }
  PREY_COOKIES.set(prey, COOKIES.get(ground.dataDir) ?? '');
  return prey;
}

const PREY_COOKIES = new WeakMap<Prey, string>();

/** The address it tells, and the sign-in link when it gives one. */
function firstWords(child: ChildProcess): Promise<{ url: string; link: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`The program ended with ${String(code)} before it was ready.`)),
    );
    let url = '';
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      url = /ready at (http:\/\/\S+)\/library/.exec(line)?.[1] ?? url;
      const link = /^\s+(http:\/\/\S+\/sign-in\/\S+)/.exec(line)?.[1];
      if (link !== undefined) resolve({ url, link });
      if (line.startsWith('For another browser')) resolve({ url, link: null });
    });
  });
}

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `what` is a method and a path. Rejects when the connection breaks before the whole answer is there. */
export function request(
  prey: Prey,
  what: `${string} /${string}`,
  sending: { headers?: Record<string, string>; body?: Buffer } = {},
): Promise<Reply> {
  const [method, path] = what.split(' ');
  return new Promise((resolve, reject) => {
    const headers = { cookie: PREY_COOKIES.get(prey) ?? '', origin: prey.url, ...sending.headers };
    const outgoing = http.request(
      new URL(path ?? '', prey.url),
      { method: method ?? 'GET', headers, agent: false },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', reject);
        incoming.on('aborted', () => reject(new Error('The answer was cut.')));
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sending.body ?? '');
  });
}

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const UPLOADS = 'api/v1/brands/default/uploads';

/** One upload by raw body; null when it was refused or the connection broke. */
export async function putRaw(prey: Prey, bytes: Buffer, name: string): Promise<Acknowledged | null> {
  const reply = await request(prey, `PUT /${UPLOADS}?name=${encodeURIComponent(name)}&onDuplicate=keep`, {
    body: bytes,
    headers: { 'content-length': String(bytes.length) },
  }).catch(() => null);
  if (reply === null || reply.status >= 300) return null;
  const { id } = JSON.parse(reply.body.toString('utf8')) as { id: string };
  return { id, sha256: digestOf(bytes) };
}

const TUS = { 'tus-resumable': '1.0.0' };
const TUS_PIECE = 4 << 20;

/** A resumable upload as a client holds it: where it is, and its bytes. */
export interface Resumable {
  readonly location: string;
  readonly bytes: Buffer;
}

export async function beginTus(prey: Prey, bytes: Buffer, name: string): Promise<Resumable | null> {
  const reply = await request(prey, `POST /${UPLOADS}/resumable`, {
    headers: {
      ...TUS,
      'content-length': '0',
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')},onDuplicate ${Buffer.from('keep').toString('base64')}`,
    },
  }).catch(() => null);
  const location = reply?.headers.location;
  return location === undefined ? null : { location, bytes };
}

/** Asks how far it is and sends the rest; null when the connection broke on the way. */
export async function continueTus(prey: Prey, { location, bytes }: Resumable): Promise<Acknowledged | null> {
  const acknowledged = (reply: Reply | null): Acknowledged | null => {
    const id = reply === null || reply.status >= 300 ? undefined : reply.headers['x-backlot-asset'];
    return typeof id === 'string' ? { id, sha256: digestOf(bytes) } : null;
  };
  const head = await request(prey, `HEAD /${location.slice(1)}`, { headers: TUS }).catch(() => null);
  if (head === null) return null;
  if (head.status >= 300) throw new Error(`An upload that was begun answers ${head.status}.`);
  const done = acknowledged(head);
  if (done !== null) return done;
  for (let offset = Number(head.headers['upload-offset']); offset < bytes.length;) {
    const piece = bytes.subarray(offset, offset + TUS_PIECE);
    const reply = await request(prey, `PATCH /${location.slice(1)}`, {
      headers: {
        ...TUS,
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
        'content-length': String(piece.length),
      },
      body: piece,
    }).catch(() => null);
    if (reply === null) return null;
    const finished = acknowledged(reply);
    if (finished !== null) return finished;
    if (reply.status >= 300) return null;
    offset += piece.length;
  }
  return null;
}
