import { Writable } from 'node:stream';
import { sql } from 'kysely';
import type { CompiledQuery, DatabaseConnection, QueryExecutorProvider, QueryResult } from 'kysely';
import { DatabaseError } from 'pg';
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../domain/failures.ts';
import { named } from './statement-names.ts';
import type { StatementNames } from './statement-names.ts';

/** Whatever statements can be run on: the pool, or one transaction. */
export type Executor = QueryExecutorProvider;

/**
 * Sends the commit right behind the statements that were just started, without waiting for their answers; should one of
 * them fail, the server rolls back instead. It frees what they lock a round trip earlier. No statement may follow, and
 * nothing that only the program can judge may be left to decide.
 */
export type CommitAlong = () => void;

export type Work<Tx, T> = (tx: Tx, commitAlong: CommitAlong) => Promise<T>;

export interface Transaction<T> {
  readonly opening: string;
  readonly work: Work<Executor, T>;
  readonly nameOf: StatementNames;
}

/**
 * Runs work in one transaction on a connection of its own. Statements started together travel together, in the order
 * they were started; the opening ones travel with the first. Should one fail, the server refuses all behind it, and
 * nothing that the work starts after its end can reach the connection.
 */
export async function transact<T>(
  db: Executor,
  pool: Pool,
  { opening, work, nameOf }: Transaction<T>,
): Promise<T> {
  const client = await pool.connect();
  const line = new Line(client, nameOf);
  const tx: Executor = {
    getExecutor: () => db.getExecutor().withConnectionProvider({ provideConnection: (use) => use(line) }),
  };
  let broken: Error | undefined;
  let commit: Promise<unknown> | undefined;
  const commitAlong = () => {
    commit ??= sql.raw(COMMIT).execute(tx);
    commit.catch(() => undefined);
  };
  try {
    const opened = sql.raw(opening).execute(tx);
    opened.catch(() => undefined);
    const result = await work(tx, commitAlong);
    await opened;
    commitAlong();
    await commit;
    return result;
  } catch (error) {
    line.close();
    const cause = await fateOf(commit, error);
    // A broken connection cannot roll back; the server has done so already, and the pool must not keep it.
    await client.query('rollback').catch((lost: Error) => (broken = lost));
    throw isUnholdable(cause) ? new Failure('invalid_input', { message: UNHOLDABLE_TEXT, cause }) : cause;
  } finally {
    line.close();
    client.release(broken);
  }
}

const COMMIT = 'commit';

/** What to tell of a transaction that failed: the error, where it surely left nothing behind. */
async function fateOf(commit: Promise<unknown> | undefined, error: unknown): Promise<unknown> {
  if (commit === undefined) return error;
  const isGone = await commit.then(
    () => false,
    (refused: unknown) => refused instanceof RolledBack || isRefusal(refused),
  );
  return isGone ? error : new CommitUnknown(error);
}

/** The server answered a commit with a rollback, because a statement before it had failed. */
class RolledBack extends Error {}

/** One transaction's way to the server; closed for good when the transaction ends. */
class Line implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #nameOf: StatementNames;
  #open = true;
  #gathering = false;

  constructor(client: PoolClient, nameOf: StatementNames) {
    this.#client = client;
    this.#nameOf = nameOf;
  }

  close(): void {
    this.#open = false;
  }

  async executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#open) throw new Error('A statement came after the end of its transaction.');
    const isCommit = text === COMMIT;
    if (isCommit) this.close();
    this.#gather();
    const { rows, command } = await this.#client.query({
      ...named(this.#nameOf, text),
      values: [...parameters],
    });
    if (isCommit && command !== 'COMMIT') throw new RolledBack('The transaction was rolled back.');
    return { rows };
  }

  /** Statements started in one turn leave in one packet instead of one each. */
  #gather(): void {
    const stream = streamOf(this.#client);
    if (stream === null || this.#gathering) return;
    this.#gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  streamQuery(): never {
    throw new Error('Results are read whole.');
  }
}

/** The socket under a client. The driver keeps it in a field that its types leave out; without it nothing is gathered. */
function streamOf(client: PoolClient): Writable | null {
  const { connection } = client as PoolClient & { readonly connection?: { readonly stream?: unknown } };
  return connection?.stream instanceof Writable ? connection.stream : null;
}

const UNHOLDABLE_TEXT = 'A value of the request cannot be stored or compared.';
/** Numbers and times out of range, characters that no text may hold, values in another type's form. */
const UNHOLDABLE = new Set(['22003', '22007', '22008', '22021', '22P02', '22P05']);

/** Such values reach a statement only from a request: schemas bound what they can, PostgreSQL knows the rest. */
function isUnholdable(error: unknown): boolean {
  return UNHOLDABLE.has(pgError(error)?.code ?? '');
}

/** A commit was under way when something broke: it may hold or not, so nothing may be cleaned up on its account. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('The answer to a commit was lost.', { cause });
    this.name = 'CommitUnknown';
  }
}

/**
 * Whether the server refused and so surely did not commit. A broken connection tells nothing, and neither does an end by
 * the operator or a failure of the link, which can come after the commit was written.
 */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.severity !== 'ERROR') return false;
  return !/^(08|57P)/.test(error.code ?? '');
}

export interface PgError {
  readonly code: string;
  readonly constraint?: string;
}

/** The SQLSTATE of an error from PostgreSQL, if it is one. */
export function pgError(error: unknown): PgError | null {
  if (error instanceof DatabaseError && error.code !== undefined) {
    return { code: error.code, ...(error.constraint === undefined ? {} : { constraint: error.constraint }) };
  }
  return null;
}

/**
 * Whether the values of some row were refused: out of range, against a rule of the table, larger than the server holds.
 * The other rows of the statement might have gone through.
 */
export function isOfOneRow(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : error;
  return /^(22|23|54)/.test(pgError(cause)?.code ?? '');
}
