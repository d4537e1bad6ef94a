import type { FastifyReply } from 'fastify';
import { Failure } from '../domain/failures.ts';
import type { FailureKind } from '../domain/failures.ts';
import type { Log } from '../platform/log.ts';

/** The one place where refusals become statuses. */
const STATUS: Readonly<Record<FailureKind, number>> = {
  invalid: 400,
  unprocessable: 422,
  unauthenticated: 401,
  forbidden: 403,
  absent: 404,
  conflict: 409,
  gone: 410,
  throttled: 429,
  too_large: 413,
  no_room: 507,
  unavailable: 503,
  disk_full: 507,
  internal: 500,
};

export interface ErrorBody {
  readonly error: { code: string; message: string; remedy?: string; details?: unknown };
}

/** Whatever was thrown, as a status and a body that may be shown; causes go to the log under the request's id, never to the caller. */
export function answerError(error: unknown, log: Log, request?: string): { status: number; body: ErrorBody } {
  const failure = error instanceof Failure ? error : fromFramework(error);
  if (failure === null) {
    log.error('A request failed', { request, error });
    return { status: 500, body: { error: new Failure('internal').toJSON() } };
  }
  if (failure.cause !== undefined)
    log.warn('A request was refused', { request, code: failure.code, error: failure.cause });
  return { status: STATUS[failure.kind], body: { error: failure.toJSON() } };
}

export async function sendError(reply: FastifyReply, error: unknown, log: Log): Promise<void> {
  const { status, body } = answerError(error, log, reply.request.id);
  const wait = error instanceof Failure ? error.retryAfter : undefined;
  if (wait !== undefined) reply.header('retry-after', wait);
  await reply.code(status).type('application/json; charset=utf-8').send(body);
}

/** Errors that Fastify raises before a handler runs: malformed JSON, a body over the limit. */
function fromFramework(error: unknown): Failure | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  const status = Number(error.statusCode);
  if (status === 413) return new Failure('too_many');
  if (status >= 400 && status < 500) return new Failure('invalid_input', { message: error.message });
  return null;
}
