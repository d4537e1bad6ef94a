import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * How a version was generated, as its file tells it. The weights of a brand are few among its assets: recipes are
 * compared with them alone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table version add recipe jsonb;
    create index asset_weights on asset (brand_id, id) where media_type = 'weights' and trashed_at is null;
  `.execute(db);
}
