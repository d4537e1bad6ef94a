import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { zipOperations } from '../contract/zips.ts';
import type { Deps } from '../services/deps.ts';
import { openZip } from '../services/zips.ts';
import type { OpenZip } from '../services/zips.ts';
import { enterPathBrand } from './identify.ts';
import { inputReader } from './input.ts';
import { routeOf } from './mount.ts';
import { disposition } from './send-file.ts';

/** Archives out. A client that leaves destroys the stream, which closes the file being read. */
export function mountZips(app: FastifyInstance, deps: Deps): void {
  const read = inputReader(zipOperations['zips.get'].input);
  app.route({
    ...routeOf('zips.get'),
    handler: async (request, reply) => {
      const scope = await enterPathBrand(deps, request, 'read');
      reply.header('cache-control', 'private, no-store');
      return sendZip(request, reply, await openZip(deps, scope, read(request)));
    },
  });
}

export function sendZip(request: FastifyRequest, reply: FastifyReply, zip: OpenZip): FastifyReply {
  reply
    .header('content-type', 'application/zip')
    .header('content-length', zip.length)
    .header('content-disposition', disposition('attachment', zip.fileName))
    .header('x-content-type-options', 'nosniff');
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : zip.read());
}
