import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

/** Options of `pg` that reach one database. */
export interface TestConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
}

export interface TestDatabase {
  readonly connection: TestConnection;
  /** The same as one text, for what takes a `DATABASE_URL`. */
  readonly url: string;
  /** Ends what is still connected and removes the database. */
  drop(): Promise<void>;
}

/** The database with all migrations run, which test databases are copied from. */
export const TEMPLATE = 'backlot_template';

/** The run's server, connected to its maintenance database. */
export function testServer(): TestConnection {
  return inject('postgres');
}

/** A database for one test file: a copy of the migrated template (about 50 ms), or with `{ empty: true }` a bare one. */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const server = testServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(server, `create database ${name}${options.empty === true ? '' : ` template ${TEMPLATE}`}`);
  const connection = { ...server, database: name };
  return {
    connection,
    url: connectionUrl(connection),
    drop: async () => {
      await query(server, `drop database if exists ${name} with (force)`);
    },
  };
}

/** A `postgres://` text; a socket folder goes into the query, where `pg` reads it. */
export function connectionUrl(connection: TestConnection): string {
  const password = connection.password === undefined ? '' : `:${encodeURIComponent(connection.password)}`;
  const user = `${encodeURIComponent(connection.user)}${password}`;
  return connection.host.startsWith('/')
    ? `postgres://${user}@localhost:${connection.port}/${connection.database}?host=${encodeURIComponent(connection.host)}`
    : `postgres://${user}@${connection.host}:${connection.port}/${connection.database}`;
}

/** One statement on a connection of its own, as `create database` needs it. */
export async function query(connection: TestConnection, statement: string): Promise<void> {
  const client = new Client(connection);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
