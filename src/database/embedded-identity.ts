import { execFile } from 'node:child_process';
import { chown, lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-error.ts';

/** Who PostgreSQL runs as. It refuses to run as root, so root needs one of two ways around that. */
export interface Identity {
  /** Put before the command line, e.g. `['unshare', '-U']`; empty when the command runs as it is. */
  readonly prefix: readonly string[];
  /** The user to start the process as, when it differs from ours. */
  readonly drop?: { readonly uid: number; readonly gid: number };
  /** Who must own the cluster's files, as seen from this process. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** PostgreSQL sees only what it needs: no PGDATA, PGPORT or locale of the operator's shell changes how it behaves. */
export const CHILD_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

const SERVICE_USERS = ['backlot', 'postgres', 'nobody'];

/**
 * An ordinary user runs PostgreSQL directly. Root prefers a user name space without a mapping: the process no longer
 * counts as root while the files stay root's. Where the kernel or a container forbids that, it drops to a service user.
 */
export async function chooseIdentity(nameSpaces = true): Promise<Identity> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  if (nameSpaces && (await succeeds('unshare', ['-U', 'true']))) {
    return { prefix: ['unshare', '-U'], owner: { uid: 0, gid: 0 } };
  }
  const user = await findServiceUser();
  if (user === undefined) {
    throw new EmbeddedDatabaseError(
      'PostgreSQL does not run as root, and this machine has no user to run it as.',
      'Start Backlot as an ordinary user, add a system user named "backlot", or set DATABASE_URL to an external server.',
    );
  }
  return { prefix: [], drop: user, owner: user };
}

/** The command line of `file` under this identity. */
export function commandAs(
  identity: Identity,
  file: string,
  args: readonly string[],
): { file: string; args: string[] } {
  const [first, ...rest] = [...identity.prefix, file, ...args];
  return { file: first ?? file, args: rest };
}

/**
 * Gives `folder` and all that lies in it to the identity's owner. Looks only at the folder itself when that already
 * fits, so a later start costs one call. Links are not followed.
 */
export async function giveTo(identity: Identity, folder: string): Promise<void> {
  const owner = identity.owner;
  if (owner === undefined || (await lstat(folder)).uid === owner.uid) return;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    await chown(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
  // The folder itself last: a chown that was cut short is seen and repeated at the next start.
  await chown(folder, owner.uid, owner.gid);
}

async function findServiceUser(): Promise<{ uid: number; gid: number } | undefined> {
  const users = new Map<string, { uid: number; gid: number }>();
  for (const line of (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined) continue;
    if (Number(uid) > 0 && Number(gid) >= 0) users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return SERVICE_USERS.map((name) => users.get(name)).find((user) => user !== undefined);
}

function succeeds(file: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(file, args, { env: CHILD_ENVIRONMENT, timeout: 5_000 }, (error) => resolve(error === null));
  });
}
