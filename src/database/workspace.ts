import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Brand } from '../domain/access.ts';
import type { Plan } from '../domain/quota.ts';
import type { Executor } from './transaction.ts';

export interface Installation {
  readonly id: string;
  readonly signingKey: Buffer;
}

/** Creates the rows of a first start; safe to call by several processes and at every start. */
export async function ensureWorkspace(db: Executor, plan: Plan): Promise<Installation> {
  await sql`insert into installation (signing_key) values (${randomBytes(32)}) on conflict do nothing`.execute(
    db,
  );
  await sql`insert into workspace (name, plan) values ('Backlot', ${JSON.stringify(plan)}) on conflict do nothing`.execute(
    db,
  );
  await sql`insert into workspace_usage (quota_bytes) values (${plan.quotaBytes}) on conflict do nothing`.execute(
    db,
  );
  await sql`
    with made as (insert into brand (slug, name) values ('default', 'Default') on conflict do nothing returning id)
    insert into brand_usage (brand_id) select id from made`.execute(db);
  await sql`
    insert into person (name, role) select 'Owner', 'owner' where not exists (select 1 from person)`.execute(
    db,
  );
  const { rows } = await sql<{
    id: string;
    signing_key: Buffer;
  }>`select id, signing_key from installation`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error('The installation row is missing.');
  return { id: row.id, signingKey: row.signing_key };
}

export async function setAddress(db: Executor, address: string): Promise<void> {
  await sql`update installation set address = ${address}`.execute(db);
}

/** Where the server of this library listened last. */
export async function getAddress(db: Executor): Promise<string | null> {
  const { rows } = await sql<{ address: string | null }>`select address from installation`.execute(db);
  return rows[0]?.address ?? null;
}

export interface Workspace {
  readonly name: string;
  readonly plan: Plan;
}

export async function getWorkspace(db: Executor): Promise<Workspace> {
  const { rows } = await sql<Workspace & { quota: number }>`
    select w.name, w.plan, u.quota_bytes as quota from workspace w, workspace_usage u`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error('The workspace row is missing.');
  return { name: row.name, plan: { ...row.plan, quotaBytes: row.quota } };
}

/** The plan and how much of it is taken, of which nothing is promised: others may take it the next moment. */
export async function getRoom(
  db: Executor,
): Promise<{ plan: Plan; usedBytes: number; reservedBytes: number }> {
  const { rows } = await sql<{ plan: Plan; quota: number; usedBytes: number; reservedBytes: number }>`
    /* kept */ select w.plan, u.quota_bytes as quota, u.used_bytes as "usedBytes", u.reserved_bytes as "reservedBytes"
    from workspace w, workspace_usage u`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error('The workspace row is missing.');
  const { plan, quota, ...usage } = row;
  return { plan: { ...plan, quotaBytes: quota }, ...usage };
}

export async function setPlan(db: Executor, plan: Plan): Promise<void> {
  await sql`update workspace set plan = ${JSON.stringify(plan)}`.execute(db);
  await sql`update workspace_usage set quota_bytes = ${plan.quotaBytes}`.execute(db);
}

export async function listBrands(db: Executor): Promise<Brand[]> {
  const { rows } = await sql<Brand>`select id, slug, name from brand order by created_at, slug`.execute(db);
  return rows;
}

/** By slug or id. */
export async function findBrand(db: Executor, slugOrId: string): Promise<Brand | undefined> {
  const { rows } = await sql<Brand>`
    select id, slug, name from brand where slug = ${slugOrId} or id::text = ${slugOrId} limit 1`.execute(db);
  return rows[0];
}

/** Null when the slug is taken. */
export async function createBrand(db: Executor, slug: string, name: string): Promise<Brand | null> {
  const { rows } = await sql<Brand>`
    with made as (
      insert into brand (slug, name) values (${slug}, ${name}) on conflict do nothing returning id, slug, name
    ), counted as (insert into brand_usage (brand_id) select id from made)
    select id, slug, name from made`.execute(db);
  return rows[0] ?? null;
}
