import { sql } from 'kysely';
import type { Role } from '../domain/access.ts';
import type { Executor } from './transaction.ts';

export interface KeyRow {
  readonly id: string;
  readonly brandId: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const KEY = sql`id, brand_id as "brandId", name, role, created_at as "createdAt", last_used_at as "lastUsedAt",
  revoked_at as "revokedAt"`;

export async function insertKey(
  db: Executor,
  key: { id: string; brandId: string; name: string; role: Role; secretHash: Buffer },
): Promise<KeyRow> {
  const { rows } = await sql<KeyRow>`
    insert into api_key (id, brand_id, name, role, secret_hash)
    values (${key.id}, ${key.brandId}, ${key.name}, ${key.role}, ${key.secretHash}) returning ${KEY}`.execute(
    db,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('The key was not written.');
  return row;
}

export async function listKeys(db: Executor, brandId: string): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    select ${KEY} from api_key where brand_id = ${brandId} order by created_at desc, id`.execute(db);
  return rows;
}

export async function revokeKey(db: Executor, brandId: string, id: string): Promise<KeyRow | undefined> {
  const { rows } = await sql<KeyRow>`
    update api_key set revoked_at = coalesce(revoked_at, now()) where brand_id = ${brandId} and id = ${id}
    returning ${KEY}`.execute(db);
  return rows[0];
}

export type FoundKey = KeyRow & {
  readonly secretHash: Buffer;
  readonly brandSlug: string;
  readonly brandName: string;
};

/** Live keys only, so that a revocation holds from the next request on, in every process. */
export async function findKey(db: Executor, id: string): Promise<FoundKey | undefined> {
  const { rows } = await sql<FoundKey>`
    /* kept */ select k.id, k.brand_id as "brandId", k.name, k.role, k.created_at as "createdAt", k.last_used_at as "lastUsedAt",
      k.revoked_at as "revokedAt", k.secret_hash as "secretHash", b.slug as "brandSlug", b.name as "brandName"
    from api_key k join brand b on b.id = k.brand_id where k.id = ${id} and k.revoked_at is null`.execute(db);
  return rows[0];
}

/** Written at most once a minute for each key; it is a hint for people, not a record. */
export async function touchKey(db: Executor, id: string): Promise<void> {
  await sql`
    update api_key set last_used_at = now()
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(db);
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export async function insertSignInLink(db: Executor, tokenHash: Buffer, hours: number): Promise<void> {
  await sql`
    insert into sign_in_link (token_hash, person_id, expires_at)
    select ${tokenHash}, id, now() + make_interval(hours => ${hours}) from person where role = 'owner'
    order by created_at limit 1`.execute(db);
}

/** Uses up a link; of two attempts at once only one gets the person. */
export async function takeSignInLink(db: Executor, tokenHash: Buffer): Promise<Person | undefined> {
  const { rows } = await sql<Person>`
    with taken as (
      update sign_in_link set used_at = now()
      where token_hash = ${tokenHash} and used_at is null and expires_at > now() returning person_id
    ) select p.id, p.name, p.role from taken join person p on p.id = taken.person_id`.execute(db);
  return rows[0];
}

export async function insertSession(
  db: Executor,
  { tokenHash, personId, days }: { tokenHash: Buffer; personId: string; days: number },
): Promise<void> {
  await sql`
    insert into session (token_hash, person_id, expires_at)
    values (${tokenHash}, ${personId}, now() + make_interval(days => ${days}))`.execute(db);
}

export async function findSession(db: Executor, tokenHash: Buffer): Promise<Person | undefined> {
  const { rows } = await sql<Person>`
    select p.id, p.name, p.role from session s join person p on p.id = s.person_id
    where s.token_hash = ${tokenHash} and s.expires_at > now()`.execute(db);
  return rows[0];
}

export async function deleteSession(db: Executor, tokenHash: Buffer): Promise<void> {
  await sql`delete from session where token_hash = ${tokenHash}`.execute(db);
}

export async function hasSessions(db: Executor): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select exists (select 1 from session where expires_at > now()) as there`.execute(db);
  return rows[0]?.there === true;
}

export async function deleteExpiredCredentials(db: Executor): Promise<void> {
  await sql`delete from session where expires_at < now()`.execute(db);
  await sql`delete from sign_in_link where expires_at < now()`.execute(db);
}
