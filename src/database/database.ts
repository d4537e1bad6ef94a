import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { ClientConfig } from 'pg';
import type { BrandScope } from '../domain/access.ts';
import { namingPool, statementNames } from './statement-names.ts';
import type { StatementNames } from './statement-names.ts';
import { transact } from './transaction.ts';
import type { Executor, Work } from './transaction.ts';

/** How to reach PostgreSQL: an address, or the pieces of one (a folder as host means its Unix socket). */
export type Connection =
  | { readonly url: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
      readonly password?: string;
    };

const BRAND: unique symbol = Symbol('inside a brand transaction');
/** A transaction in which the database itself shows one brand only. Brand data can be had no other way. */
export type BrandTx = Executor & { readonly [BRAND]: true };

export interface Database {
  /** One short transaction as the application role, pinned to the scope's brand. Nothing slow belongs inside. */
  inBrand<T>(scope: BrandScope, work: Work<BrandTx, T>, options?: BrandOptions): Promise<T>;
  /** One short transaction on the tables of the installation, as the owner. */
  inWorkspace<T>(work: Work<Executor, T>): Promise<T>;
  /** Single statements on the tables of the installation. */
  readonly workspace: Kysely<unknown>;
  readonly connection: Connection;
  readonly pool: Pool;
  close(): Promise<void>;
}

export interface BrandOptions {
  /** Lets the commit answer before the log is on disk; only for rows whose loss changes nothing. */
  readonly relaxed?: boolean;
  /** Milliseconds a statement may take; default 30 s. */
  readonly statementTimeout?: number;
}

export const STATEMENT_TIMEOUT_MS = 30_000;
const ACTOR = /^[\w-]{1,64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function clientConfig(connection: Connection): ClientConfig {
  return 'url' in connection ? { connectionString: connection.url } : { ...connection };
}

export function openDatabase(connection: Connection, maxConnections = 10): Database {
  const pool = new Pool({
    ...clientConfig(connection),
    max: maxConnections,
    // Statements sent together travel together: on a busy machine the round trips cost more than the work.
    pipeline: true,
    options: `-c TimeZone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c idle_in_transaction_session_timeout=60000`,
    types: { getTypeParser },
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  // An idle connection that the server ends is replaced on the next use; without a listener it would end the program.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  // A pooler between us and an external server may hand a transaction to a connection that knows no names.
  const nameOf: StatementNames = 'url' in connection ? () => undefined : statementNames();
  const workspace = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: namingPool(pool, nameOf) }) });

  return {
    workspace,
    pool,
    connection,
    inBrand: (scope, work, options = {}) => {
      if (!UUID.test(scope.brandId)) throw new Error('A brand scope carries a malformed brand id.');
      if (!ACTOR.test(scope.actor.id)) throw new Error('A brand scope carries a malformed actor id.');
      const settings = [
        'begin',
        'set local role backlot_app',
        `set local app.brand = '${scope.brandId}'`,
        `set local app.actor = '${scope.actor.id}'`,
        ...(options.relaxed === true ? ['set local synchronous_commit = off'] : []),
        ...(options.statementTimeout === undefined
          ? []
          : [`set local statement_timeout = ${Math.trunc(options.statementTimeout)}`]),
      ];
      return transact(workspace, pool, {
        opening: settings.join('; '),
        work: (tx, commitAlong) => work(tx as BrandTx, commitAlong),
        nameOf,
      });
    },
    inWorkspace: (work) => transact(workspace, pool, { opening: 'begin', work, nameOf }),
    close: () => workspace.destroy(),
  };
}

const INT8 = 20;

/** Counts and bytes stay far below 2^53, so 64-bit integers become numbers. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8) return Number;
  return types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown;
}
