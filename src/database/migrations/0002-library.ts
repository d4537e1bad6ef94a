import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Tables of the brands: composite keys that begin with the brand, row-level security forced on every one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await assets(db);
  await journal(db);
  await guard(db);
}

async function assets(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table asset (
      brand_id uuid not null references brand on delete restrict,
      id text not null unique,
      name text not null,
      name_key text not null generated always as (lower(name)) stored,
      file_name text not null,
      type text not null,
      media_type text not null,
      source text not null,
      status text not null default 'ingested',
      state text not null default 'processing',
      state_reason text,
      state_message text,
      description text not null default '',
      scene_hint text not null default '',
      tags text[] not null default '{}',
      must_include boolean not null default false,
      rating smallint check (rating between 1 and 5),
      mime text not null,
      size_bytes bigint not null check (size_bytes >= 0),
      total_bytes bigint not null check (total_bytes >= 0),
      size_range smallint not null,
      width integer,
      height integer,
      duration double precision,
      transparent boolean,
      colour text,
      placeholder text,
      facts jsonb not null default '{}',
      palette jsonb not null default '[]',
      provenance jsonb not null default '{}',
      current_version integer not null default 1,
      version_count integer not null default 1,
      has_thumbnail boolean not null default false,
      has_preview boolean not null default false,
      sha256 bytea not null,
      usage_count integer not null default 0,
      last_used_at timestamptz(3),
      created_at timestamptz(3) not null default now(),
      created_by text not null,
      updated_at timestamptz(3) not null default now(),
      trashed_at timestamptz(3),
      purging_at timestamptz(3),
      revision integer not null default 1,
      primary key (brand_id, id)
    ) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

    -- Each grid order lies in one index, so that a jump to any row never touches the table on its way.
    create index asset_new on asset (brand_id, created_at desc, id desc)
      include (type, source, media_type, size_range, size_bytes, total_bytes) where trashed_at is null;
    create index asset_name on asset (brand_id, name_key, id) where trashed_at is null;
    create index asset_size on asset (brand_id, size_bytes desc, id desc)
      include (type, source, media_type) where trashed_at is null;
    create index asset_uses on asset (brand_id, usage_count desc, id desc) where trashed_at is null;
    create index asset_type on asset (brand_id, type, created_at desc, id desc) where trashed_at is null;
    create index asset_source on asset (brand_id, source, created_at desc, id desc) where trashed_at is null;
    create index asset_range on asset (brand_id, size_range, created_at desc, id desc) where trashed_at is null;
    create index asset_waiting on asset (brand_id, state_reason) where state_reason is not null;
    create index asset_processing on asset (brand_id, id) where state = 'processing';
    create index asset_trash on asset (brand_id, trashed_at desc, id desc) where trashed_at is not null;

    create table version (
      brand_id uuid not null,
      asset_id text not null,
      n integer not null check (n >= 1),
      storage_key text not null unique,
      sha256 bytea not null,
      size_bytes bigint not null check (size_bytes > 0),
      mime text not null,
      media_type text not null,
      ext text not null,
      file_name text not null,
      declared_type text not null default '',
      state text not null default 'processing',
      state_reason text,
      state_message text,
      width integer,
      height integer,
      duration double precision,
      facts jsonb not null default '{}',
      dct_hash bigint,
      difference_hash bigint,
      created_at timestamptz(3) not null default now(),
      created_by text not null,
      primary key (brand_id, asset_id, n),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade deferrable initially deferred
    );
    create index version_digest on version (brand_id, sha256);

    create table rendition (
      brand_id uuid not null,
      asset_id text not null,
      n integer not null,
      name text not null,
      storage_key text not null unique,
      mime text not null,
      size_bytes bigint not null,
      width integer,
      height integer,
      tool text not null,
      tool_version text not null,
      created_at timestamptz(3) not null default now(),
      primary key (brand_id, asset_id, n, name),
      foreign key (brand_id, asset_id, n) references version (brand_id, asset_id, n) on delete cascade
    );

    create table asset_use (
      brand_id uuid not null,
      id uuid not null default gen_random_uuid(),
      asset_id text not null,
      production text not null,
      scene text not null default '',
      hint text not null default '',
      version integer,
      used_at timestamptz(3) not null default now(),
      primary key (brand_id, id),
      unique (brand_id, asset_id, production, scene),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete restrict,
      foreign key (brand_id, asset_id, version) references version (brand_id, asset_id, n)
    );

    -- Searchable text. Row-level security would switch its indexes off (their operators are not leakproof), so the
    -- application role has no right on the table and reads it through a view that pins the brand.
    create table asset_search (
      brand_id uuid not null,
      asset_id text not null,
      created_at timestamptz(3) not null,
      type text not null,
      source text not null,
      media_type text not null,
      size_range smallint not null,
      total_bytes bigint not null,
      name text not null,
      tags text[] not null,
      tsv tsvector not null,
      primary key (brand_id, asset_id),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade deferrable initially deferred
    );
    create index search_new on asset_search (brand_id, created_at desc, asset_id desc);
    create index search_name on asset_search using gin (brand_id, name gin_trgm_ops) with (fastupdate = off);
    create index search_words on asset_search using gin (brand_id, tsv) with (fastupdate = off);
    create index search_tags on asset_search using gin (brand_id, tags) with (fastupdate = off);
    alter table asset_search alter name set statistics 1000, alter tsv set statistics 1000;

    create view search_row as
      select brand_id, asset_id, created_at, type, source, media_type, size_range, total_bytes, name, tags, tsv
      from asset_search
      where brand_id = nullif(current_setting('app.brand', true), '')::uuid
      with local check option;
  `.execute(db);
}

async function journal(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table operation (
      brand_id uuid not null references brand on delete restrict,
      id uuid not null default gen_random_uuid(),
      kind text not null,
      summary text not null,
      actor_id text not null,
      actor_name text not null,
      at timestamptz(3) not null default now(),
      changed integer not null default 0,
      undoable boolean not null default false,
      undone_at timestamptz(3),
      undo_of uuid,
      primary key (brand_id, id)
    );
    create index operation_new on operation (brand_id, at desc, id desc);
    create index operation_undo on operation (brand_id, undo_of) where undo_of is not null;

    -- Only the fields that changed, from and to; enough to show the history and to undo.
    create table asset_change (
      brand_id uuid not null,
      operation_id uuid not null,
      asset_id text not null,
      before jsonb not null,
      after jsonb not null,
      at timestamptz(3) not null default now(),
      primary key (brand_id, operation_id, asset_id),
      foreign key (brand_id, operation_id) references operation (brand_id, id) on delete cascade
    );
    create index asset_change_asset on asset_change (brand_id, asset_id, at desc);

    create table bulk_plan (
      brand_id uuid not null references brand on delete cascade,
      id text not null,
      request jsonb not null,
      created_at timestamptz(3) not null default now(),
      primary key (brand_id, id)
    );

    create table event (
      brand_id uuid not null references brand on delete cascade,
      seq bigint generated always as identity,
      xid xid8 not null default pg_current_xact_id(),
      kind text not null,
      asset_id text,
      at timestamptz(3) not null default now(),
      primary key (brand_id, xid, seq)
    );
    create index event_age on event (brand_id, at);

    create table reservation (
      brand_id uuid not null references brand on delete cascade,
      id text not null,
      bytes bigint not null check (bytes >= 0),
      expires_at timestamptz(3) not null,
      primary key (brand_id, id)
    );

    -- A resumable upload under way. Its bytes so far lie in the temporary area; the offset there is the truth.
    create table upload (
      brand_id uuid not null references brand on delete cascade,
      id text not null,
      length_bytes bigint not null,
      fields jsonb not null,
      reservation_id text not null,
      created_by jsonb not null,
      created_at timestamptz(3) not null default now(),
      touched_at timestamptz(3) not null default now(),
      asset_id text,
      reused boolean not null default false,
      primary key (brand_id, id)
    );

    -- The facet cube and the brand's totals, kept by statement triggers so that no code path can forget them.
    create table asset_count (
      brand_id uuid not null,
      trashed boolean not null,
      month date not null,
      type text not null,
      source text not null,
      media_type text not null,
      size_range smallint not null,
      n bigint not null,
      bytes bigint not null,
      primary key (brand_id, trashed, month, type, source, media_type, size_range)
    ) with (fillfactor = 70);

    create table brand_usage (
      brand_id uuid primary key references brand on delete cascade,
      live_count bigint not null default 0,
      live_bytes bigint not null default 0,
      trash_count bigint not null default 0,
      trash_bytes bigint not null default 0,
      change_no bigint not null default 0
    ) with (fillfactor = 20);
  `.execute(db);
}

const BRAND_TABLES = [
  'asset',
  'version',
  'rendition',
  'asset_use',
  'operation',
  'asset_change',
  'bulk_plan',
  'event',
  'reservation',
  'upload',
  'asset_count',
  'brand_usage',
] as const;

async function guard(db: Kysely<unknown>): Promise<void> {
  for (const table of BRAND_TABLES) {
    const name = sql.table(table);
    await sql`alter table ${name} enable row level security`.execute(db);
    await sql`alter table ${name} force row level security`.execute(db);
    await sql`
      create policy brand_wall on ${name}
        using (brand_id = nullif(current_setting('app.brand', true), '')::uuid)
        with check (brand_id = nullif(current_setting('app.brand', true), '')::uuid)
    `.execute(db);
    await sql`grant select, insert, update, delete on ${name} to backlot_app`.execute(db);
  }
  await sql`grant select, insert, update, delete on search_row to backlot_app`.execute(db);
}
