import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { newToken } from '../domain/ids.ts';
import { codeOf } from './local-folder.ts';

/** Names tell whose a staged file is, so that a dead process's leftovers need not wait for their age. */
const OWNER = `${hostname().replaceAll(/[^A-Za-z0-9-]/g, '')}.${process.pid}.${newToken(6)}`;

/** A fresh name in the staging folder. */
export function stagingName(): string {
  return `${OWNER}.${newToken()}`;
}

function isDead(name: string): boolean {
  const [host = '', pid = '', run = ''] = name.split('.');
  const [ownHost = '', ownPid = '', ownRun = ''] = OWNER.split('.');
  if (host !== ownHost || !/^\d+$/.test(pid)) return false;
  // The same number in a restarted container is another run of the program.
  if (pid === ownPid) return run !== ownRun;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Removes staged files of dead processes, and those that nobody has touched for the given hours. */
export async function sweepStaging(folder: string, hours: number): Promise<number> {
  const before = Date.now() - hours * 3_600_000;
  let removed = 0;
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await lstat(file).catch(() => null);
    if (found === null || (found.mtimeMs > before && !isDead(name))) continue;
    await rm(file, { force: true, recursive: true });
    removed += 1;
  }
  return removed;
}
