import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * The version that the pictures of an asset show. While a new version is being looked at, those of the one before are
 * all there is: its number keeps their addresses right.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table asset add column picture_version int not null default 1;
    update asset set picture_version = current_version where current_version <> 1;
  `.execute(db);
}
