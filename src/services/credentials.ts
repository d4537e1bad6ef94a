import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Input, Output } from '../contract/operations.ts';
import {
  deleteSession,
  findKey,
  findSession,
  insertKey,
  insertSession,
  insertSignInLink,
  listKeys as selectKeys,
  revokeKey as updateRevoked,
  takeSignInLink,
  touchKey,
} from '../database/credentials.ts';
import type { KeyRow } from '../database/credentials.ts';
import {
  createBrand as insertBrand,
  findBrand,
  getAddress,
  getWorkspace,
  listBrands as selectBrands,
} from '../database/workspace.ts';
import { verbsOf } from '../domain/access.ts';
import type { Actor, Brand, BrandScope, Role } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { cleanName } from '../domain/naming.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;

const KEY = /^bkl_([A-Za-z0-9]{8})_([A-Za-z0-9]{43})$/;
const KEY_ID = /^[A-Za-z0-9]{8}$/;
/** Slugs and ids alike. */
const BRAND = /^[a-z0-9-]{1,64}$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LINK_HOURS = 24;
const SESSION_DAYS = 30;

const digest = (secret: string) => createHash('sha256').update(secret).digest();

/** Base-62 text without bias: bytes beyond the last whole multiple of 62 are drawn again. */
function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % 62);
    }
  }
  return text;
}

/** Who holds this API key; a wrong, revoked or malformed one answers nothing. */
export async function actorOfKey({ database }: Db, key: string): Promise<Actor | null> {
  const [, id, secret] = KEY.exec(key) ?? [];
  if (id === undefined || secret === undefined) return null;
  const row = await findKey(database.workspace, id);
  if (row === undefined || !timingSafeEqual(row.secretHash, digest(secret))) return null;
  if (row.lastUsedAt === null || Date.now() - row.lastUsedAt.getTime() > 60_000) {
    await touchKey(database.workspace, id);
  }
  return {
    kind: 'key',
    id: row.id,
    name: row.name,
    verbs: verbsOf(row.role),
    brandId: row.brandId,
    brand: { id: row.brandId, slug: row.brandSlug, name: row.brandName },
  };
}

export async function actorOfSession({ database }: Db, token: string): Promise<Actor | null> {
  const person = await findSession(database.workspace, digest(token));
  if (person === undefined) return null;
  return { kind: 'owner', id: person.id, name: person.name, verbs: verbsOf(person.role), brandId: null };
}

/**
 * The brand that a path names by slug or id; whether the caller may enter it is decided by `enterBrand`. A key opens one
 * brand, which came with it, so any other name is as good as absent.
 */
export async function brandNamed(
  { database }: Db,
  actor: Actor,
  slugOrId: string,
): Promise<Brand | undefined> {
  const own = actor.brand;
  if (own === undefined) return BRAND.test(slugOrId) ? findBrand(database.workspace, slugOrId) : undefined;
  return own.slug === slugOrId || own.id === slugOrId ? own : undefined;
}

/** A one-time link for the owner; only its digest is stored. */
export async function createSignInLink({
  database,
  publicUrl,
}: Db & Pick<Deps, 'publicUrl'>): Promise<string> {
  const token = randomText(43);
  await insertSignInLink(database.workspace, digest(token), LINK_HOURS);
  return `${publicUrl()}/sign-in/${token}`;
}

/** Where the server of this library listened last, for links made beside it. */
export function lastAddress({ database }: Db): Promise<string | null> {
  return getAddress(database.workspace);
}

/** Trades a link for a session; the answer is the secret of the session cookie. */
export async function signIn({ database }: Db, token: string): Promise<{ session: string; days: number }> {
  const person = await takeSignInLink(database.workspace, digest(token));
  if (person === undefined) throw new Failure('link_used');
  const session = randomText(43);
  await insertSession(database.workspace, {
    tokenHash: digest(session),
    personId: person.id,
    days: SESSION_DAYS,
  });
  return { session, days: SESSION_DAYS };
}

export async function signOut({ database }: Db, token: string): Promise<void> {
  await deleteSession(database.workspace, digest(token));
}

export async function getSession({ database }: Db, actor: Actor): Promise<Output<'session.get'>> {
  const { name } = await getWorkspace(database.workspace);
  const { items } = await listBrands({ database }, actor);
  return { kind: actor.kind, name: actor.name, verbs: [...actor.verbs], workspace: name, brands: items };
}

export async function listBrands({ database }: Db, actor: Actor): Promise<Output<'brands.list'>> {
  const brands = await selectBrands(database.workspace);
  return { items: brands.filter((brand) => actor.brandId === null || actor.brandId === brand.id) };
}

/** A key is bound to its brand; only somebody who may enter every brand makes another. */
export async function createBrand(
  { database }: Db,
  actor: Actor,
  input: Input<'brands.create'>,
): Promise<Output<'brands.create'>> {
  if (actor.brandId !== null) throw new Failure('not_permitted');
  const brand = await insertBrand(database.workspace, input.slug, cleanName(input.name));
  if (brand === null) throw new Failure('slug_taken');
  return brand;
}

export async function createKey(
  { database }: Db,
  scope: BrandScope,
  input: Pick<Input<'keys.create'>, 'name' | 'role'>,
): Promise<Output<'keys.create'>> {
  requireNoMore(scope.actor, input.role);
  const id = randomText(8);
  const secret = randomText(43);
  const row = await insertKey(database.workspace, {
    id,
    brandId: scope.brandId,
    name: cleanName(input.name),
    role: input.role,
    secretHash: digest(secret),
  });
  return { ...presentKey(row), secret: `bkl_${id}_${secret}` };
}

/** Nobody hands out more than they hold. */
function requireNoMore(actor: Actor, role: Role): void {
  if (verbsOf(role).some((verb) => !actor.verbs.includes(verb))) throw new Failure('not_permitted');
}

export async function listKeys({ database }: Db, scope: BrandScope): Promise<Output<'keys.list'>> {
  return { items: (await selectKeys(database.workspace, scope.brandId)).map(presentKey) };
}

export async function revokeKey(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'keys.revoke'>> {
  const row = KEY_ID.test(input.id)
    ? await updateRevoked(database.workspace, scope.brandId, input.id)
    : undefined;
  if (row === undefined) throw new Failure('not_found');
  return presentKey(row);
}

function presentKey(row: KeyRow): Output<'keys.revoke'> {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: `bkl_${row.id}`,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
