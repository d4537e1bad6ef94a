import type { FastifyRequest } from 'fastify';
import { enterBrand, requireVerb } from '../domain/access.ts';
import type { Actor, BrandScope, Verb } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { actorOfKey, actorOfSession, brandNamed } from '../services/credentials.ts';
import type { Deps } from '../services/deps.ts';

export const SESSION_COOKIE = 'backlot_session';

/** The secret of the session cookie, if one came. */
export function sessionToken(request: FastifyRequest): string | null {
  return readCookie(request, SESSION_COOKIE) ?? null;
}

export function readCookie(request: FastifyRequest, wanted: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === wanted && value !== undefined) return value;
  }
  return undefined;
}

/** Who is asking: an API key, or a person's session. A key that was sent must be good; it never falls back. */
export async function identify(deps: Pick<Deps, 'database'>, request: FastifyRequest): Promise<Actor> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const key = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const actor = key === undefined ? null : await actorOfKey(deps, key);
    if (actor === null) throw new Failure('not_signed_in');
    return actor;
  }
  const token = sessionToken(request);
  const actor = token === null ? null : await actorOfSession(deps, token);
  if (actor === null) throw new Failure('not_signed_in');
  requireSameSite(request);
  return actor;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A browser sends the cookie along with requests that another site starts; those must not change anything. */
function requireSameSite(request: FastifyRequest): void {
  if (SAFE_METHODS.has(request.method)) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin') return;
  if (site !== undefined || origin === undefined) throw new Failure('cross_site');
  if (hostOf(origin) !== request.headers.host) throw new Failure('cross_site');
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

/** The proof that the caller may do this in the brand that the path names. */
export async function enterPathBrand(
  deps: Pick<Deps, 'database'>,
  request: FastifyRequest,
  verb: Verb,
): Promise<BrandScope> {
  const actor = await identify(deps, request);
  const { b } = request.params as { b?: string };
  const brand = b === undefined ? undefined : await brandNamed(deps, actor, b);
  return enterBrand(actor, brand, verb);
}

export async function identifyFor(
  deps: Pick<Deps, 'database'>,
  request: FastifyRequest,
  verb: Verb,
): Promise<Actor> {
  const actor = await identify(deps, request);
  requireVerb(actor, verb);
  return actor;
}
