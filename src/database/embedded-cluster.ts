import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresBinaries } from './embedded-binaries.ts';
import { EmbeddedDatabaseError, systemCode } from './embedded-error.ts';
import type { Identity } from './embedded-identity.ts';
import { commandAs } from './embedded-identity.ts';
import { isAlive } from './embedded-pidfile.ts';

/** The database user of the embedded server: the owner of everything in it. */
export const DATABASE_USER = 'backlot';

const PARTIAL = /^cluster\.new-(\d+)-/;
const PARTIAL_AGE_MS = 10 * 60_000;

/** PostgreSQL's own folder inside ours. */
export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'cluster');
}

/** The major version that made the cluster; undefined when there is none yet. */
export async function clusterMajor(dataDir: string): Promise<number | undefined> {
  const folder = clusterFolder(dataDir);
  const text = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) {
    const major = Number(text.trim());
    if (Number.isInteger(major) && major > 0) return major;
  } else if (!(await exists(folder))) {
    return undefined;
  }
  throw new EmbeddedDatabaseError(
    `${folder} is there but is not a PostgreSQL data folder (its PG_VERSION is missing or unreadable).`,
    'Restore the folder from a backup, or move it away to start with an empty database.',
  );
}

/**
 * Makes the cluster under a name of its own and renames it into place, so a crash leaves no half-made cluster and of
 * two processes at once exactly one wins: a folder cannot be renamed onto one with content.
 */
export async function createCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  identity: Identity,
): Promise<void> {
  await removePartials(dataDir);
  const fresh = join(dataDir, `cluster.new-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await initialise(fresh, binaries, identity);
    await rename(fresh, clusterFolder(dataDir)).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
    });
    await syncFolder(dataDir);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * Attempts in order of merit. The builtin provider sorts and folds case alike on every machine. The C library's
 * character type has to know UTF-8 as well: under plain C the trigram search finds no letters in Japanese text.
 */
function localeAttempts(major: number): string[][] {
  const provider = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  return [
    [...provider, '--locale=C.UTF-8'],
    [...provider, '--locale=C', '--lc-ctype=en_US.UTF-8'],
    [...provider, '--locale=C', '--lc-ctype=UTF-8'],
  ];
}

async function initialise(folder: string, binaries: PostgresBinaries, identity: Identity): Promise<void> {
  const failures: string[] = [];
  for (const locale of localeAttempts(binaries.major)) {
    await mkdir(folder, { mode: 0o700 });
    if (identity.drop !== undefined) await chown(folder, identity.drop.uid, identity.drop.gid);
    const failure = await runInitdb(folder, locale, { binaries, identity });
    if (failure === undefined) return;
    failures.push(failure);
    await rm(folder, { recursive: true, force: true });
    if (!/locale/i.test(failure)) break;
  }
  throw new EmbeddedDatabaseError(
    `PostgreSQL could not make its data folder: ${failures[0] ?? 'no reason given'}`,
    identity.drop === undefined
      ? 'Check that the data folder can be written and the disk has room, or set DATABASE_URL to an external server.'
      : `PostgreSQL runs as user ${identity.drop.uid} here and must be able to reach the data folder and the program's folder; start Backlot as an ordinary user, or set DATABASE_URL to an external server.`,
  );
}

function runInitdb(
  folder: string,
  locale: readonly string[],
  { binaries, identity }: { binaries: PostgresBinaries; identity: Identity },
): Promise<string | undefined> {
  const command = commandAs(identity, binaries.initdb, [
    '-D',
    folder,
    '-U',
    DATABASE_USER,
    // Whoever can open the 0700 socket folder is the owner of these files anyway.
    '--auth=trust',
    '--encoding=UTF8',
    '--data-checksums',
    '--no-instructions',
    ...locale,
  ]);
  return new Promise((resolve) => {
    const options = { ...identity.drop, env: binaries.environment, cwd: '/', timeout: 120_000 };
    execFile(command.file, command.args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(undefined);
      const said = `${stderr}\n${stdout}`.split('\n').find((line) => /error|fatal|could not/i.test(line));
      resolve(said?.trim() ?? error.message);
    });
  });
}

/** Leftovers of a crash; old ones too, since a restarted container gives the same process ids again. */
async function removePartials(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = Number(PARTIAL.exec(name)?.[1]);
    if (!Number.isInteger(pid)) continue;
    const path = join(dataDir, name);
    const born = await stat(path).catch(() => undefined);
    if (born === undefined || (isAlive(pid) && Date.now() - born.mtimeMs < PARTIAL_AGE_MS)) continue;
    await rm(path, { recursive: true, force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
