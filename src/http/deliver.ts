import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fileOperations } from '../contract/files.ts';
import { findPicture, offeredSpec } from '../services/deliver.ts';
import type { FoundPicture } from '../services/deliver.ts';
import type { Deps } from '../services/deps.ts';
import { enterPathBrand } from './identify.ts';
import { inputReader } from './input.ts';
import { routeOf } from './mount.ts';
import { cacheControl, matches, sendFile } from './send-file.ts';

/** Pictures made on demand, in the sizes that are offered; other sizes come through signed links. */
export function mountPictures(app: FastifyInstance, deps: Deps): void {
  const read = inputReader(fileOperations['files.picture'].input);
  app.route({
    ...routeOf('files.picture'),
    handler: async (request, reply) => {
      const scope = await enterPathBrand(deps, request, 'read');
      const { id, version, w, h, fit, format, quality } = read(request);
      const spec = offeredSpec(deps.pictures, { w, h, fit, format, quality });
      const picture = await findPicture(deps, scope, { assetId: id, version, spec });
      return sendPicture(request, reply, { picture, download: false });
    },
  });
}

/** A caller who has the picture already is told so before anything is made. */
export async function sendPicture(
  request: FastifyRequest,
  reply: FastifyReply,
  out: { picture: FoundPicture; download: boolean; crossOrigin?: boolean },
): Promise<FastifyReply> {
  const { picture, ...how } = out;
  if (matches(request.headers['if-none-match'], picture.etag)) {
    return reply
      .code(304)
      .header('etag', picture.etag)
      .header('cache-control', cacheControl(picture.immutable))
      .send();
  }
  return sendFile(request, reply, { ...how, file: await picture.open() });
}
