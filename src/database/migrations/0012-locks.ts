import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Fields that only people may change from now on. Beside who said them, since every edit writes that anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table asset add locked text[] not null default '{}'`.execute(db);
}
