import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Steps that run in the background, and assets that look alike or hold the same bytes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await operations(db);
  await textIndexes(db);
  await duplicates(db);
  await guard(db);
}

async function operations(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A large step is worked off in portions; the row is its to-do list, so that a restart goes on where it was.
    alter table operation
      add state text not null default 'done' check (state in ('running', 'done', 'cancelled', 'failed')),
      add total integer not null default 0,
      add skipped integer not null default 0,
      add reached text not null default '',
      add request jsonb;
    -- However often an undo is asked for, it is one.
    drop index operation_undo;
    create unique index operation_undo on operation (brand_id, undo_of) where undo_of is not null;
    create index operation_open on operation (brand_id, at desc) where state <> 'done';
    -- Who said the fields before; null says nobody did.
    alter table asset_change add origins jsonb;
  `.execute(db);
}

/**
 * A retag of 15,000 assets took 24 s with every word entered into the indexes one by one and takes 3 s when they are
 * gathered; searches read the few gathered ones beside the index. Short lists keep that reading, and the writer whose
 * turn it is to sort one in, from being felt.
 */
async function textIndexes(db: Kysely<unknown>): Promise<void> {
  for (const name of ['search_name', 'search_words', 'search_labels', 'search_colours']) {
    await sql`alter index ${sql.ref(name)} set (fastupdate = on, gin_pending_list_limit = 256)`.execute(db);
  }
}

async function duplicates(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The hashes of the current version of pictures and videos, in a slim table of its own: a look-up reads some ten
    -- thousand index entries. Two hashes at a distance of at most 15 agree in one of four bands up to three bits.
    create table likeness (
      brand_id uuid not null,
      asset_id text not null,
      dct_hash bigint not null,
      difference_hash bigint not null,
      band0 integer not null generated always as ((dct_hash >> 48 & 65535)::integer) stored,
      band1 integer not null generated always as ((dct_hash >> 32 & 65535)::integer) stored,
      band2 integer not null generated always as ((dct_hash >> 16 & 65535)::integer) stored,
      band3 integer not null generated always as ((dct_hash & 65535)::integer) stored,
      primary key (brand_id, asset_id),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade
    );
    create index likeness_band0 on likeness (brand_id, band0) include (dct_hash, difference_hash, asset_id);
    create index likeness_band1 on likeness (brand_id, band1) include (dct_hash, difference_hash, asset_id);
    create index likeness_band2 on likeness (brand_id, band2) include (dct_hash, difference_hash, asset_id);
    create index likeness_band3 on likeness (brand_id, band3) include (dct_hash, difference_hash, asset_id);

    -- Only assets that have a partner; a group is named after the asset that was there first.
    create table duplicate (
      brand_id uuid not null,
      asset_id text not null,
      group_id text not null,
      primary key (brand_id, asset_id),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade
    );
    create index duplicate_group on duplicate (brand_id, group_id, asset_id);

    -- Pairs that a person has looked at and kept apart; the smaller id first.
    create table not_duplicate (
      brand_id uuid not null,
      asset_id text not null,
      other_id text not null,
      created_at timestamptz(3) not null default now(),
      created_by text not null,
      primary key (brand_id, asset_id, other_id),
      check (asset_id < other_id),
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade,
      foreign key (brand_id, other_id) references asset (brand_id, id) on delete cascade
    );
    create index not_duplicate_other on not_duplicate (brand_id, other_id);

    -- Rows that a merge moved to the asset that was kept, as they were, so that its undo can put them back.
    create table merge_row (
      brand_id uuid not null,
      operation_id uuid not null,
      n integer not null generated always as identity,
      source text not null,
      row jsonb not null,
      moved boolean not null default false,
      primary key (brand_id, operation_id, n),
      foreign key (brand_id, operation_id) references operation (brand_id, id) on delete cascade
    );
  `.execute(db);
}

async function guard(db: Kysely<unknown>): Promise<void> {
  for (const table of ['likeness', 'duplicate', 'not_duplicate', 'merge_row']) {
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
