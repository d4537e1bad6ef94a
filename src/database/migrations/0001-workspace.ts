import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Tables of the installation itself. They hold no brand data, so row-level security does not apply; the application
 * role gets only the rights that the upload transaction needs.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create extension if not exists pg_trgm;
    create extension if not exists btree_gin;

    do $$ begin
      create role backlot_app nologin;
    exception when duplicate_object or unique_violation then null;
    end $$;
  `.execute(db);
  // The connecting user must be able to step down into the role; a superuser already may.
  await sql`grant backlot_app to current_user`.execute(db);

  await sql`
    create table installation (
      only_row boolean primary key default true check (only_row),
      id uuid not null default gen_random_uuid(),
      signing_key bytea not null check (length(signing_key) >= 32),
      -- Where the server listened last; commands on the same library make their links with it.
      address text,
      created_at timestamptz(3) not null default now()
    );

    create table workspace (
      only_row boolean primary key default true check (only_row),
      id uuid not null default gen_random_uuid(),
      name text not null,
      plan jsonb not null,
      created_at timestamptz(3) not null default now()
    );

    -- One hot row: apart from the plan, and with room on its page for updates in place.
    create table workspace_usage (
      only_row boolean primary key default true check (only_row),
      quota_bytes bigint not null check (quota_bytes >= 0),
      used_bytes bigint not null default 0 check (used_bytes >= 0),
      reserved_bytes bigint not null default 0 check (reserved_bytes >= 0)
    ) with (fillfactor = 20);

    create table brand (
      id uuid primary key default gen_random_uuid(),
      slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
      name text not null,
      created_at timestamptz(3) not null default now()
    );

    create table person (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      role text not null,
      created_at timestamptz(3) not null default now()
    );

    create table sign_in_link (
      token_hash bytea primary key,
      person_id uuid not null references person on delete cascade,
      expires_at timestamptz(3) not null,
      used_at timestamptz(3)
    );

    create table session (
      token_hash bytea primary key,
      person_id uuid not null references person on delete cascade,
      created_at timestamptz(3) not null default now(),
      expires_at timestamptz(3) not null
    );

    create table api_key (
      id text primary key,
      brand_id uuid not null references brand on delete cascade,
      name text not null,
      role text not null,
      secret_hash bytea not null,
      created_at timestamptz(3) not null default now(),
      last_used_at timestamptz(3),
      revoked_at timestamptz(3)
    );
    create index api_key_brand on api_key (brand_id, created_at desc);

    grant select, update on workspace_usage to backlot_app;
    grant select on workspace, brand to backlot_app;
  `.execute(db);
}
