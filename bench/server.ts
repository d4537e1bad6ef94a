import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program as people run it: its own process, its own data folder. */
export interface BenchServer {
  readonly url: URL;
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process to the first answer. */
  readonly readyAfter: number;
  signInLink(): Promise<string>;
  key(brand: string): Promise<string>;
  stop(): Promise<void>;
}

const MAIN = path.join(path.dirname(fileURLToPath(import.meta.url)), '../src/main.js');

export async function startServer(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<BenchServer> {
  const began = performance.now();
  const env = {
    ...process.env,
    BACKLOT_DATA_DIR: dataDir,
    BACKLOT_PORT: '0',
    BACKLOT_LOG: 'error',
    ...environment,
  };
  const child = spawn(process.execPath, [MAIN, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const url = await new Promise<URL>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString();
      const address = /ready at (http:\/\/\S+)\/library/.exec(text)?.[1];
      if (address !== undefined) resolve(new URL(address));
    });
  });
  const readyAfter = performance.now() - began;
  return {
    url,
    process: child,
    readyAfter,
    signInLink: async () => {
      const path = new URL(await runCli(['sign-in'], dataDir)).pathname;
      return new URL(path, url).href;
    },
    key: (brand) =>
      runCli(['keys', 'create', '--brand', brand, '--role', 'owner', '--name', 'bench', '--quiet'], dataDir),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function runCli(args: readonly string[], dataDir: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, BACKLOT_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
    child.once('exit', (code) =>
      code === 0 ? resolve(text.trim()) : reject(new Error(`keys create ended with ${code}`)),
    );
  });
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

export interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly body: Buffer;
}

export function send(
  url: URL,
  options: {
    method?: string;
    headers?: Record<string, string | number>;
    body?: Buffer | NodeJS.ReadableStream;
  },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const request = http.request(
      url,
      { agent, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            ms: performance.now() - began,
            body: Buffer.concat(pieces),
          });
        });
      },
    );
    request.on('error', reject);
    if (options.body === undefined || Buffer.isBuffer(options.body)) request.end(options.body);
    else options.body.pipe(request);
  });
}

/** Proportional memory of a process and all below it, MB: pages shared between processes count once (Linux). */
export async function treeMemory(pid: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = /\) \S (\d+)/.exec(stat)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (id: number): boolean => id === pid || (parents.has(id) && isBelow(parents.get(id) ?? 0));
  let total = 0;
  for (const id of parents.keys()) {
    if (!isBelow(id)) continue;
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
    total += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return total / 1024;
}

/** Resident memory of one process, MB. */
export async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
