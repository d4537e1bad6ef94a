import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * How many live assets carry each tag, so that completing a tag reads a few index rows in a library of any size. Kept by
 * statement triggers; tags are locked in one order, and before the other counters (triggers fire by name).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tag_count (
      brand_id uuid not null references brand on delete cascade,
      tag text collate "C" not null,
      n bigint not null,
      primary key (brand_id, tag)
    ) with (fillfactor = 70);
    alter table tag_count enable row level security;
    alter table tag_count force row level security;
    create policy brand_wall on tag_count
      using (brand_id = nullif(current_setting('app.brand', true), '')::uuid)
      with check (brand_id = nullif(current_setting('app.brand', true), '')::uuid);
    grant select, insert, update, delete on tag_count to backlot_app;
    insert into tag_count (brand_id, tag, n)
      select brand_id, tag, count(*) from asset, unnest(tags) as tag where trashed_at is null group by 1, 2;
  `.execute(db);
  await trigger(db, {
    event: 'insert',
    tables: 'referencing new table as new_rows',
    rows: 'select 1 as sign, * from new_rows',
  });
  await trigger(db, {
    event: 'delete',
    tables: 'referencing old table as old_rows',
    rows: 'select -1 as sign, * from old_rows',
  });
  await trigger(db, {
    event: 'update',
    tables: 'referencing old table as old_rows new table as new_rows',
    rows: 'select -1 as sign, * from old_rows union all select 1 as sign, * from new_rows',
  });
}

/** A statement that moves no tag writes nothing. */
async function trigger(
  db: Kysely<unknown>,
  { event, tables, rows }: { event: string; tables: string; rows: string },
): Promise<void> {
  const name = sql.id(`asset_tags_${event}`);
  await sql`
    create function ${name}() returns trigger language plpgsql as $$
    begin
      insert into tag_count as c
        select brand_id, tag, sum(sign)
        from (${sql.raw(rows)}) as r, unnest(tags) as tag
        where trashed_at is null
        group by 1, 2 having sum(sign) <> 0 order by brand_id, tag
      on conflict (brand_id, tag) do update set n = c.n + excluded.n;
      return null;
    end $$;
    create trigger ${name} after ${sql.raw(event)} on asset ${sql.raw(tables)}
      for each statement execute function ${name}();
  `.execute(db);
}
