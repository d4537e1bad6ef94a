import { mkdir, rm, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { findBinaries } from './embedded-binaries.ts';
import { DATABASE_USER, clusterFolder, clusterMajor, createCluster } from './embedded-cluster.ts';
import { EmbeddedDatabaseError } from './embedded-error.ts';
import type { Hold } from './embedded-hold.ts';
import { holdServer, pipePath } from './embedded-hold.ts';
import type { Identity } from './embedded-identity.ts';
import { chooseIdentity, giveTo } from './embedded-identity.ts';
import { hasProcessInside, isAlive, readPidFile, removePidFile } from './embedded-pidfile.ts';
import type { ServerProcess, ServerStart } from './embedded-server.ts';
import { serverLog, startServer, trimLog } from './embedded-server.ts';
import { SOCKET_PORT, makeSocketFolder, removeStaleSocketFolders } from './embedded-socket.ts';

/** How to reach the server; fits the options of `pg`. */
export interface EmbeddedConnection {
  /** The folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** A running PostgreSQL on a folder of ours. */
export interface Embedded {
  readonly connection: EmbeddedConnection;
  /** Whether this call started the server; false when it joined one that another program had started. */
  readonly owned: boolean;
  /**
   * Gives the server up and, when no other program uses it, stops it: at once for open queries, with a checkpoint.
   * Settles when it has stopped. Close your connections first. A second call changes nothing.
   */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** A folder for the launcher alone: cluster, log and socket lie in it. Made when absent. */
  readonly dataDir: string;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** A folder with `initdb` and `postgres` to use instead of the packaged ones (BACKLOT_POSTGRES_BIN). */
  readonly binDir?: string;
  /** Server settings that replace ours; for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Who PostgreSQL runs as; found out when absent. */
  readonly identity?: Identity;
  /** Called when the server ends although nobody here asked for it. */
  readonly onLost?: (reason: string) => void;
}

interface Running {
  readonly connection: EmbeddedConnection;
  readonly pid: number;
  readonly hold: Hold;
  /** Present when this program started the server. */
  readonly server?: ServerProcess;
}

interface Place {
  readonly dataDir: string;
  readonly options: EmbeddedOptions;
}

const DATABASE = 'backlot';
const LOCK_WAIT_MS = 10_000;
/** Replaying the log after a power cut can take this long on a slow disk. */
const TOO_MANY_CONNECTIONS = '53300';
const READY_WAIT_MS = 120_000;
const STOP_WAIT_MS = 10_000;
const UPKEEP_MS = 60 * 60_000;

/**
 * Starts PostgreSQL on `dataDir`, or joins the server that another program already runs there. Every program that
 * joined keeps it running; it stops with the last one, also when that one is killed. Throws
 * {@link EmbeddedDatabaseError} with a remedy when it cannot run.
 *
 * No lock of ours guards the start: a new cluster is renamed into place and PostgreSQL's own pid file admits one
 * server, so of two programs at once one starts it and the other joins.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const place = { dataDir: resolve(options.dataDir), options };
  await mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  const began = Date.now();
  let prepared: Omit<ServerStart, 'socketDir'> | undefined;
  while (true) {
    let state = await tryJoin(place);
    if (state === 'absent') {
      prepared ??= await prepare(place);
      state = await tryStart(prepared);
    }
    if (typeof state === 'object') return embedded(state, place);
    if (Date.now() - began > (state === 'starting' ? READY_WAIT_MS : LOCK_WAIT_MS)) break;
    await sleep(25);
  }
  throw new EmbeddedDatabaseError(
    `Another process holds the data folder ${place.dataDir} and does not answer.`,
    `Stop the other Backlot and look into ${serverLog(place.dataDir)}. If no PostgreSQL runs there, remove ${clusterFolder(place.dataDir)}/postmaster.pid.`,
  );
}

async function prepare({ dataDir, options }: Place): Promise<Omit<ServerStart, 'socketDir'>> {
  const wanted = await clusterMajor(dataDir);
  const binaries = await findBinaries({
    libraryFolder: join(dataDir, 'lib'),
    ...(options.binDir === undefined ? {} : { explicit: options.binDir }),
    ...(wanted === undefined ? {} : { wanted }),
  });
  const identity = options.identity ?? (await chooseIdentity());
  await giveTo(identity, dataDir);
  await removeStaleSocketFolders(dataDir);
  if (wanted === undefined) {
    options.log.info(`making a new database with PostgreSQL ${binaries.major} (${binaries.source})`);
    await createCluster(dataDir, binaries, identity);
  }
  return { dataDir, binaries, identity, settings: options.settings ?? {} };
}

/** Joins a living server. `busy`: one is going down or does not answer yet; `starting`: one is coming up. */
async function tryJoin({ dataDir, options }: Place): Promise<Running | 'absent' | 'starting' | 'busy'> {
  const cluster = clusterFolder(dataDir);
  const file = await readPidFile(cluster);
  if (file === undefined || !isAlive(file.pid)) return 'absent';
  if (!(await hasProcessInside(cluster))) {
    // The machine or container restarted and gave the number to another process; PostgreSQL alone would refuse.
    if (removePidFile(cluster, file.pid)) options.log.warn('removed the lock file of a server that is gone');
    return 'absent';
  }
  if (file.status === 'stopping') return 'busy';
  if (file.status === 'starting' || file.socketDir === undefined) return 'starting';
  try {
    const hold = holdServer({ pid: file.pid, socketDir: file.socketDir, cluster });
    try {
      const connection = await openDatabase(file.socketDir, file.port);
      options.log.info('joined the PostgreSQL that already runs on this data folder');
      return { connection, pid: file.pid, hold };
    } catch (error) {
      hold.release();
      throw error;
    }
  } catch (error) {
    if (error instanceof DatabaseError && error.code === TOO_MANY_CONNECTIONS) {
      throw new EmbeddedDatabaseError(
        'All connections of the running database are in use.',
        'Wait a moment and try again; if it stays, lower BACKLOT_WORKERS of the running Backlot.',
      );
    }
    // Between the look at the pid file and the connection the server may go: the caller looks again, up to a limit.
    return 'busy';
  }
}

async function tryStart(prepared: Omit<ServerStart, 'socketDir'>): Promise<Running | 'busy'> {
  const cluster = clusterFolder(prepared.dataDir);
  const socketDir = await makeSocketFolder(prepared.dataDir, prepared.identity);
  const server = await startServer({ ...prepared, socketDir });
  // At once after the start: from here on the server cannot outlive this program.
  const hold = holdServer({ pid: server.pid, socketDir, cluster });
  try {
    const end = await untilReady(server, cluster);
    if (end === undefined) {
      return { connection: await openDatabase(socketDir, SOCKET_PORT), pid: server.pid, hold, server };
    }
    const said = await server.said();
    if (/lock file ".*" already exists|pre-existing shared memory/.test(said)) {
      await abandon(hold, socketDir);
      return 'busy';
    }
    const lines = said.split('\n').filter((line) => /FATAL|ERROR|PANIC|HINT|error while loading/.test(line));
    throw new EmbeddedDatabaseError(
      `PostgreSQL did not start (${end}): ${lines.slice(-3).join(' ') || 'it gave no reason'}`,
      `See ${serverLog(prepared.dataDir)}; check free disk space and the rights of ${prepared.dataDir}.`,
    );
  } catch (error) {
    await abandon(hold, socketDir);
    throw error;
  }
}

/** Without a holder the watcher stops whatever may still run. */
async function abandon(hold: Hold, socketDir: string): Promise<void> {
  hold.release();
  await rm(socketDir, { recursive: true, force: true });
}

/** Undefined when the server accepts connections, else how it ended. */
async function untilReady(server: ServerProcess, cluster: string): Promise<string | undefined> {
  const until = Date.now() + READY_WAIT_MS;
  while (Date.now() < until) {
    const file = await readPidFile(cluster);
    if (file?.pid === server.pid && file.status === 'ready') return undefined;
    const end = await Promise.race([server.ended, sleep(5)]);
    if (end !== undefined) return end;
  }
  return `not ready within ${READY_WAIT_MS / 1000} s`;
}

/** Connects once, which proves the server, and makes our database when it is missing. */
async function openDatabase(host: string, port: number): Promise<EmbeddedConnection> {
  const connection = { host, port, user: DATABASE_USER, database: DATABASE };
  try {
    await withClient(connection, () => Promise.resolve());
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '3D000') throw error;
    await withClient({ ...connection, database: 'postgres' }, async (client) => {
      await client.query(`create database ${DATABASE}`).catch((failure: unknown) => {
        const code = failure instanceof DatabaseError ? failure.code : undefined;
        // Another program made it in this very moment.
        if (code !== '42P04' && code !== '23505') throw failure;
      });
    });
  }
  return connection;
}

async function withClient(
  connection: EmbeddedConnection,
  use: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ ...connection, connectionTimeoutMillis: 5_000 });
  // The server may go away while connected; the query that follows reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function embedded(running: Running, { dataDir, options }: Place): Embedded {
  let stopping: Promise<void> | undefined;
  const upkeep = setInterval(() => {
    void keepUp(dataDir, running.connection.host).catch((error: unknown) => {
      options.log.warn(`the database folder could not be kept tidy: ${String(error)}`);
    });
  }, UPKEEP_MS);
  upkeep.unref();
  const watchEnd = async (server: ServerProcess): Promise<void> => {
    const reason = await server.ended;
    if (stopping !== undefined) return;
    clearInterval(upkeep);
    options.log.warn(`PostgreSQL ended by itself (${reason}); see ${serverLog(dataDir)}`);
    options.onLost?.(reason);
  };
  if (running.server !== undefined) void watchEnd(running.server);
  return {
    connection: running.connection,
    owned: running.server !== undefined,
    stop: () => {
      clearInterval(upkeep);
      stopping ??= stop(running);
      return stopping;
    },
  };
}

async function stop({ hold, pid, server, connection }: Running): Promise<void> {
  if (hold.shared()) return hold.release();
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) break;
    process.kill(pid, signal);
    const until = Date.now() + STOP_WAIT_MS;
    while (isAlive(pid) && Date.now() < until) await sleep(5);
  }
  await server?.ended;
  await abandon(hold, connection.host);
}

/** The log stays small, and cleaners of the temporary folder see that the socket folder is in use. */
async function keepUp(dataDir: string, socketDir: string): Promise<void> {
  await trimLog(dataDir);
  const now = new Date();
  for (const path of [socketDir, pipePath(socketDir)]) await utimes(path, now, now);
}
