import { chown, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePipe } from './embedded-hold.ts';
import { EmbeddedDatabaseError } from './embedded-error.ts';
import type { Identity } from './embedded-identity.ts';
import { isAlive } from './embedded-pidfile.ts';

/** PostgreSQL names its socket after a port even when it listens on none. */
export const SOCKET_PORT = 5432;

const PREFIX = 'socket-';
/** The kernel's limit of a socket path in bytes, the closing zero not counted: 107 on Linux, 103 on macOS. */
const PATH_LIMIT = process.platform === 'darwin' ? 103 : 107;

/**
 * A new folder, readable by its owner only, in which a socket and a named pipe work. It lies in the data folder when
 * the path is short enough and the file system can do both (shared folders of virtual machines often cannot), else in
 * the temporary folder. Where it is stands in PostgreSQL's pid file, so other programs find it.
 */
export async function makeSocketFolder(dataDir: string, identity: Identity): Promise<string> {
  const reasons: string[] = [];
  for (const root of new Set([dataDir, tmpdir(), '/tmp'])) {
    const prefix = root === dataDir ? PREFIX : `backlot-${PREFIX}`;
    const longest = join(root, `${prefix}XXXXXX`, `.s.PGSQL.${SOCKET_PORT}`);
    if (Buffer.byteLength(longest) > PATH_LIMIT) {
      reasons.push(`${root}: the path is longer than ${PATH_LIMIT} bytes`);
      continue;
    }
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(root, prefix));
      makePipe(folder);
      await tryListening(join(folder, 'probe'));
      if (identity.drop !== undefined) await chown(folder, identity.drop.uid, identity.drop.gid);
      return folder;
    } catch (error) {
      reasons.push(`${root}: ${error instanceof Error ? error.message : String(error)}`);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }
  throw new EmbeddedDatabaseError(
    `No folder for the database's socket could be made (${reasons.join('; ')}).`,
    'Choose a data folder with a shorter path on a local disk, or make /tmp writable.',
  );
}

/** Removes socket folders that a crash left in the data folder: those in which no living program holds a server. */
export async function removeStaleSocketFolders(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(dataDir, name);
    const born = await stat(folder).catch(() => undefined);
    // A young folder without a holder may belong to a program that is starting right now.
    if (born === undefined || Date.now() - born.mtimeMs < 60_000) continue;
    const held = (await readdir(folder)).some((entry) => {
      const pid = Number(/^holder-(\d+)-/.exec(entry)?.[1]);
      return Number.isInteger(pid) && isAlive(pid);
    });
    if (!held) await rm(folder, { recursive: true, force: true });
  }
}

function tryListening(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(path, () => server.close(() => resolve()));
  });
}
