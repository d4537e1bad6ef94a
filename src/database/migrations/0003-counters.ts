import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Counters by statement triggers with transition tables, and the functions that the application role may call. Rows are
 * locked in one order (cube by key, then brand, then workspace), so that writers never deadlock. The bodies are static
 * PL/pgSQL, whose plans each connection keeps: an upload pays for them once, not every time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
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
  await functions(db);
}

const MONTH = "date_trunc('month', created_at at time zone 'UTC')::date";

/** An update that moves no asset between cells and changes no bytes writes nothing. */
async function trigger(
  db: Kysely<unknown>,
  { event, tables, rows }: { event: string; tables: string; rows: string },
): Promise<void> {
  const name = sql.id(`count_assets_${event}`);
  await sql`
    create function ${name}() returns trigger language plpgsql as $$
    begin
      insert into asset_count as c
        select brand_id, trashed_at is not null, ${sql.raw(MONTH)}, type, source, media_type, size_range,
          sum(sign), sum(sign * total_bytes)
        from (${sql.raw(rows)}) as r
        group by 1, 2, 3, 4, 5, 6, 7
        having sum(sign) <> 0 or sum(sign * total_bytes) <> 0
        order by 1, 2, 3, 4, 5, 6, 7
      on conflict (brand_id, trashed, month, type, source, media_type, size_range)
        do update set n = c.n + excluded.n, bytes = c.bytes + excluded.bytes;
      if not found then return null; end if;
      update brand_usage u set
        live_count = u.live_count + t.live_count,
        live_bytes = u.live_bytes + t.live_bytes,
        trash_count = u.trash_count + t.trash_count,
        trash_bytes = u.trash_bytes + t.trash_bytes,
        change_no = u.change_no + 1
      from (
        select brand_id,
          coalesce(sum(sign) filter (where trashed_at is null), 0) as live_count,
          coalesce(sum(sign * total_bytes) filter (where trashed_at is null), 0) as live_bytes,
          coalesce(sum(sign) filter (where trashed_at is not null), 0) as trash_count,
          coalesce(sum(sign * total_bytes) filter (where trashed_at is not null), 0) as trash_bytes
        from (${sql.raw(rows)}) as r group by brand_id
      ) t where u.brand_id = t.brand_id;
      update workspace_usage set used_bytes = used_bytes + t.bytes
      from (select coalesce(sum(sign * total_bytes), 0) as bytes from (${sql.raw(rows)}) as r) t
      where t.bytes <> 0;
      return null;
    end $$;
    create trigger ${name} after ${sql.raw(event)} on asset ${sql.raw(tables)}
      for each statement execute function ${name}();
  `.execute(db);
}

async function functions(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Jobs are written in the caller's transaction; the worker's own tables stay closed to the application role.
    create function enqueue_job(task text, payload json, job_key text, run_at timestamptz, priority integer)
      returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform graphile_worker.add_job(
          identifier => task, payload => payload, job_key => job_key, run_at => run_at, priority => priority,
          max_attempts => 8);
      end $$;
    revoke all on function enqueue_job(text, json, text, timestamptz, integer) from public;
    grant execute on function enqueue_job(text, json, text, timestamptz, integer) to backlot_app;

    -- Words for the search: whole words, and the first one and two letters of each for very short input.
    create function search_vector(words text, more text) returns tsvector language plpgsql immutable parallel safe
      set search_path = pg_catalog, pg_temp as $$
      begin
        return to_tsvector('simple', regexp_replace(words || ' ' || more, '[^[:alnum:]]+', ' ', 'g'))
          || coalesce((
            select array_to_tsvector(array_agg(distinct part))
            from regexp_split_to_table(lower(words), '[^[:alnum:]]+') as word,
              lateral (values ('^' || left(word, 1)), ('^' || left(word, 2))) as short (part)
            where word <> ''
          ), ''::tsvector);
      end $$;
  `.execute(db);
}
