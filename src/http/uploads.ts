import multipart from '@fastify/multipart';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fileOperations } from '../contract/files.ts';
import { uploadFields, uploadOperations } from '../contract/uploads.ts';
import type { UploadFields } from '../contract/uploads.ts';
import { Failure } from '../domain/failures.ts';
import type { Deps } from '../services/deps.ts';
import { receiveUpload } from '../services/uploads.ts';
import { receiveVersion } from '../services/versions.ts';
import { enterPathBrand } from './identify.ts';
import { inputReader, parseInput } from './input.ts';
import { routeOf } from './mount.ts';

/** Bytes in: the raw body, and the form. Resumable uploads are in `resumable.ts`. */
export function mountUploads(app: FastifyInstance, deps: Deps): void {
  app.register(async (raw) => {
    passBodiesThrough(raw);
    const readPut = inputReader(uploadOperations['uploads.put'].input);
    raw.route({
      ...routeOf('uploads.put'),
      handler: async (request, reply) => {
        const scope = await enterPathBrand(deps, request, 'write');
        const { b: _, ...fields } = readPut(request);
        const result = await receiveUpload(deps, scope, offerOf(request, fields));
        return reply.code(result.reused ? 200 : 201).send(result);
      },
    });
    const readVersion = inputReader(fileOperations['versions.add'].input);
    raw.route({
      ...routeOf('versions.add'),
      handler: async (request, reply) => {
        const scope = await enterPathBrand(deps, request, 'write');
        const { id, name } = readVersion(request);
        const offer = offerOf(request, name === undefined ? {} : { name });
        const result = await receiveVersion(deps, scope, { ...offer, assetId: id });
        return reply.code(201).send(result);
      },
    });
  });
  app.register(async (form) => {
    await form.register(multipart, {
      limits: {
        fields: 50,
        fieldSize: 100_000,
        files: 1,
        parts: 60,
        headerPairs: 100,
        fileSize: Number.MAX_SAFE_INTEGER,
      },
    });
    form.route({
      ...routeOf('uploads.form'),
      handler: async (request, reply) => {
        const scope = await enterPathBrand(deps, request, 'write');
        const { file, fields } = await readForm(request);
        const result = await receiveUpload(deps, scope, {
          ...offerOf(request, fields),
          body: file.file,
          length: null,
          atMost: lengthOf(request) ?? undefined,
          declaredType: file.mimetype,
        }).catch((error: unknown) => {
          // A form that ends before its closing line is the sender's fault, whatever the parser calls it.
          throw error === file.file.errored ? new Failure('upload_cut', { cause: error }) : error;
        });
        return reply.code(result.reused ? 200 : 201).send(result);
      },
    });
  });
}

/** Any content type is a file here, JSON too. */
export function passBodiesThrough(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

function offerOf(request: FastifyRequest, fields: UploadFields) {
  return {
    fields,
    body: request.raw,
    length: lengthOf(request),
    sha256: digestOf(request),
    declaredType: request.headers['content-type'] ?? '',
    signal: whileSending(request),
  };
}

/** Aborts when the client leaves before its last byte; leaving later cancels nothing. */
function whileSending({ raw }: FastifyRequest): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.complete) controller.abort();
  });
  return controller.signal;
}

function lengthOf(request: FastifyRequest): number | null {
  const header = request.headers['content-length'];
  if (header === undefined || request.headers['transfer-encoding'] !== undefined) return null;
  return Number(header);
}

/** `X-Content-SHA256` in hex, or the `sha-256` member of `Content-Digest` (RFC 9530); both must hold when both came. */
function digestOf({ headers }: FastifyRequest): Buffer | null {
  const plain = hexDigest(headers['x-content-sha256']);
  const structured = contentDigest(headers['content-digest']);
  if (plain !== null && structured !== null && !plain.equals(structured)) {
    throw new Failure('digest_mismatch', { message: 'The two digests sent with the bytes differ.' });
  }
  return plain ?? structured;
}

function hexDigest(header: string | string[] | undefined): Buffer | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !/^[0-9a-f]{64}$/i.test(header)) throw new Failure('bad_digest');
  return Buffer.from(header, 'hex');
}

function contentDigest(header: string | string[] | undefined): Buffer | null {
  if (header === undefined) return null;
  const base64 = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(String(header))?.[1];
  if (base64 === undefined) throw new Failure('bad_digest');
  return Buffer.from(base64, 'base64');
}

/** Fields may stand before the file; what follows it is not waited for, since the bytes are taken as they arrive. */
async function readForm(request: FastifyRequest): Promise<{ file: MultipartFile; fields: UploadFields }> {
  const file = await request.file().catch((cause: unknown) => {
    throw new Failure('invalid_input', { message: 'The form could not be read.', cause });
  });
  if (file === undefined) {
    throw new Failure('invalid_input', {
      message: 'The form has no file.',
      remedy: 'Send multipart/form-data with a part named "file", after the other fields.',
      details: { field: 'file' },
    });
  }
  const raw: Record<string, unknown> = { name: file.filename };
  for (const [name, part] of Object.entries(file.fields)) {
    const value = Array.isArray(part) ? part.at(-1) : part;
    if (value === undefined || value.type !== 'field' || value.value === '') continue;
    raw[name] = FORM_FIELDS[name]?.(String(value.value)) ?? value.value;
  }
  return { file, fields: parseInput(uploadFields, raw) };
}

const FORM_FIELDS: Readonly<Record<string, (text: string) => unknown>> = {
  tags: splitList,
  collection: splitList,
  mustInclude: (text) => text === 'true' || text === '1' || text === 'on',
};

function splitList(text: string): string[] {
  return text.split(',').filter((item) => item.trim() !== '');
}
