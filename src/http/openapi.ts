import { z } from 'zod';
import { API_BASE } from '../contract/routes.ts';
import type { OperationName } from '../contract/routes.ts';
import { uploadFields } from '../contract/uploads.ts';
import { operationNames, routeOf, shapeOf } from './mount.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of the whole table; made once, when first asked for. */
export function openApi(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const name of operationNames()) {
    const { method, url } = routeOf(name);
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(name) };
  }
  Object.assign(paths, resumablePaths());
  return {
    openapi: '3.1.0',
    info: {
      title: 'Backlot',
      version,
      description: 'A self-hosted asset library for AI video and creative production.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_BASE }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, bkl_…' },
        session: { type: 'apiKey', in: 'cookie', name: 'backlot_session' },
      },
      schemas: { Error: ERROR },
    },
  };
}

const ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        remedy: { type: 'string', description: 'What to do' },
        details: {},
      },
    },
  },
};

function describe(name: OperationName): Json {
  const { summary, input, output, verb, raw } = shapeOf(name);
  const { method, url } = routeOf(name);
  const schema = toSchema(input, 'input');
  const fields = (schema['properties'] ?? {}) as Record<string, Json>;
  const required = new Set((schema['required'] ?? []) as string[]);
  const inPath = new Set([...url.matchAll(/:(\w+)/g)].map((match) => match[1] ?? ''));
  const hasJsonBody =
    (raw === undefined || raw === 'json') && (method === 'POST' || method === 'PATCH' || method === 'PUT');
  const rest = Object.entries(fields).filter(([field]) => !inPath.has(field));
  const parameters = [
    ...[...inPath].map((field) => ({
      name: field,
      in: 'path',
      required: true,
      schema: fields[field] ?? { type: 'string' },
    })),
    ...(hasJsonBody ? [] : rest).map(([field, of]) => ({
      name: field,
      in: 'query',
      required: required.has(field),
      schema: of,
    })),
    ...headersOf(name),
  ];
  return {
    operationId: name,
    summary,
    ...(name === 'uploads.resumable' ? { description: TUS } : {}),
    tags: [name.split('.')[0]],
    ...(verb === null ? { security: [] } : { 'x-permission': verb }),
    parameters,
    ...requestBody(name, hasJsonBody ? { rest, required } : null),
    responses: {
      ...(raw === 'in'
        ? { '201': jsonAnswer(output), '200': jsonAnswer(output) }
        : { '200': raw === 'out' ? BYTES : jsonAnswer(output) }),
      default: REFUSAL,
    },
  };
}

const TUS =
  'tus 1.0: the answer names the address of the upload in Location; send the bytes there by PATCH, ask how far it is by HEAD, give it up by DELETE. Upload-Metadata carries the same fields as the form, the name as "filename".';

const TUS_VERSION = header('Tus-Resumable', 'Always 1.0.0', true);
const UPLOAD_OFFSET = header('Upload-Offset', 'Bytes that the server has', true);
const DIGESTS = [
  header('X-Content-SHA256', 'sha256 of the bytes in hex; other bytes are refused and not kept'),
  header('Content-Digest', 'The same as RFC 9530 has it: sha-256=:base64:'),
];
const HEADERS: { readonly [K in OperationName]?: readonly Json[] } = {
  'uploads.put': DIGESTS,
  'uploads.form': DIGESTS,
  'versions.add': DIGESTS,
  'uploads.resumable': [
    TUS_VERSION,
    header('Upload-Length', 'Bytes of the whole file', true),
    header('Upload-Metadata', 'Pairs of a name and a value in base64, separated by commas'),
  ],
  'files.get': [
    header('Range', 'One range, such as bytes=0-1023; answered by 206'),
    header('If-None-Match', 'The ETag of an earlier answer; answered by 304 when nothing changed'),
  ],
};

function headersOf(name: OperationName): readonly Json[] {
  return HEADERS[name] ?? [];
}

function header(name: string, description: string, required = false): Json {
  return { name, in: 'header', required, description, schema: { type: 'string' } };
}

/** The requests on one resumable upload; the protocol defines them, so they are no operations of the table. */
function resumablePaths(): Record<string, Json> {
  const { url } = routeOf('uploads.resumable');
  const parameters = ['b', 'id'].map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const request = (summary: string, headers: readonly Json[], status: string): Json => ({
    summary,
    tags: ['uploads'],
    'x-permission': 'write',
    parameters: [...parameters, TUS_VERSION, ...headers],
    responses: { [status]: { description: 'Done' }, default: REFUSAL },
  });
  const bytes = { required: true, content: { 'application/offset+octet-stream': {} } };
  return {
    [`${url.replace(':b', '{b}')}/{id}`]: {
      head: request('Ask how many bytes of a resumable upload have arrived', [], '200'),
      patch: {
        ...request('Send the next bytes of a resumable upload', [UPLOAD_OFFSET], '204'),
        requestBody: bytes,
      },
      delete: request('Give up a resumable upload', [], '204'),
    },
  };
}

const REFUSAL: Json = {
  description: 'A refusal',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

const BYTES: Json = { description: 'Bytes', content: { '*/*': {} } };

function requestBody(
  name: OperationName,
  json: { rest: [string, Json][]; required: Set<string> } | null,
): Json {
  if (json !== null) {
    const schema = {
      type: 'object',
      properties: Object.fromEntries(json.rest),
      required: json.rest.map(([field]) => field).filter((field) => json.required.has(field)),
    };
    return { requestBody: { content: { 'application/json': { schema } } } };
  }
  if (shapeOf(name).raw !== 'in') return {};
  if (name === 'uploads.form') {
    const schema = {
      type: 'object',
      required: ['file'],
      properties: {
        ...(toSchema(uploadFields, 'input')['properties'] as Json | undefined),
        file: { type: 'string', format: 'binary', description: 'After the other fields' },
      },
    };
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  return {
    requestBody: { required: name !== 'uploads.resumable', content: { 'application/octet-stream': {} } },
  };
}

function jsonAnswer(output: z.ZodType): Json {
  return { description: 'Done', content: { 'application/json': { schema: toSchema(output, 'output') } } };
}

function toSchema(type: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, unrepresentable: 'any' });
  return schema;
}
