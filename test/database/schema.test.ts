import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, query } from '../support/postgres.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { schemaProblems } from '../support/schema.ts';

/** A guarded table as the migrations make them; each hole below leaves one thing out. */
const GUARDED = `
  create table scratch (brand_id uuid not null, id text not null, primary key (brand_id, id));
  alter table scratch enable row level security;
  alter table scratch force row level security;
  create policy brand_wall on scratch
    using (brand_id = nullif(current_setting('app.brand', true), '')::uuid)
    with check (brand_id = nullif(current_setting('app.brand', true), '')::uuid);
  grant select, insert, update, delete on scratch to backlot_app;`;

const HOLES: readonly { name: string; statement: string; says: RegExp }[] = [
  {
    name: 'no brand at all',
    statement: 'create table loose (id text primary key)',
    says: /loose: no brand_id/,
  },
  {
    name: 'a key that does not begin with the brand',
    statement: `${GUARDED} alter table scratch drop constraint scratch_pkey, add primary key (id, brand_id)`,
    says: /scratch: the primary key does not begin with brand_id/,
  },
  {
    name: 'row-level security off',
    statement: `${GUARDED} alter table scratch disable row level security`,
    says: /scratch: row-level security is off/,
  },
  {
    name: 'an owner who walks past',
    statement: `${GUARDED} alter table scratch no force row level security`,
    says: /scratch: row-level security is not forced/,
  },
  {
    name: 'no policy',
    statement: `${GUARDED} drop policy brand_wall on scratch`,
    says: /scratch: needs exactly one policy/,
  },
  {
    name: 'a policy for reading alone',
    statement: `${GUARDED} drop policy brand_wall on scratch;
      create policy brand_wall on scratch for select
      using (brand_id = nullif(current_setting('app.brand', true), '')::uuid)`,
    says: /scratch: needs exactly one policy/,
  },
  {
    name: 'a second policy that opens what the first closes',
    statement: `${GUARDED} create policy generous on scratch using (true) with check (true)`,
    says: /scratch: needs exactly one policy/,
  },
  {
    name: 'a policy that allows all while no brand is set',
    statement: `${GUARDED} drop policy brand_wall on scratch;
      create policy brand_wall on scratch using (coalesce(current_setting('app.brand', true), '') = ''
        or brand_id = nullif(current_setting('app.brand', true), '')::uuid)
      with check (brand_id = nullif(current_setting('app.brand', true), '')::uuid)`,
    says: /scratch: needs exactly one policy/,
  },
  {
    name: 'the right to truncate, which no policy sees',
    statement: `${GUARDED} grant truncate on scratch to backlot_app`,
    says: /scratch: backlot_app may TRUNCATE/,
  },
  {
    name: 'a foreign key without the brand',
    statement: `${GUARDED} alter table scratch add foreign key (id) references asset (id)`,
    says: /scratch: the foreign key \w+ leaves the brand out/,
  },
  {
    name: 'a unique key over all brands',
    statement: `${GUARDED} alter table scratch add unique (id)`,
    says: /scratch: the unique key \w+ spans all brands/,
  },
  {
    name: 'a right on the searchable text itself',
    statement: 'grant select on asset_search to backlot_app',
    says: /asset_search: backlot_app may SELECT/,
  },
  {
    name: 'a right on the keys',
    statement: 'grant select on api_key to backlot_app',
    says: /api_key: backlot_app may SELECT/,
  },
  {
    name: 'a view with the rights of its owner',
    statement: 'create view everything as select * from asset',
    says: /everything: a view that is not listed/,
  },
  {
    name: 'a function with the rights of its owner',
    statement: `create function peek() returns bigint language sql security definer as 'select count(*) from asset'`,
    says: /peek: a SECURITY DEFINER function that is not listed/,
  },
  {
    name: 'the search view without its brand',
    statement: `create or replace view search_row as
      select brand_id, asset_id, created_at, type, source, media_type, size_range, total_bytes, name, labels, colours, tsv from asset_search`,
    says: /search_row: a view that does not pin the brand/,
  },
];

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('guards every table, view and function of the brands', async () => {
    expect(await schemaProblems(database.connection)).toEqual([]);
  });

  it('accepts a further table that is guarded', async () => {
    const scratch = await createTestDatabase();
    try {
      await query(scratch.connection, GUARDED);
      expect(await schemaProblems(scratch.connection)).toEqual([]);
    } finally {
      await scratch.drop();
    }
  });

  it.each(HOLES)('is found out: $name', async ({ statement, says }) => {
    const scratch = await createTestDatabase();
    try {
      await query(scratch.connection, statement);
      const problems = await schemaProblems(scratch.connection);
      expect(problems).toContainEqual(expect.stringMatching(says));
    } finally {
      await scratch.drop();
    }
  });
});
