import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool } from 'pg';

/** The name under which a connection keeps a statement's plan; undefined for statements planned each time. */
export type StatementNames = (text: string) => string | undefined;

/**
 * Writes of every upload and edit, whose text never varies, and reads that say `kept`. What a search finds depends on its
 * words: always planned.
 */
const KEPT = /^\s*(insert|update|delete|with (made|room|gone|added)|select enqueue_job|\/\* kept \*\/)/;
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

/** The pool as Kysely wants it, for single statements outside transactions. */
export function namingPool(pool: Pool, nameOf: StatementNames): PostgresPool {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect();
    const query = (text: string, values: readonly unknown[] = []) =>
      client.query({ ...named(nameOf, text), values: [...values] });
    // Kysely's type asks for cursors as well, which it uses only where it is given a package for them.
    return { query: query as never, release: () => client.release() };
  };
  return { connect, end: () => pool.end() };
}

/** A statement for the driver, which keeps those with a name. */
export function named(nameOf: StatementNames, text: string): { name?: string; text: string } {
  const name = nameOf(text);
  return name === undefined ? { text } : { name, text };
}
