import { readFileSync, rmSync } from 'node:fs';
import { readFile, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './embedded-error.ts';

/** What a running server says about itself in its data folder (`postmaster.pid`). */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  /** The folder of its Unix socket; undefined while the server is too young to have one. */
  readonly socketDir?: string;
  readonly status: 'starting' | 'ready' | 'stopping';
}

/** Reads `postmaster.pid` of a cluster; undefined when there is none or it is still being written. */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  });
  // Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, status.
  const lines = text.split('\n').map((line) => line.trim());
  // A negative number marks a stand-alone back end: no server, so nothing to attach to.
  const pid = Math.abs(Number(lines[0]));
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid === 0 || !Number.isInteger(port)) return undefined;
  const word = lines[7];
  const status = word === 'ready' || word === 'stopping' ? word : 'starting';
  const socketDir = lines[4] === '' ? undefined : lines[4];
  return socketDir === undefined ? { pid, port, status } : { pid, port, socketDir, status };
}

/** Removes the pid file if it still names `pid`; looks again first, since a new server may just have written its own. */
export function removePidFile(cluster: string, pid: number): boolean {
  const path = join(cluster, 'postmaster.pid');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    // A server that was stopping has removed it meanwhile.
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  if (Math.abs(Number.parseInt(text, 10)) !== pid) return false;
  rmSync(path, { force: true });
  return true;
}

/** Whether a process with this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/**
 * Whether some process works inside the cluster's folder. The server and all its helpers do, and a process id that a
 * restarted machine or container gave to somebody else does not. A process that may not be looked at counts when it
 * belongs to the cluster's owner and calls itself postgres, and without /proc the answer is yes: rather wait than take
 * a lock from a living server.
 */
export async function hasProcessInside(cluster: string): Promise<boolean> {
  const folder = await realpath(cluster);
  const owner = (await stat(cluster)).uid;
  let entries: string[];
  try {
    entries = await readdir('/proc');
  } catch {
    return true;
  }
  for (const entry of entries) {
    if (/^\d+$/.test(entry) && (await worksIn(`/proc/${entry}`, folder, owner))) return true;
  }
  return false;
}

async function worksIn(process: string, folder: string, owner: number): Promise<boolean> {
  try {
    return (await readlink(`${process}/cwd`)) === folder;
  } catch (error) {
    if (systemCode(error) !== 'EACCES' && systemCode(error) !== 'EPERM') return false;
    if ((await stat(process).catch(() => undefined))?.uid !== owner) return false;
    return (await readFile(`${process}/cmdline`, 'latin1').catch(() => '')).includes('postgres');
  }
}
