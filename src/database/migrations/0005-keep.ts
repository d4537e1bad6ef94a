import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What people keep together, keep for themselves and hand out: collections, favourites, share links. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table collection (
      brand_id uuid not null references brand on delete restrict,
      id text not null,
      name text not null,
      name_key text not null generated always as (lower(name)) stored,
      description text not null default '',
      created_at timestamptz(3) not null default now(),
      created_by text not null,
      updated_at timestamptz(3) not null default now(),
      -- A deleted collection keeps its members for a while, so that the deletion can be undone.
      deleted_at timestamptz(3),
      primary key (brand_id, id)
    );
    create unique index collection_name on collection (brand_id, name_key) where deleted_at is null;

    -- A trashed asset stays a member and is not shown; a purged one goes with its row.
    create table collection_member (
      brand_id uuid not null,
      collection_id text not null,
      asset_id text not null,
      -- To the microsecond: those of one step stand a microsecond apart, in the order of their arrival.
      added_at timestamptz not null default now(),
      -- The step that put it there: an undo of that step takes out what no other step has put back since.
      operation_id uuid not null,
      primary key (brand_id, collection_id, asset_id),
      foreign key (brand_id, collection_id) references collection (brand_id, id) on delete cascade,
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade
    );
    create index collection_member_new on collection_member (brand_id, collection_id, added_at desc, asset_id desc);
    create index collection_member_asset on collection_member (brand_id, asset_id, collection_id);

    -- A step that concerns a collection; its changes name assets put in and taken out.
    alter table operation add column collection_id text;

    -- Each person's own, and each key's: nobody sees another's.
    create table favourite (
      brand_id uuid not null,
      actor_id text not null,
      asset_id text not null,
      added_at timestamptz(3) not null default now(),
      primary key (brand_id, actor_id, asset_id),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade
    );
    create index favourite_asset on favourite (brand_id, asset_id);

    -- The address is not stored: it is derived from the signing key, so no row opens anything.
    create table share_link (
      brand_id uuid not null,
      id text not null,
      asset_id text,
      collection_id text,
      password_hash text,
      expires_at timestamptz(3),
      allow_download boolean not null default false,
      revoked_at timestamptz(3),
      created_at timestamptz(3) not null default now(),
      created_by text not null,
      last_used_at timestamptz(3),
      views integer not null default 0,
      downloads integer not null default 0,
      -- Wrong passwords in the running window; past a number of them the link stays shut until it ends.
      tries integer not null default 0,
      tries_since timestamptz(3) not null default now(),
      primary key (brand_id, id),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade,
      foreign key (brand_id, collection_id) references collection (brand_id, id) on delete cascade,
      check (num_nonnulls(asset_id, collection_id) = 1)
    ) with (fillfactor = 80);
    create index share_link_asset on share_link (brand_id, asset_id) where asset_id is not null;
    create index share_link_collection on share_link (brand_id, collection_id) where collection_id is not null;
  `.execute(db);
  for (const table of ['collection', 'collection_member', 'favourite', 'share_link']) {
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
}
