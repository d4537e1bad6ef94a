import { spawn } from 'node:child_process';
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { findBinaries } from '../../src/database/embedded-binaries.ts';
import { EmbeddedDatabaseError } from '../../src/database/embedded-error.ts';
import { chooseIdentity } from '../../src/database/embedded-identity.ts';
import { isAlive, readPidFile } from '../../src/database/embedded-pidfile.ts';
import { trimLog } from '../../src/database/embedded-server.ts';
import { startEmbedded } from '../../src/database/embedded.ts';
import type { Embedded, EmbeddedConnection, EmbeddedOptions } from '../../src/database/embedded.ts';
import { bundleLauncher, runLauncher, untilEnded } from './launcher.ts';
import type { LauncherProgram } from './launcher.ts';

const QUIET = { info: () => undefined, warn: () => undefined };

let root: string;
let dataDir: string;
let bundle: string;
let seed: string;
const running: Embedded[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'backlot-embedded-'));
  bundle = await bundleLauncher(join(root, 'bundle'));
  seed = join(root, 'seed');
  await (await startEmbedded({ dataDir: seed, log: QUIET })).stop();
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(root, 'd-')), 'postgres');
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, log: QUIET, ...options });
  running.push(server);
  return server;
}

async function launch(): Promise<LauncherProgram> {
  const { initdb } = await findBinaries({ libraryFolder: join(dataDir, 'lib') });
  return runLauncher({ bundle, dataDir, binDir: dirname(initdb) });
}

/** Lays down a cluster that was stopped in order; copying takes a tenth of making one. */
function useOldCluster(): Promise<void> {
  return cp(seed, dataDir, { recursive: true });
}

async function ask(connection: EmbeddedConnection, text: string): Promise<unknown> {
  const client = new Client({ ...connection });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

async function serverPid(folder = dataDir): Promise<number> {
  const file = await readPidFile(join(folder, 'cluster'));
  if (file === undefined) throw new Error('no server runs');
  return file.pid;
}

function untilGone(pid: number): Promise<void> {
  return vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 30_000, interval: 20 });
}

describe('a fresh data folder', () => {
  test('gets a cluster that knows every script, keeps its promises and listens on no port', async () => {
    const server = await start();
    expect(server.owned).toBe(true);
    const { connection } = server;
    expect(await ask(connection, 'show fsync')).toBe('on');
    expect(await ask(connection, 'show jit')).toBe('off');
    expect(await ask(connection, 'show listen_addresses')).toBe('');
    expect(await ask(connection, 'show data_checksums')).toBe('on');
    expect(await ask(connection, `select lower('ÜBER')`)).toBe('über');
    await ask(connection, 'create extension pg_trgm');
    expect(await ask(connection, `select cardinality(show_trgm('日本語'))`)).toBeGreaterThan(0);
  });

  test('is closed to other users', async () => {
    await useOldCluster();
    const { connection } = await start();
    for (const folder of [dataDir, connection.host, join(dataDir, 'cluster')]) {
      expect((await stat(folder)).mode & 0o077).toBe(0);
    }
  });

  test('keeps its rows over a stop, and leaves nothing running and no socket behind', async () => {
    const first = await start();
    await ask(first.connection, 'create table kept as select 42 as n');
    const pid = await serverPid();
    await first.stop();
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'postgres.log']);
    const second = await start();
    expect(await ask(second.connection, 'select n from kept')).toBe(42);
  });

  test('works under a path with spaces, quotes and other scripts', async () => {
    const server = await start({ dataDir: join(dataDir, `my "own" data's – 日本`) });
    expect(await ask(server.connection, 'select 1')).toBe(1);
  });

  test('moves the socket elsewhere when the path is too long for one', async () => {
    const long = join(dataDir, 'x'.repeat(100), 'y'.repeat(100));
    const server = await start({ dataDir: long });
    expect(server.connection.host.startsWith(long)).toBe(false);
    const joined = await start({ dataDir: long });
    expect(joined.connection).toEqual(server.connection);
    await joined.stop();
    await server.stop();
    await expect(stat(server.connection.host)).rejects.toThrow('ENOENT');
  });
});

describe('several programs on one folder', () => {
  test('the second joins; the server stays until the last has left, whoever started it', async () => {
    await useOldCluster();
    const owner = await start();
    const joined = await start();
    expect(joined.owned).toBe(false);
    expect(joined.connection).toEqual(owner.connection);
    const pid = await serverPid();
    await owner.stop();
    expect(await ask(joined.connection, 'select 1')).toBe(1);
    await joined.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('two at once on a fresh folder: one starts it, the other joins, and both write to the same database', async () => {
    const [a, b] = await Promise.all([launch(), launch()]);
    expect([a.owned, b.owned].sort()).toEqual([false, true]);
    expect(a.host).toBe(b.host);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('cluster'))).toEqual(['cluster']);
    const pid = await serverPid();
    a.child.kill('SIGTERM');
    await untilEnded(a);
    expect(isAlive(pid)).toBe(true);
    b.child.kill('SIGTERM');
    await untilEnded(b);
    expect(isAlive(pid)).toBe(false);
  });

  test('a server that is stopping is waited for', async () => {
    await useOldCluster();
    const first = await start();
    const stopped = first.stop();
    const second = await start();
    await stopped;
    expect(await ask(second.connection, 'select 1')).toBe(1);
  });
});

