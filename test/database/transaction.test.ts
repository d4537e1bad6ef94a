import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import type { Database } from '../../src/database/database.ts';
import { unhurried } from '../../src/database/migrate.ts';
import { CommitUnknown } from '../../src/database/transaction.ts';
import { createTestDatabase } from '../support/postgres.ts';
import type { TestDatabase } from '../support/postgres.ts';

let made: TestDatabase;
let database: Database;
beforeAll(async () => {
  made = await createTestDatabase({ empty: true });
  database = openDatabase(made.connection, 3);
  await sql`create table note (text text primary key)`.execute(database.workspace);
});
afterAll(async () => {
  await database.close();
  await made.drop();
});

const notes = async () => {
  const { rows } = await sql<{ text: string }>`select text from note order by text`.execute(
    database.workspace,
  );
  return rows.map((row) => row.text);
};

it('keeps nothing of a transaction whose statements fail side by side', async () => {
  for (let round = 0; round < 50; round += 1) {
    const failed = database.inWorkspace(async (tx) => {
      await Promise.all([
        sql`select 1 / 0`.execute(tx),
        sql`insert into note values ('first')`.execute(tx),
        sql`insert into note values ('second')`.execute(tx),
        sql`insert into note values ('third')`.execute(tx),
      ]);
    });
    await expect(failed).rejects.toThrow('division by zero');
  }
  expect(await notes()).toEqual([]);
});

it('keeps nothing when the work gives up while statements are still on their way', async () => {
  for (let round = 0; round < 50; round += 1) {
    const failed = database.inWorkspace(async (tx) => {
      const giveUp = sql`select 1`.execute(tx).then(() => Promise.reject(new Error('no more')));
      await Promise.all([
        giveUp,
        sql`select pg_sleep(0.002)`.execute(tx),
        sql`insert into note values ('late')`.execute(tx),
      ]);
    });
    await expect(failed).rejects.toThrow('no more');
  }
  expect(await notes()).toEqual([]);
});

it('refuses a statement that is started after its transaction', async () => {
  let late: (() => Promise<unknown>) | undefined;
  await database.inWorkspace(async (tx) => {
    await sql`insert into note values ('kept')`.execute(tx);
    late = () => sql`insert into note values ('too late')`.execute(tx);
  });
  await expect(late?.()).rejects.toThrow('after the end of its transaction');
  expect(await notes()).toEqual(['kept']);
});

it('runs statements in the order in which they were started', async () => {
  await database.inWorkspace(async (tx) => {
    const steps = Array.from(
      { length: 30 },
      (_, i) => `update note set text = '${i}' where text = '${i - 1}'`,
    );
    await Promise.all([
      sql`update note set text = '-1' where text = 'kept'`.execute(tx),
      ...steps.map((step) => sql.raw(step).execute(tx)),
    ]);
  });
  expect(await notes()).toEqual(['29']);
});

it('lets migrations take their time, and nothing after them', async () => {
  const timeout = async (on: Database['workspace']) =>
    (await sql<{ value: string }>`select current_setting('statement_timeout') as value`.execute(on)).rows[0]
      ?.value;
  const one = openDatabase(made.connection, 1);
  try {
    const usual = await timeout(one.workspace);
    expect(usual).not.toBe('0');
    await unhurried(one, async (connection) => expect(await timeout(connection)).toBe('0'));
    await expect(unhurried(one, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await timeout(one.workspace)).toBe(usual);
  } finally {
    await one.close();
  }
});

describe('a commit that travels with its statements', () => {
  const write = (text: string) => sql`insert into note values (${text})`;

  it('keeps what they wrote', async () => {
    const answer = await database.inWorkspace(async (tx, commitAlong) => {
      const written = Promise.all([write('along').execute(tx), write('beside').execute(tx)]);
      commitAlong();
      await written;
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await notes()).toEqual(expect.arrayContaining(['along', 'beside']));
  });

  it('keeps nothing when one of them fails, first or last, and says why', async () => {
    const before = await notes();
    for (const [first, last] of [
      ['along', 'new'],
      ['new', 'along'],
    ] as const) {
      const failed = database.inWorkspace(async (tx, commitAlong) => {
        const written = Promise.all([write(first).execute(tx), write(last).execute(tx)]);
        commitAlong();
        await written;
      });
      await expect(failed).rejects.toMatchObject({ code: '23505' });
    }
    expect(await notes()).toEqual(before);
  });

  it('leaves open what became of it when the program fails behind it', async () => {
    const failed = database.inWorkspace(async (tx, commitAlong) => {
      const written = write('open').execute(tx);
      commitAlong();
      await written;
      throw new Error('too late to change anything');
    });
    await expect(failed).rejects.toThrow(CommitUnknown);
    expect(await notes()).toContain('open');
  });

  it('leaves open what became of it when the connection breaks', async () => {
    const failed = database.inWorkspace(async (tx, commitAlong) => {
      const written = sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
      commitAlong();
      await written;
    });
    await expect(failed).rejects.toThrow(CommitUnknown);
  });

  it('takes no statement after it', async () => {
    const failed = database.inWorkspace(async (tx, commitAlong) => {
      const written = write('in time').execute(tx);
      commitAlong();
      await written;
      await write('late').execute(tx);
    });
    await expect(failed).rejects.toThrow(CommitUnknown);
    expect(await notes()).not.toContain('late');
  });
});

it('does not pretend that a transaction holds whose failed statement was overlooked', async () => {
  const overlooked = database.inWorkspace(async (tx) => {
    await sql`select 1 / 0`.execute(tx).catch(() => undefined);
  });
  await expect(overlooked).rejects.toThrow('rolled back');
});
