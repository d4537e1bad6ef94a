import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { API_BASE } from '../contract/routes.ts';
import { newToken } from '../domain/ids.ts';
import type { Deps } from '../services/deps.ts';
import type { EventFeed } from '../services/events.ts';
import { isReady } from '../services/system.ts';
import { sendError } from './answers.ts';
import { mountPictures } from './deliver.ts';
import { mountEvents } from './events.ts';
import { mountFiles } from './files.ts';
import { mountOperations } from './mount.ts';
import { openApi } from './openapi.ts';
import { mountPages } from './pages.ts';
import { mountResumable } from './resumable.ts';
import { mountShared } from './shared.ts';
import { mountSignIn, mountSignOut } from './sign-in.ts';
import { mountUploads } from './uploads.ts';
import { mountZips } from './zips.ts';

const JSON_LIMIT = 4 << 20;
/** A refused upload is read on for a moment, so that the answer reaches a client that is still sending. */
const DRAIN_MS = 5000;

export interface ServerParts {
  readonly deps: Deps;
  readonly feed: EventFeed;
  /** Folder of the built page. */
  readonly pages: string;
  /** Proxies in front; none when left out. */
  readonly trustProxy?: number;
}

/** All routes over the use cases; listening is the caller's. */
export async function createServer({
  deps,
  feed,
  pages,
  trustProxy = 0,
}: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    trustProxy: (_address, hop) => hop < trustProxy,
    logger: false,
    bodyLimit: JSON_LIMIT,
    // An upload may take hours; what stalls is cut by the connection's own timeout.
    requestTimeout: 0,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2000 },
    // Never the caller's: ids of the log must not be chosen from outside.
    requestIdHeader: false,
    genReqId: () => newToken(),
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      void sendError(reply, error, deps.log);
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    // On the raw answer, so that hijacked ones (tus, events) carry it too.
    reply.raw.setHeader('x-request-id', request.id);
  });
  app.setErrorHandler(async (error, request, reply) => {
    if (!request.raw.complete) {
      reply.header('connection', 'close');
      request.raw.unpipe();
      request.raw.resume();
      setTimeout(() => request.raw.destroy(), DRAIN_MS).unref();
    }
    await sendError(reply, error, deps.log);
  });
  await app.register(
    async (api) => {
      mountSignOut(api, deps);
      mountOperations(api, deps);
      mountUploads(api, deps);
      mountResumable(api, deps);
      mountFiles(api, deps);
      mountPictures(api, deps);
      mountShared(api, deps);
      mountZips(api, deps);
      mountEvents(api, deps, feed);
      let description: object | null = null;
      api.get('/openapi.json', () => (description ??= openApi(deps.version)));
    },
    { prefix: API_BASE },
  );
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const ready = await isReady(deps);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  mountSignIn(app, deps);
  await mountPages(app, deps, pages);
  return app;
}