describe('after an accident', () => {
  test('kill -9 of the program stops the server, and the next start has the rows', async () => {
    await useOldCluster();
    const program = await launch();
    const connection = { host: program.host, port: 5432, user: 'backlot', database: 'backlot' };
    await ask(connection, 'create table kept as select 7 as n');
    const pid = await serverPid();
    process.kill(program.pid, 'SIGKILL');
    await untilGone(pid);
    const server = await start();
    expect(await ask(server.connection, 'select n from kept')).toBe(7);
  });

  test('kill -9 of the starter leaves the server to a program that joined', async () => {
    await useOldCluster();
    const program = await launch();
    const joined = await start();
    process.kill(program.pid, 'SIGKILL');
    await untilEnded(program);
    expect(await ask(joined.connection, 'select 1')).toBe(1);
    const pid = await serverPid();
    await joined.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('kill -9 of the server is reported, and the next start recovers', async () => {
    await useOldCluster();
    const lost = vi.fn();
    const first = await start({ onLost: lost });
    await ask(first.connection, 'create table kept as select 9 as n');
    process.kill(await serverPid(), 'SIGKILL');
    await vi.waitFor(() => expect(lost).toHaveBeenCalledWith('signal SIGKILL'), { timeout: 30_000 });
    const second = await start();
    expect(await ask(second.connection, 'select n from kept')).toBe(9);
  });

  test('a lock file whose process id now belongs to somebody else is removed', async () => {
    await useOldCluster();
    const stranger = spawn('sleep', ['60'], { cwd: '/' });
    try {
      const lines = [stranger.pid, join(dataDir, 'cluster'), 1, 5432, '/nowhere', '', ' 1 1', 'ready   '];
      await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${lines.join('\n')}\n`);
      expect(await ask((await start()).connection, 'select 1')).toBe(1);
    } finally {
      stranger.kill();
    }
  });

  test('a lock file of a process that is gone does not matter', async () => {
    await useOldCluster();
    await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), '4194300\n/nowhere\n1\n5432\n/nowhere\n\n');
    expect(await ask((await start()).connection, 'select 1')).toBe(1);
  });

  test('a cluster that was being made at a crash is thrown away', async () => {
    const partial = join(dataDir, 'cluster.new-4194300-abcd');
    await mkdir(partial, { recursive: true });
    await start();
    await expect(stat(partial)).rejects.toThrow('ENOENT');
  });
});

describe('refusals', () => {
  test('data of another PostgreSQL version', async () => {
    await useOldCluster();
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '14\n');
    const refusal = start();
    await expect(refusal).rejects.toBeInstanceOf(EmbeddedDatabaseError);
    await expect(refusal).rejects.toThrow('made by PostgreSQL 14');
    await expect(refusal).rejects.toMatchObject({ remedy: expect.stringContaining('Install PostgreSQL 14') });
  });

  test('a folder that is no cluster', async () => {
    await mkdir(join(dataDir, 'cluster'), { recursive: true });
    await writeFile(join(dataDir, 'cluster', 'notes.txt'), 'mine');
    await expect(start()).rejects.toThrow('is not a PostgreSQL data folder');
    expect(await readFile(join(dataDir, 'cluster', 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('a setting PostgreSQL does not know: its own words come through', async () => {
    await expect(start({ settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
      /invalid value for parameter "shared_buffers"/,
    );
  });

  test('an operator folder without PostgreSQL', async () => {
    await expect(start({ binDir: root })).rejects.toThrow(/BACKLOT_POSTGRES_BIN .*ENOENT/);
  });
});

describe('the binaries', () => {
  test('library links that the install script would make are made again, also by many at once', async () => {
    const found = await findBinaries({ libraryFolder: join(dataDir, 'lib') });
    const lib = join(found.initdb, '..', '..', 'lib');
    const link = join(lib, 'libpgtypes.so.3');
    await unlink(link);
    await Promise.all(Array.from({ length: 8 }, () => findBinaries({ libraryFolder: join(dataDir, 'lib') })));
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await readdir(lib)).filter((name) => name.includes(`.${process.pid}.`))).toEqual([]);
  });

  test('the log is cut back when it has grown', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'postgres.log'), Buffer.alloc(11 * 1024 * 1024, 'x'));
    await trimLog(dataDir);
    expect((await stat(join(dataDir, 'postgres.log'))).size).toBe(0);
    expect((await stat(join(dataDir, 'postgres.log.1'))).size).toBe(11 * 1024 * 1024);
  });

  test.runIf(process.getuid?.() === 0)(
    'root drops to a service user where name spaces are forbidden',
    async () => {
      expect(await chooseIdentity()).toMatchObject({ owner: { uid: 0 } });
      await chmod(root, 0o755);
      await chmod(join(dataDir, '..'), 0o755);
      const identity = await chooseIdentity(false);
      const server = await start({ identity });
      expect(identity.drop?.uid).toBeGreaterThan(0);
      expect((await stat(join(dataDir, 'cluster'))).uid).toBe(identity.drop?.uid);
      expect(await ask(server.connection, 'select 1')).toBe(1);
      await server.stop();
      // And back again: the files return to root, their rows with them.
      expect(await ask((await start()).connection, 'select 1')).toBe(1);
      expect((await stat(join(dataDir, 'cluster', 'base'))).uid).toBe(0);
    },
  );
});
