import { Writable } from 'node:stream';
import { sql } from 'kysely';
import type { CompiledQuery, DatabaseConnection, QueryExecutorProvider, QueryResult } from 'kysely';
import { DatabaseError } from 'pg';
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../domain/failures.ts';

/** Whatever statements can be run on: the pool, or one transaction. */
export type Executor = QueryExecutorProvider;

export interface Transaction<T> {
  readonly opening: string;
  readonly work: (tx: Executor) => Promise<T>;
  readonly nameOf: StatementNames;
}

/** The name under which a connection keeps a statement's plan; undefined for statements planned each time. */
export type StatementNames = (text: string) => string | undefined;

/** Writes of every upload and edit, whose text never varies. What a search finds depends on its words: always planned. */
const KEPT = /^\s*(insert|update|delete|with (made|room|gone|added)|select enqueue_job)/;
const KEPT_MOST = 100;

/** Names for statements whose plans are worth keeping: planning a small write costs more than running it. */
export function statementNames(): StatementNames {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= KEPT_MOST || !KEPT.test(text)) return known;
    const name = `backlot_${names.size}`;
    names.set(text, name);
    return name;
  };
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
  try {
    const opened = sql.raw(opening).execute(tx);
    opened.catch(() => undefined);
    const result = await work(tx);
    await opened;
    await sql`commit`.execute(tx).catch((error: unknown) => {
      throw isRefusal(error) ? error : new CommitUnknown(error);
    });
    return result;
  } catch (error) {
    line.close();
    // A broken connection cannot roll back; the server has done so already, and the pool must not keep it.
    await client.query('rollback').catch((cause: Error) => (broken = cause));
    throw isUnholdable(error)
      ? new Failure('invalid_input', { message: UNHOLDABLE_TEXT, cause: error })
      : error;
  } finally {
    line.close();
    client.release(broken);
  }
}

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

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#open) throw new Error('A statement came after the end of its transaction.');
    this.#gather();
    const text = query.sql;
    const name = this.#nameOf(text);
    const values = [...query.parameters];
    const { rows } = await this.#client.query(name === undefined ? { text, values } : { name, text, values });
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

/** The connection broke while a commit was under way: it may hold or not, so nothing may be cleaned up on its account. */
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
