import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * How many live members each collection has, so that the list of collections and the pages of share links count nothing.
 * Kept by statement triggers. Those on assets fire last (by name), after the counters of the brand: an upload into a
 * collection locks in that order, too. Connections keep the plans of these functions, so they never scan a table: one
 * that was small when a plan was made may be large by now.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table collection add column live_count bigint not null default 0;
    update collection c set live_count = (
      select count(*) from collection_member m
      join asset a on a.brand_id = m.brand_id and a.id = m.asset_id and a.trashed_at is null
      where m.brand_id = c.brand_id and m.collection_id = c.id);

    -- Collections are locked in one order before any of them is counted.
    create function count_members(deltas jsonb) returns void language plpgsql set enable_seqscan = off as $$
      begin
        perform 1 from jsonb_to_recordset(deltas) as d (brand_id uuid, id text, n bigint)
          join collection c on c.brand_id = d.brand_id and c.id = d.id
          order by c.brand_id, c.id for no key update of c;
        update collection c set live_count = c.live_count + d.n
          from jsonb_to_recordset(deltas) as d (brand_id uuid, id text, n bigint)
          where c.brand_id = d.brand_id and c.id = d.id;
      end $$;
    grant execute on function count_members(jsonb) to backlot_app;
  `.execute(db);
  await memberTrigger(db, { event: 'insert', tables: 'referencing new table as some_rows', sign: 1 });
  await memberTrigger(db, { event: 'delete', tables: 'referencing old table as some_rows', sign: -1 });
  await assetTrigger(db);
}

/** Members in the trash are counted neither when they come nor when they go. */
async function memberTrigger(
  db: Kysely<unknown>,
  { event, tables, sign }: { event: string; tables: string; sign: 1 | -1 },
): Promise<void> {
  const name = sql.id(`gather_members_${event}`);
  await sql`
    create function ${name}() returns trigger language plpgsql set enable_seqscan = off as $$
    declare deltas jsonb;
    begin
      select jsonb_agg(jsonb_build_object('brand_id', t.brand_id, 'id', t.collection_id, 'n', t.n)) into deltas
      from (
        select s.brand_id, s.collection_id, ${sql.raw(String(sign))} * count(*) as n from some_rows s
        cross join lateral (select 1 from asset a
          where a.brand_id = s.brand_id and a.id = s.asset_id and a.trashed_at is null offset 0) live
        group by 1, 2) t;
      if deltas is not null then perform count_members(deltas); end if;
      return null;
    end $$;
    create trigger ${name} after ${sql.raw(event)} on collection_member ${sql.raw(tables)}
      for each statement execute function ${name}();
  `.execute(db);
}

/** Only assets that went into the trash or came out of it are looked up, each by its key. */
async function assetTrigger(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function gather_assets_update() returns trigger language plpgsql set enable_seqscan = off as $$
    declare deltas jsonb;
    begin
      select jsonb_agg(jsonb_build_object('brand_id', t.brand_id, 'id', t.collection_id, 'n', t.n)) into deltas
      from (
        select moved.brand_id, m.collection_id, sum(moved.sign) as n from (
          select r.brand_id, r.id, sum(r.sign) as sign from (
            select 1 as sign, brand_id, id from new_rows where trashed_at is null
            union all select -1, brand_id, id from old_rows where trashed_at is null) r
          group by 1, 2 having sum(r.sign) <> 0) moved
        cross join lateral (select collection_id from collection_member
          where brand_id = moved.brand_id and asset_id = moved.id offset 0) m
        group by 1, 2 having sum(moved.sign) <> 0) t;
      if deltas is not null then perform count_members(deltas); end if;
      return null;
    end $$;
    create trigger gather_assets_update after update on asset
      referencing old table as old_rows new table as new_rows
      for each statement execute function gather_assets_update();
  `.execute(db);
}
