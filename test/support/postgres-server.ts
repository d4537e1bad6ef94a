import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/database/database.ts';
import { startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { TEMPLATE, query } from './postgres.ts';
import type { TestConnection } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestConnection;
  }
}

/**
 * One PostgreSQL for the whole run: the server of TEST_DATABASE_URL, or an embedded one in a temporary folder. The
 * migrations run once, into a template that every test database is copied from.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer();
  try {
    await makeTemplate(server.connection);
  } catch (error) {
    await server.close();
    throw error;
  }
  project.provide('postgres', server.connection);
  return async () => {
    await dropTemplate(server.connection);
    await server.close();
  };
}

async function openServer(): Promise<{ connection: TestConnection; close: () => Promise<void> }> {
  const external = process.env['TEST_DATABASE_URL'];
  if (external !== undefined && external !== '') {
    return { connection: readUrl(external), close: () => Promise.resolve() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'backlot-test-'));
  const server = await startEmbedded({
    dataDir: folder,
    log: { info: () => undefined, warn: (message) => console.warn(message) },
    // Nothing here has to survive a power cut, and several test files hold their own connections.
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' },
  });
  return {
    connection: server.connection,
    close: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function readUrl(text: string): TestConnection {
  const url = new URL(text);
  return {
    host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname),
    port: Number(url.port === '' ? 5432 : url.port),
    user: decodeURIComponent(url.username),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
  };
}

async function makeTemplate(connection: TestConnection): Promise<void> {
  await dropTemplate(connection);
  await query(connection, `create database ${TEMPLATE}`);
  const database = openDatabase({ ...connection, database: TEMPLATE }, 2);
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

function dropTemplate(connection: TestConnection): Promise<void> {
  return query(connection, `drop database if exists ${TEMPLATE} with (force)`);
}
