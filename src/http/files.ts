import type { FastifyInstance } from 'fastify';
import { fileOperations } from '../contract/files.ts';
import type { Deps } from '../services/deps.ts';
import { openFile } from '../services/files.ts';
import { openSigned } from '../services/links.ts';
import { sendPicture } from './deliver.ts';
import { enterPathBrand } from './identify.ts';
import { inputReader } from './input.ts';
import { routeOf } from './mount.ts';
import { sendFile } from './send-file.ts';

/** Bytes out: originals, renditions and signed links. */
export function mountFiles(app: FastifyInstance, deps: Deps): void {
  const readOriginal = inputReader(fileOperations['files.get'].input);
  app.route({
    ...routeOf('files.get'),
    handler: async (request, reply) => {
      const scope = await enterPathBrand(deps, request, 'read');
      const { id, version, download } = readOriginal(request);
      const file = await openFile(deps, scope, { assetId: id, version, rendition: null });
      return sendFile(request, reply, { file, download: download ?? false });
    },
  });

  const readThumbnail = inputReader(fileOperations['files.thumbnail'].input);
  app.route({
    ...routeOf('files.thumbnail'),
    handler: async (request, reply) => {
      const scope = await enterPathBrand(deps, request, 'read');
      const { id, version } = readThumbnail(request);
      const file = await openFile(deps, scope, { assetId: id, version, rendition: 'thumbnail' });
      return sendFile(request, reply, { file, download: false });
    },
  });

  const readRendition = inputReader(fileOperations['files.rendition'].input);
  app.route({
    ...routeOf('files.rendition'),
    handler: async (request, reply) => {
      const scope = await enterPathBrand(deps, request, 'read');
      const { id, version, name } = readRendition(request);
      const file = await openFile(deps, scope, { assetId: id, version, rendition: name });
      return sendFile(request, reply, { file, download: false });
    },
  });

  const readToken = inputReader(fileOperations['files.signed'].input);
  app.route({
    ...routeOf('files.signed'),
    handler: async (request, reply) => {
      const signed = await openSigned(deps, readToken(request).token);
      // Pictures behind a link are made to be shown on other sites.
      if ('picture' in signed) return sendPicture(request, reply, { ...signed, crossOrigin: true });
      return sendFile(request, reply, signed);
    },
  });
}
