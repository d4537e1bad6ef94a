import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import mime from 'mime';
import { API_BASE } from '../contract/routes.ts';
import { Failure } from '../domain/failures.ts';
import type { Deps } from '../services/deps.ts';
import { sendError } from './answers.ts';

const PAGE_POLICY = [
  "default-src 'self'",
  // Compiled decoders of 3D models run; text never becomes script.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  // Pictures inside a 3D model are read back from memory.
  "connect-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Workers go by the policy of their own file: they may compile decoders, and ask nobody but this server. */
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
}

/** The built web page, held in memory: a few megabytes, read once. Every unknown path is the page itself. */
export async function mountPages(app: FastifyInstance, deps: Deps, folder: string): Promise<void> {
  const files = await readBuilt(folder);
  const index = files.get('/index.html');

  const sendPage = async (reply: FastifyReply, pathname: string) => {
    // What was shared with a few people is not for search engines.
    if (pathname.startsWith('/s/')) reply.header('x-robots-tag', 'noindex, nofollow');
    if (index === undefined) {
      return reply.code(503).type('text/plain').send('The page has not been built. Run "npm run build".\n');
    }
    return reply
      .header('content-security-policy', PAGE_POLICY)
      .header('cache-control', 'no-cache')
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .type('text/html; charset=utf-8')
      .send(index.bytes);
  };

  app.get('/', (_request, reply) => reply.redirect('/library', 302));
  app.setNotFoundHandler(async (request: FastifyRequest, reply: FastifyReply) => {
    // Cut by hand: what a client sends need not be an address, "//" is none.
    const [pathname = '/'] = request.url.split(/[?#]/, 1);
    const file = files.get(pathname);
    if (file !== undefined && pathname !== '/index.html' && isReading(request)) {
      // Built names carry a digest of their content, so they never change.
      const cache = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      return reply
        .header('cache-control', cache)
        .header('content-security-policy', WORKER_POLICY)
        .header('x-content-type-options', 'nosniff')
        .type(file.type)
        .send(file.bytes);
    }
    if (!isReading(request) || pathname.startsWith(API_BASE) || path.extname(pathname) !== '') {
      return sendError(reply, new Failure('not_found'), deps.log);
    }
    return sendPage(reply, pathname);
  });
}

function isReading(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

async function readBuilt(folder: string): Promise<Map<string, Asset>> {
  const files = new Map<string, Asset>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const full = path.join(entry.parentPath, entry.name);
    const type = mime.getType(entry.name) ?? 'application/octet-stream';
    const named = `/${path.relative(folder, full).split(path.sep).join('/')}`;
    files.set(named, {
      bytes: await readFile(full),
      type: type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    });
  }
  return files;
}
