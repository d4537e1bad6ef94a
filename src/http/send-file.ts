import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../domain/failures.ts';
import type { FileRange, OpenFile } from '../services/files.ts';

/** Types that a browser may show in place; everything else is a download, whatever it claims to be. */
const INLINE = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'audio/mpeg',
  'audio/wav',
  'audio/ogg',
  'audio/flac',
  'audio/mp4',
  'audio/x-m4a',
]);
/** Smaller files are read at once; a stream would cost more than the bytes. */
const SMALL = 256 * 1024;

/** Serves stored bytes as data: type from our own look, no sniffing, no script, ranges, validators. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  out: {
    file: OpenFile;
    download: boolean;
    /** For pictures behind a signed link, which are made to be shown on other sites. */
    crossOrigin?: boolean;
  },
): Promise<FastifyReply> {
  const { file } = out;
  const inline = INLINE.has(file.mime) && !out.download;
  reply
    .header('content-type', file.mime.startsWith('text/') ? `${file.mime}; charset=utf-8` : file.mime)
    .header('content-disposition', disposition(inline ? 'inline' : 'attachment', file.fileName))
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('cross-origin-resource-policy', out.crossOrigin === true ? 'cross-origin' : 'same-origin')
    .header('accept-ranges', 'bytes')
    .header('etag', file.etag)
    .header('cache-control', cacheControl(file.immutable));

  if (matches(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  const range =
    request.headers['if-range'] === undefined || request.headers['if-range'] === file.etag
      ? parseRange(request.headers.range, file.size)
      : null;
  if (range === 'beyond') {
    reply.header('content-range', `bytes */${file.size}`);
    return reply
      .code(416)
      .type('application/json')
      .send({
        error: new Failure('invalid_input', {
          message: 'The range lies beyond the end of the file.',
        }).toJSON(),
      });
  }
  if (range !== null) {
    reply
      .code(206)
      .header('content-range', `bytes ${range.start}-${range.end}/${file.size}`)
      .header('content-length', range.end - range.start + 1);
    return reply.send(request.method === 'HEAD' ? noBody() : await file.read(range));
  }
  reply.header('content-length', file.size);
  if (request.method === 'HEAD') return reply.send(noBody());
  return reply.send(file.size <= SMALL ? await file.readWhole() : await file.read());
}

/** Bytes never change under an address that names their version. */
export function cacheControl(immutable: boolean): string {
  return immutable ? 'private, max-age=604800, immutable' : 'private, no-cache';
}

/** For a HEAD request Fastify would replace the stated length by that of a text; a stream's it leaves alone. */
function noBody(): Readable {
  return Readable.from([]);
}

export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

/**
 * One range, as RFC 9110 section 14 has it. Several ranges in one request are answered with the whole file, which the
 * standard allows; a range that begins beyond the end is refused.
 */
export function parseRange(header: string | undefined, size: number): FileRange | 'beyond' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'beyond' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size) return 'beyond';
  return end < start ? null : { start, end };
}

/** RFC 6266: a plain fallback for old clients and the full name in UTF-8; nothing of a name can end the header. */
export function disposition(kind: 'inline' | 'attachment', fileName: string): string {
  const plain = fileName.normalize('NFKD').replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(wellFormed(fileName)).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${full}`;
}

/** Half of a surrogate pair cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '_');
}
