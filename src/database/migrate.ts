import { runMigrations } from 'graphile-worker';
import { Migrator, sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';
import type { Database } from './database.ts';
import { up as workspace } from './migrations/0001-workspace.ts';
import { up as library } from './migrations/0002-library.ts';
import { up as counters } from './migrations/0003-counters.ts';
import { up as find } from './migrations/0004-find.ts';
import { up as keep } from './migrations/0005-keep.ts';
import { up as space } from './migrations/0006-space.ts';
import { up as tags } from './migrations/0007-tags.ts';
import { up as recipes } from './migrations/0010-recipes.ts';
import { up as locks } from './migrations/0012-locks.ts';
import { up as collectionCount } from './migrations/0013-collection-count.ts';
import { up as pictureVersion } from './migrations/0016-picture-version.ts';
import { up as largeSteps } from './migrations/0014-large-steps.ts';
import { up as stepFailures } from './migrations/0015-step-failures.ts';
import { up as idWords } from './migrations/0018-id-words.ts';
import { up as leanArrivals } from './migrations/0019-lean-arrivals.ts';
import { up as recipeLabels } from './migrations/0021-recipe-labels.ts';

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-workspace': { up: workspace },
  '0002-library': { up: library },
  '0003-counters': { up: counters },
  '0004-find': { up: find },
  '0005-keep': { up: keep },
  '0006-space': { up: space },
  '0007-tags': { up: tags },
  '0010-recipes': { up: recipes },
  '0012-locks': { up: locks },
  '0013-collection-count': { up: collectionCount },
  '0016-picture-version': { up: pictureVersion },
  '0014-large-steps': { up: largeSteps },
  '0015-step-failures': { up: stepFailures },
  '0018-id-words': { up: idWords },
  '0019-lean-arrivals': { up: leanArrivals },
  '0021-recipe-labels': { up: recipeLabels },
};

/** PostgreSQL 15 is the oldest that the statements are written for. */
const OLDEST = 150_000;
const LOCK = 0x6261_636b;

/**
 * Brings the schema up to date. Processes that start together wait for one another on an advisory lock; each migration
 * runs in a transaction, so an interrupted one leaves nothing behind.
 */
export async function migrate(database: Database): Promise<void> {
  const version = await sql<{ v: number }>`select current_setting('server_version_num')::int as v`.execute(
    database.workspace,
  );
  if ((version.rows[0]?.v ?? 0) < OLDEST) {
    throw new Error('The database is older than PostgreSQL 15. Point DATABASE_URL to a newer server.');
  }
  if (await isCurrent(database)) return;
  await unhurried(database, async (connection) => {
    await sql`select pg_advisory_lock(${LOCK})`.execute(connection);
    try {
      await runMigrations({ pgPool: database.pool });
      const migrator = new Migrator({
        db: connection,
        provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
      });
      const { error } = await migrator.migrateToLatest();
      if (error !== undefined) throw error;
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(connection);
    }
  });
}

/**
 * A connection without the time limit of statements: a migration may rewrite the rows of a large library for minutes, and
 * a process that waits for another one's migration waits as long.
 */
export async function unhurried(
  { workspace }: Pick<Database, 'workspace'>,
  work: (connection: Kysely<unknown>) => Promise<void>,
): Promise<void> {
  await workspace.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    try {
      await work(connection);
    } finally {
      await sql`reset statement_timeout`.execute(connection);
    }
  });
}

/** One look instead of two migrators: what a start costs when nothing has changed. */
async function isCurrent(database: Database): Promise<boolean> {
  const table = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(database.workspace);
  if (table.rows[0]?.there !== true) return false;
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(database.workspace);
  const names = new Set(done.rows.map((row) => row.name));
  return Object.keys(MIGRATIONS).every((name) => names.has(name));
}
