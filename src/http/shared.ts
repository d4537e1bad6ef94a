import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_BASE } from '../contract/routes.ts';
import type { OperationName } from '../contract/routes.ts';
import { shareOperations } from '../contract/shares.ts';
import { Failure } from '../domain/failures.ts';
import { TRIES_PER_ADDRESS, TRY_WINDOW_MS, Throttle } from '../domain/shares.ts';
import type { Deps } from '../services/deps.ts';
import {
  countDownload,
  describeShare,
  listShared,
  openShare,
  openShared,
  unlockShare,
} from '../services/shared.ts';
import { openSharedZip } from '../services/shared-zip.ts';
import { readToken } from '../services/shares.ts';
import { readCookie } from './identify.ts';
import { inputReader } from './input.ts';
import { jsonSchema, routeOf } from './mount.ts';
import { sendFile } from './send-file.ts';
import { sendZip } from './zips.ts';

/** A path of its own for each link, so one name does for all of them. */
const COOKIE = 'backlot_share';

/** The doors of share links: no session, no key; the address itself is what a visitor has. */
export function mountShared(app: FastifyInstance, deps: Deps): void {
  const tries = new Throttle(TRIES_PER_ADDRESS, TRY_WINDOW_MS);
  const open = (request: FastifyRequest, token: string) =>
    openShare(deps, { token, proof: readCookie(request, COOKIE), now: new Date() });
  const json = <K extends 'shared.get' | 'shared.list' | 'shared.unlock'>(name: K) => ({
    ...routeOf(name),
    onRequest: async (_request: FastifyRequest, reply: FastifyReply) => keepPrivate(reply),
    schema: { response: { 200: jsonSchema(shareOperations[name].output) } },
  });

  const readGet = inputReader(shareOperations['shared.get'].input);
  app.route({
    ...json('shared.get'),
    handler: async (request) => describeShare(deps, await open(request, readGet(request).token)),
  });

  const readList = inputReader(shareOperations['shared.list'].input);
  app.route({
    ...json('shared.list'),
    handler: async (request) => {
      const input = readList(request);
      return listShared(deps, await open(request, input.token), input);
    },
  });

  const readUnlock = inputReader(shareOperations['shared.unlock'].input);
  app.route({
    ...json('shared.unlock'),
    handler: async (request, reply) => {
      const { token, password } = readUnlock(request);
      // By link as well: many people may stand behind one address. Made-up links are refused without being counted.
      const key = `${request.ip} ${token}`;
      if (readToken(deps.signer, token) !== null && !tries.take(key, Date.now())) {
        throw new Failure('too_many_tries');
      }
      const { proof, seconds } = await unlockShare(
        deps,
        { token, proof: undefined, now: new Date() },
        password,
      );
      tries.forget(key);
      const secure = deps.publicUrl().startsWith('https:') ? '; Secure' : '';
      reply.header(
        'set-cookie',
        `${COOKIE}=${proof}; Path=${API_BASE}/shared/${token}; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`,
      );
      return { unlocked: true };
    },
  });

  const readZip = inputReader(shareOperations['shared.zip'].input);
  app.route({
    ...routeOf('shared.zip'),
    onRequest: async (_request, reply) => keepPrivate(reply),
    handler: async (request, reply) => {
      const { token } = readZip(request);
      const opened = await open(request, token);
      const zip = await openSharedZip(deps, opened, () => open(request, token));
      if (request.method === 'GET') await countDownload(deps, opened);
      return sendZip(request, reply, zip);
    },
  });

  const readItem = inputReader(shareOperations['shared.file'].input);
  for (const what of ['thumbnail', 'preview', 'play', 'file'] as const) {
    const name = `shared.${what}` as const satisfies OperationName;
    app.route({
      ...routeOf(name),
      onRequest: async (_request, reply) => keepPrivate(reply),
      handler: async (request, reply) => {
        const { token, id } = readItem(request);
        const opened = await open(request, token);
        const file = await openShared(deps, opened, { assetId: id, what });
        const isWhole = request.method === 'GET' && /^(bytes=0-)?$/.test(request.headers.range ?? '');
        if (what === 'file' && isWhole) await countDownload(deps, opened);
        return sendFile(request, reply, { file, download: what === 'file' });
      },
    });
  }
}

function keepPrivate(reply: FastifyReply): void {
  reply
    .header('cache-control', 'no-store')
    .header('x-robots-tag', 'noindex, nofollow')
    .header('referrer-policy', 'no-referrer');
}
