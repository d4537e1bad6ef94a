import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresBinaries } from './embedded-binaries.ts';
import { clusterFolder } from './embedded-cluster.ts';
import type { Identity } from './embedded-identity.ts';
import { commandAs } from './embedded-identity.ts';
import { SOCKET_PORT } from './embedded-socket.ts';

/** A PostgreSQL process that this program started. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, with how it ended in words. Never rejects. */
  readonly ended: Promise<string>;
  /** What the server has written to its log since it was started. */
  said(): Promise<string>;
}

export interface ServerStart {
  readonly dataDir: string;
  readonly socketDir: string;
  readonly binaries: PostgresBinaries;
  readonly identity: Identity;
  /** Settings that replace ours, e.g. `{ max_connections: '100' }`. */
  readonly settings: Readonly<Record<string, string>>;
}

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * Given on the command line and not in postgresql.conf, so that an upgrade of the program brings its settings along.
 * fsync stays on: an acknowledged upload must survive a power cut.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  jit: 'off',
  shared_buffers: '128MB',
  max_connections: '30',
  // The data lies on an SSD as a rule; the default of 4 is for turning disks and keeps the planner off indexes.
  random_page_cost: '1.1',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '512MB',
  autovacuum_naptime: '30s',
  autovacuum_vacuum_cost_limit: '1000',
  // A forgotten transaction would hold back every vacuum.
  idle_in_transaction_session_timeout: '5min',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
  listen_addresses: '',
  unix_socket_permissions: '0700',
};

/** Starts PostgreSQL and returns at once; whether it is ready stands in its pid file. */
export async function startServer(start: ServerStart): Promise<ServerProcess> {
  const logFile = serverLog(start.dataDir);
  await trimLog(start.dataDir);
  const before = await sizeOf(logFile);
  const settings = { ...SETTINGS, ...start.settings };
  const command = commandAs(start.identity, start.binaries.postgres, [
    '-D',
    clusterFolder(start.dataDir),
    '-k',
    start.socketDir,
    '-p',
    String(SOCKET_PORT),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command.file, command.args, {
    ...start.identity.drop,
    env: start.binaries.environment,
    cwd: '/',
    stdio: ['ignore', log, log],
    // A group of its own: Ctrl-C in the terminal must not stop the database before the program has finished with it.
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  child.unref();
  return { pid: child.pid ?? 0, ended, said: () => readFrom(logFile, before) };
}

export function serverLog(dataDir: string): string {
  return join(dataDir, 'postgres.log');
}

/**
 * Keeps the log under 10 MB plus one older file of that size. The server appends, so the file can be emptied under it;
 * PostgreSQL's own log collector would be one process more.
 */
export async function trimLog(dataDir: string): Promise<void> {
  const logFile = serverLog(dataDir);
  if ((await sizeOf(logFile)) < LOG_LIMIT_BYTES) return;
  await copyFile(logFile, `${logFile}.1`);
  await truncate(logFile);
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

async function readFrom(file: string, start: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const buffer = Buffer.alloc(16 * 1024);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
