import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { openDatabase } from './database/database.ts';
import type { Connection, Database } from './database/database.ts';
import { startEmbedded } from './database/embedded.ts';
import { listenForEvents } from './database/listener.ts';
import { addJob } from './database/jobs.ts';
import { migrate } from './database/migrate.ts';
import { ensureWorkspace, setAddress } from './database/workspace.ts';
import type { Installation } from './database/workspace.ts';
import { parseSizes } from './domain/delivery.ts';
import { DEFAULT_PLAN } from './domain/quota.ts';
import { createServer } from './http/server.ts';
import { liveTools, probeCapabilities } from './media/capabilities.ts';
import { createDecoder } from './media/decoder.ts';
import type { Config } from './platform/config.ts';
import type { Log } from './platform/log.ts';
import { createOutbound } from './platform/safe-fetch.ts';
import type { Deps } from './services/deps.ts';
import { FetchBoard } from './services/fetch-board.ts';
import { WorkLine } from './services/work-line.ts';
import { openLocalStore } from './storage/local.ts';
import { PictureCache } from './storage/picture-cache.ts';
import { createSigner } from './storage/signing.ts';
import { startWorker } from './worker/worker.ts';

export const VERSION = '0.1.0';

/** Beside one for each job: requests, the worker's own, cron. The embedded server admits 30 in all, commands too. */
const SPARE_CONNECTIONS = 10;

/** The database alone, for commands that work without a running server. */
export interface Base {
  readonly database: Database;
  readonly installation: Installation;
  /** Settles with the reason when the embedded database ends although nobody asked for it. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
}

export async function openBase(config: Config, log: Log): Promise<Base> {
  const { connection, stop, lost } = await reachDatabase(config, log);
  try {
    const database = openDatabase(connection, config.workers + SPARE_CONNECTIONS);
    await migrate(database);
    const installation = await ensureWorkspace(database.workspace, DEFAULT_PLAN);
    return {
      database,
      installation,
      lost,
      close: async () => {
        await database.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function reachDatabase(
  config: Config,
  log: Log,
): Promise<{ connection: Connection; stop: () => Promise<void>; lost: Promise<string> }> {
  if (config.databaseUrl !== null) {
    return {
      connection: { url: config.databaseUrl },
      stop: () => Promise.resolve(),
      lost: new Promise(() => undefined),
    };
  }
  let lose: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (lose = resolve));
  const embedded = await startEmbedded({
    dataDir: path.join(config.dataDir, 'postgres'),
    log,
    ...(config.postgresBin === null ? {} : { binDir: config.postgresBin }),
    onLost: (reason) => lose(reason),
  });
  return { connection: embedded.connection, stop: () => embedded.stop(), lost };
}

export interface App {
  readonly deps: Deps;
  readonly installation: Installation;
  /** Settles when the embedded database is gone; the program cannot go on. */
  readonly lost: Promise<string>;
  /** Listens and answers the address; sets what links begin with. */
  serve(): Promise<string>;
  work(): Promise<void>;
  /** Ends open requests and jobs, then everything they used. */
  close(): Promise<void>;
}

/** Paths that were set; other tools are looked for. */
function toolPaths({ ffmpegPath, sofficePath, heifPath }: Config): Record<string, string> {
  const set = { FFMPEG_PATH: ffmpegPath, SOFFICE_PATH: sofficePath, HEIF_CONVERT_PATH: heifPath };
  return Object.fromEntries(Object.entries(set).filter((one): one is [string, string] => one[1] !== null));
}

/** The composition root: every part is made here, once, and handed on by argument. */
export async function buildApp(config: Config, log: Log): Promise<App> {
  const base = await openBase(config, log);
  const { database, installation } = base;
  const closers: (() => Promise<unknown>)[] = [() => base.close()];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    const tools = liveTools(toolPaths(config));
    const decoder = createDecoder({ tools, parallel: config.workers });
    closers.push(() => decoder.close());
    const fetches = new FetchBoard();
    closers.push(() => fetches.close());
    let address = config.publicUrl;
    const deps: Deps = {
      database,
      store: await openLocalStore({
        dir: path.join(config.dataDir, 'files'),
        installationId: installation.id,
      }),
      decoder,
      signer: createSigner(
        config.signingKey === null ? installation.signingKey : Buffer.from(config.signingKey),
      ),
      outbound: createOutbound({ allow: config.fetchAllow }),
      fetches,
      pictures: {
        cache: await PictureCache.open(path.join(config.dataDir, 'pictures'), config.pictureCache),
        line: new WorkLine(config.workers),
        sizes: parseSizes(config.pictureSizes) ?? [],
      },
      log,
      version: VERSION,
      capabilities: () => probeCapabilities(tools),
      publicUrl: () => address,
    };
    return {
      deps,
      installation,
      lost: base.lost,
      close,
      async serve() {
        const listener = listenForEvents(database.connection);
        closers.push(() => listener.close());
        const server = await createServer({
          deps,
          feed: listener,
          pages: pagesFolder(),
          trustProxy: config.trustProxy,
        });
        closers.push(() => stopServer(server));
        const bound = await server.listen({ host: config.host, port: config.port });
        if (address === '') address = bound;
        await setAddress(database.workspace, address);
        return address;
      },
      async work() {
        const runner = await startWorker({ deps, parallel: config.workers });
        // What the last run left behind need not wait for the clock.
        await addJob(database.workspace, { name: 'sweep', payload: {}, key: 'sweep' });
        closers.push(() => runner.stop());
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const STOP_MS = 10_000;

/** Requests under way may finish; event streams and idle connections do not hold the stop up. */
async function stopServer(server: FastifyInstance): Promise<void> {
  const late = setTimeout(() => server.server.closeAllConnections(), STOP_MS);
  await server.close();
  clearTimeout(late);
}

/** `dist/web`, seen from the built program as from the sources. */
function pagesFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return import.meta.url.endsWith('.ts') ? path.join(here, '../dist/web') : path.join(here, '../web');
}
