import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { pgError } from '../../src/database/transaction.ts';
import type { Database } from '../../src/database/database.ts';
import { ensureWorkspace } from '../../src/database/workspace.ts';
import type { BrandScope } from '../../src/domain/access.ts';
import { DEFAULT_PLAN } from '../../src/domain/quota.ts';
import { addRows, makeBrand } from '../support/brands.ts';
import { createTestDatabase, query } from '../support/postgres.ts';
import type { TestDatabase } from '../support/postgres.ts';

const DENIED = '42501';
const CHECK_OPTION = '44000';
const EACH = 40;

let test: TestDatabase;
let database: Database;
let ours: BrandScope;
let theirs: BrandScope;
let ourIds: string[];
let theirIds: string[];

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.connection, 2);
  await ensureWorkspace(database.workspace, DEFAULT_PLAN);
  ours = await makeBrand(database, 'ours');
  theirs = await makeBrand(database, 'theirs');
  const names = Array.from({ length: EACH }, (_, i) => `walk ${i}`);
  ourIds = await addRows(database, ours, names);
  theirIds = await addRows(database, theirs, names);
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const idsOf = async (statement: string, scope = ours) =>
  database.inBrand(scope, async (tx) =>
    (await sql.raw<{ asset_id: string }>(statement).execute(tx)).rows.map((row) => row.asset_id),
  );
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'allowed',
    (error: unknown) => pgError(error)?.code,
  );

describe('searchable text, which has no row security', () => {
  it('cannot be read directly', async () => {
    expect(await codeOf(idsOf('select asset_id from asset_search'))).toBe(DENIED);
  });

  it('shows one brand through its view although no condition names the brand', async () => {
    expect((await idsOf('select asset_id from search_row')).toSorted()).toEqual(ourIds.toSorted());
    expect(
      (await idsOf("select asset_id from search_row where labels @> '{t:shared}'", theirs)).toSorted(),
    ).toEqual(theirIds.toSorted());
  });

  it('shows nothing while no brand is set, and nothing on a connection that was used before', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      await idsOf('select asset_id from search_row');
      const rows = await database.inWorkspace(async (tx) => {
        await sql`set local role backlot_app`.execute(tx);
        return (await sql`select asset_id from search_row union all select id from asset`.execute(tx)).rows;
      });
      expect(rows).toEqual([]);
    }
  });

  it('refuses a row for another brand, and changes none', async () => {
    const insert = `insert into search_row (brand_id, asset_id, created_at, type, source, media_type, size_range, total_bytes, name, labels, tsv)
      values ('${theirs.brandId}', 'AST-00000000', now(), 'image', 'uploaded', 'image', 0, 1, 'x', '{}', '')
      returning asset_id`;
    expect(await codeOf(idsOf(insert))).toBe(CHECK_OPTION);
    const update = `update search_row set name = 'taken' where brand_id = '${theirs.brandId}' returning asset_id`;
    expect(await idsOf(update)).toEqual([]);
    expect(
      await idsOf(`delete from search_row where brand_id = '${theirs.brandId}' returning asset_id`),
    ).toEqual([]);
  });

  it('is covered by the join when somebody grants the table and forgets the condition', async () => {
    const scratch = await createTestDatabase();
    const bare = openDatabase(scratch.connection, 2);
    try {
      await ensureWorkspace(bare.workspace, DEFAULT_PLAN);
      const mine = await makeBrand(bare, 'mine');
      const other = await makeBrand(bare, 'other');
      const [own] = await addRows(bare, mine, ['one']);
      await addRows(bare, other, ['one', 'two']);
      await query(scratch.connection, 'grant select on asset_search to backlot_app');
      const read = (statement: string) =>
        bare.inBrand(mine, async (tx) => (await sql.raw<{ id: string }>(statement).execute(tx)).rows);
      expect(await read('select asset_id as id from asset_search')).toHaveLength(3);
      expect(await read('select a.id from asset_search s join asset a on a.id = s.asset_id')).toEqual([
        { id: own },
      ]);
    } finally {
      await bare.close();
      await scratch.drop();
    }
  });
});

describe('tables with row security', () => {
  it('refuse rows for another brand, in whichever statement', async () => {
    const statements = [
      `insert into event (brand_id, kind) values ('${theirs.brandId}', 'asset.added') returning kind as asset_id`,
      `update event set brand_id = '${theirs.brandId}' returning kind as asset_id`,
    ];
    await database.inBrand(ours, (tx) =>
      sql`insert into event (brand_id, kind) values (${ours.brandId}, 'asset.added')`.execute(tx),
    );
    for (const statement of statements) expect(await codeOf(idsOf(statement)), statement).toBe(DENIED);
    expect(
      await idsOf(`delete from asset where brand_id = '${theirs.brandId}' returning id as asset_id`),
    ).toEqual([]);
    expect(await idsOf(`update asset set name = 'taken' returning id as asset_id`)).toHaveLength(EACH);
    expect(await idsOf(`select id as asset_id from asset where name = 'taken'`, theirs)).toEqual([]);
  });

  it('leave the counters of the other brand alone', async () => {
    const counts = await idsOf('select n::text as asset_id from asset_count', theirs);
    expect(counts.reduce((sum, n) => sum + Number(n), 0)).toBe(EACH);
  });
});

describe('a pool that brands share', () => {
  it(
    'never shows a brand the rows of another, whatever ended the transaction before',
    { timeout: 240_000 },
    async () => {
      const all = [
        { scope: ours, ids: new Set(ourIds) },
        { scope: theirs, ids: new Set(theirIds) },
      ];
      let foreign = 0;
      let broken = 0;
      const visit = async (turn: number) => {
        const { scope, ids } = all[turn % 2] ?? { scope: ours, ids: new Set<string>() };
        const fault = FAULTS[turn % 40];
        if (fault !== undefined) {
          const statementTimeout = fault.includes('pg_sleep') ? 5 : 30_000;
          await database
            .inBrand(scope, (tx) => sql.raw(fault).execute(tx), { statementTimeout })
            .catch(() => (broken += 1));
        }
        const seen = await idsOf(
          'select id as asset_id from asset union all select asset_id from search_row',
          scope,
        );
        foreign += seen.filter((id) => !ids.has(id)).length;
        expect(seen).toHaveLength(2 * EACH);
      };
      for (let turn = 0; turn < 2000; turn += 8) {
        await Promise.all(Array.from({ length: 8 }, (_, i) => visit(turn + i)));
      }
      expect({ foreign, broken: broken > 80 }).toEqual({ foreign: 0, broken: true });
    },
  );
});

/** Four of forty requests fail before they read: by an error, a timeout, a refused row, an unknown table. */
const FAULTS: readonly (string | undefined)[] = [
  'select 1 / 0',
  undefined,
  undefined,
  'select pg_sleep(1)',
  undefined,
  'insert into asset (brand_id) values (null)',
  undefined,
  'select missing from nowhere',
];
