import type { IncomingMessage } from 'node:http';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_BASE } from '../contract/routes.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import type { UploadResult } from '../services/arrival.ts';
import type { Deps } from '../services/deps.ts';
import {
  beginResumable,
  completeResumable,
  dropResumable,
  receivedBytes,
  visitResumable,
} from '../services/resumable.ts';
import { answerError } from './answers.ts';
import { enterPathBrand } from './identify.ts';
import { routeOf } from './mount.ts';
import { passBodiesThrough } from './uploads.ts';

/**
 * tus 1.0 for browsers and bad networks. The protocol is the library's; who may upload, what fits, and the moment when
 * the received bytes become an asset are ours. The received file's length is the only offset there is.
 */
export function mountResumable(app: FastifyInstance, deps: Deps): void {
  const tus = createTus(deps);
  const { url } = routeOf('uploads.resumable');
  app.register(async (raw) => {
    passBodiesThrough(raw);
    const hand = async (request: FastifyRequest, reply: FastifyReply) => {
      const scope = await enterPathBrand(deps, request, 'write');
      VISITS.set(request.raw, { scope, id: request.id });
      reply.hijack();
      await tus.handle(request.raw, reply.raw);
    };
    raw.route({ method: ['POST', 'OPTIONS'], url, handler: hand });
    raw.route({ method: ['PATCH', 'OPTIONS'], url: `${url}/:id`, handler: hand });
    raw.route({
      method: 'HEAD',
      url: `${url}/:id`,
      handler: (request, reply) => answerHead(deps, request, reply),
    });
    raw.route({
      method: 'DELETE',
      url: `${url}/:id`,
      handler: async (request, reply) => {
        const scope = await enterPathBrand(deps, request, 'write');
        await dropResumable(deps, scope, await visitResumable(deps, scope, idOf(request)));
        return reply.code(204).header('tus-resumable', '1.0.0').send();
      },
    });
  });
}

const COMPLETED = 'This upload has been completed already.';

/** Which brand a request was let into, and its id in the log; tus hooks know only the raw request. */
const VISITS = new WeakMap<IncomingMessage, { readonly scope: BrandScope; readonly id: string }>();

interface TusRequest {
  readonly runtime?: { readonly node?: { readonly req?: unknown } } | undefined;
}

function visitOf(request: TusRequest) {
  return VISITS.get(request.runtime?.node?.req as IncomingMessage);
}

function scopeOf(request: TusRequest): BrandScope {
  const visit = visitOf(request);
  if (visit === undefined) throw new Failure('not_found');
  return visit.scope;
}

function createTus(deps: Deps): Server {
  const refuse =
    (request: TusRequest) =>
    (error: unknown): never => {
      const { status, body } = answerError(error, deps.log, visitOf(request)?.id);
      throw Object.assign(new Error(body.error.code), { status_code: status, body: JSON.stringify(body) });
    };
  return new Server({
    path: `${API_BASE}/uploads`,
    datastore: new FileStore({ directory: deps.store.resumableDir }),
    allowedOrigins: () => false,
    disableTerminationForFinishedUploads: true,
    namingFunction: () => newToken(),
    generateUrl: (request, { id }) => `${new URL(request.url).pathname}/${id}`,
    getFileIdFromRequest: (request) =>
      /\/resumable\/([A-Za-z0-9_-]{22})$/.exec(new URL(request.url).pathname)?.[1],
    onUploadCreate: async (request, upload) => {
      if (upload.size === undefined) {
        return refuse(request)(
          new Failure('invalid_input', { message: 'Send Upload-Length with the creation.' }),
        );
      }
      const begin = { id: upload.id, length: upload.size, metadata: upload.metadata ?? {} };
      await beginResumable(deps, scopeOf(request), begin).catch(refuse(request));
      return {};
    },
    onIncomingRequest: async (request, id) => {
      // A creation has no upload yet to visit; the hook runs for it as well.
      if (request.method === 'POST') return;
      const row = await visitResumable(deps, scopeOf(request), id).catch(refuse(request));
      // Its file is gone by now; "not found" would make a client start again.
      if (row.assetId !== null) refuse(request)(new Failure('changed_meanwhile', { message: COMPLETED }));
    },
    onUploadFinish: async (request, upload) => {
      const result = await completeResumable(deps, scopeOf(request), upload.id).catch(refuse(request));
      return { headers: assetHeaders(result) };
    },
    onResponseError: (request, error) =>
      'status_code' in error
        ? undefined
        : { status_code: 500, body: JSON.stringify(answerError(error, deps.log, visitOf(request)?.id).body) },
  });
}

function assetHeaders(result: UploadResult): Record<string, string> {
  return { 'X-Backlot-Asset': result.id, 'X-Backlot-Reused': String(result.reused) };
}

/**
 * How far an upload is. When all bytes are here but the asset is not, a crash came between the last byte and the
 * answer: then it is completed now, since a client that sees the full offset sends nothing more.
 */
async function answerHead(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const scope = await enterPathBrand(deps, request, 'write');
  const row = await visitResumable(deps, scope, idOf(request));
  const offset = await receivedBytes(deps, scope, row);
  reply
    .header('tus-resumable', '1.0.0')
    .header('cache-control', 'no-store')
    .header('upload-length', row.lengthBytes)
    .header('upload-offset', offset);
  if (offset === row.lengthBytes) {
    reply.headers(assetHeaders(await completeResumable(deps, scope, row.id)));
  }
  return reply.code(200).send('');
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id?: string }).id ?? '';
}
