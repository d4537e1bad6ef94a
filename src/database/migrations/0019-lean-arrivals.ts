import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * What lets an upload commit without another word from the program: the room is judged by the database, on the counter
 * that the new rows have locked. And the statements inside `add_job` keep their plans; each was planned anew for every
 * job. Plans made while the table was small must not scan it when it is large.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function require_room() returns void language plpgsql set search_path = public, pg_temp as $$
      begin
        if (select used_bytes + reserved_bytes > quota_bytes from workspace_usage) then
          raise exception 'The quota is exceeded.' using errcode = 'BL001';
        end if;
      end $$;
    grant execute on function require_room() to backlot_app;

    alter function enqueue_job(text, json, text, timestamptz, integer) set plan_cache_mode = force_generic_plan;
    alter function enqueue_job(text, json, text, timestamptz, integer) set enable_seqscan = off;
  `.execute(db);
}
