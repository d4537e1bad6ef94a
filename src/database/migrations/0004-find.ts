import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';

/**
 * What people sort their work by (product, campaign, mood, …), and one index that finds assets by any of it. A label is
 * a kind and a value, such as `p:Sneaker` or `s:approved`; the search row carries all of an asset's.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await fields(db);
  await labels(db);
  await counters(db);
  await savedSearches(db);
}

async function fields(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table asset
      add column product text not null default '',
      add column campaign text not null default '',
      add column mood text[] not null default '{}',
      add column style text[] not null default '{}',
      add column has_people boolean,
      add column custom jsonb not null default '{}' check (jsonb_typeof(custom) = 'object'),
      add column colours smallint[] not null default '{}';

    -- Further orders of the grid, each in one index like the others.
    create index asset_rating on asset (brand_id, coalesce(rating, 0) desc, id desc) where trashed_at is null;
    create index asset_used on asset (brand_id, coalesce(last_used_at, '-infinity'::timestamptz) desc, id desc)
      where trashed_at is null;
    create index asset_duration on asset (brand_id, coalesce(duration, -1) desc, id desc) where trashed_at is null;
  `.execute(db);
}

/** Labels of an asset row; what is not known has the value `-`, so that it can be asked for as well. */
const LABELS = (row: string) =>
  sql.raw(`asset_labels(
    array['s:' || ${row}.status, 'r:' || coalesce(${row}.rating::text, '-'),
      'p:' || coalesce(nullif(${row}.product, ''), '-'), 'c:' || coalesce(nullif(${row}.campaign, ''), '-'),
      'h:' || case when ${row}.has_people is null then '-' when ${row}.has_people then 'yes' else 'no' end,
      case when ${row}.must_include then 'i:yes' end,
      case when ${row}.width > ${row}.height then 'o:landscape' when ${row}.width < ${row}.height then 'o:portrait'
        when ${row}.width = ${row}.height then 'o:square' end],
    ${row}.tags, ${row}.mood, ${row}.style)`);

async function labels(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function asset_labels(single text[], tags text[], mood text[], style text[]) returns text[]
      language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
      begin
        return array(
          select label from unnest(single) as label where label is not null
          union all select 't:' || tag from unnest(tags) as tag
          union all select 'm:' || one from unnest(mood) as one
          union all select 'y:' || one from unnest(style) as one);
      end $$;

    -- Tags become labels among others: one text index answers all of them, alone and together with words.
    drop view search_row;
    drop index search_tags;
    alter table asset_search drop column tags, add column labels text[] not null default '{}',
      add column colours smallint[] not null default '{}';
    update asset_search s set labels = ${LABELS('a')} from asset a where a.brand_id = s.brand_id and a.id = s.asset_id;
    create index search_labels on asset_search using gin (brand_id, labels) with (fastupdate = off);
    create index search_colours on asset_search using gin (brand_id, colours) with (fastupdate = off);
    alter table asset_search alter labels set statistics 1000, alter colours set statistics 500;

    create view search_row as
      select brand_id, asset_id, created_at, type, source, media_type, size_range, total_bytes, name, labels, colours, tsv
      from asset_search
      where brand_id = nullif(current_setting('app.brand', true), '')::uuid
      with local check option;
    grant select, insert, update, delete on search_row to backlot_app;
  `.execute(db);
}

/** Labels that every plain upload has are not counted: they are what the counted ones leave of the total. */
const COUNTED = sql.raw(`label <> all ('{s:ingested,r:-,p:-,c:-,h:-}') and label not like 't:%'`);

async function counters(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table label_count (
      brand_id uuid not null references brand on delete cascade,
      label text not null,
      n bigint not null,
      bytes bigint not null,
      primary key (brand_id, label)
    ) with (fillfactor = 70);
    alter table label_count enable row level security;
    alter table label_count force row level security;
    create policy brand_wall on label_count
      using (brand_id = nullif(current_setting('app.brand', true), '')::uuid)
      with check (brand_id = nullif(current_setting('app.brand', true), '')::uuid);
    grant select, insert, update, delete on label_count to backlot_app;

    insert into label_count
    select a.brand_id, label, count(*), sum(a.total_bytes) from asset a, unnest(${LABELS('a')}) as label
    where a.trashed_at is null and ${COUNTED} group by 1, 2;
  `.execute(db);
  await trigger(db, {
    event: 'insert',
    tables: 'referencing new table as new_rows',
    rows: sql`select n.brand_id, 1 as sign, n.total_bytes, ${LABELS('n')} as labels from new_rows n where n.trashed_at is null`,
  });
  await trigger(db, {
    event: 'delete',
    tables: 'referencing old table as old_rows',
    rows: sql`select o.brand_id, -1 as sign, o.total_bytes, ${LABELS('o')} as labels from old_rows o where o.trashed_at is null`,
  });
  await trigger(db, {
    event: 'update',
    tables: 'referencing old table as old_rows new table as new_rows',
    rows: sql`
      select r.brand_id, r.sign, r.total_bytes, r.labels from old_rows o join new_rows n on n.brand_id = o.brand_id and n.id = o.id,
        lateral (
          select o.brand_id, -1 as sign, o.total_bytes, ${LABELS('o')} as labels where o.trashed_at is null
          union all select n.brand_id, 1, n.total_bytes, ${LABELS('n')} where n.trashed_at is null) as r
      where (o.trashed_at is null) <> (n.trashed_at is null)
        or (o.total_bytes, o.status, o.rating, o.product, o.campaign, o.has_people, o.must_include, o.width, o.height, o.mood, o.style)
          is distinct from
          (n.total_bytes, n.status, n.rating, n.product, n.campaign, n.has_people, n.must_include, n.width, n.height, n.mood, n.style)`,
  });
}

/** Runs after the trigger of the facet cube (triggers run by name), so that every writer locks in the same order. */
async function trigger(
  db: Kysely<unknown>,
  { event, tables, rows }: { event: string; tables: string; rows: RawBuilder<unknown> },
): Promise<void> {
  const name = sql.id(`count_labels_${event}`);
  await sql`
    create function ${name}() returns trigger language plpgsql as $$
    begin
      insert into label_count as c
        select r.brand_id, label, sum(r.sign), sum(r.sign * r.total_bytes) from (${rows}) as r, unnest(r.labels) as label
        where ${COUNTED} group by 1, 2 having sum(r.sign) <> 0 or sum(r.sign * r.total_bytes) <> 0 order by 1, 2
      on conflict (brand_id, label) do update set n = c.n + excluded.n, bytes = c.bytes + excluded.bytes;
      return null;
    end $$;
    create trigger ${name} after ${sql.raw(event)} on asset ${sql.raw(tables)}
      for each statement execute function ${name}();
  `.execute(db);
}

async function savedSearches(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table saved_search (
      brand_id uuid not null references brand on delete cascade,
      id text not null,
      name text not null,
      filter jsonb not null,
      sort text not null default '-created',
      group_by text not null default 'none',
      created_by text not null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (brand_id, id)
    );
    create unique index saved_search_name on saved_search (brand_id, lower(name));
    alter table saved_search enable row level security;
    alter table saved_search force row level security;
    create policy brand_wall on saved_search
      using (brand_id = nullif(current_setting('app.brand', true), '')::uuid)
      with check (brand_id = nullif(current_setting('app.brand', true), '')::uuid);
    grant select, insert, update, delete on saved_search to backlot_app;
  `.execute(db);
}
