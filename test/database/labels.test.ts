import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import type { Database } from '../../src/database/database.ts';
import { LABELS, columnConditions, labelConditions } from '../../src/database/labels.ts';
import { ensureWorkspace } from '../../src/database/workspace.ts';
import type { BrandScope } from '../../src/domain/access.ts';
import { PEOPLE, RATINGS } from '../../src/domain/labels.ts';
import { DEFAULT_PLAN } from '../../src/domain/quota.ts';
import type { AssetQuery } from '../../src/domain/search-query.ts';
import { addRows, makeBrand } from '../support/brands.ts';
import { createTestDatabase } from '../support/postgres.ts';
import type { TestDatabase } from '../support/postgres.ts';

const ROWS = 240;
const STATUSES = ['ingested', 'reviewed', 'approved'] as const;
const WORDS = ['sea', 'sky', 'fog'];

let test: TestDatabase;
let database: Database;
let scope: BrandScope;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.connection, 2);
  await ensureWorkspace(database.workspace, DEFAULT_PLAN);
  scope = await makeBrand(database, 'ours');
  await addRows(
    database,
    scope,
    Array.from({ length: ROWS }, (_, i) => `row ${i}`),
  );
  const some = (salt: string) =>
    sql`case abs(hashtext(id || ${salt})) % 4 when 0 then '{}' when 1 then '{sea}' when 2 then '{sea,sky}' else '{sky}' end::text[]`;
  const one = (values: readonly string[], salt: string) =>
    sql`(${[...values]}::text[])[1 + abs(hashtext(id || ${salt}::text)) % ${sql.lit(values.length)}]`;
  await sql`
    update asset set status = ${one(STATUSES, 's')}, rating = nullif(abs(hashtext(id || 'r')) % 6, 0),
      product = ${one(['', 'Boot', '-'], 'p')}, campaign = ${one(['', 'Spring'], 'c')},
      has_people = ${one(['true', 'false', ''], 'h')} = 'true', must_include = hashtext(id || 'i') % 3 = 0,
      width = nullif(abs(hashtext(id || 'w')) % 4, 0), height = 2,
      tags = ${some('t')}, mood = ${some('m')}, style = ${some('y')}`.execute(database.workspace);
  await sql`update asset set has_people = null where hashtext(id || 'n') % 3 = 0`.execute(database.workspace);
  await sql`
    update asset_search s set labels = ${LABELS} from asset a
    where a.brand_id = s.brand_id and a.id = s.asset_id`.execute(database.workspace);
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const some = <T extends string>(values: readonly T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }), { nil: undefined });
const queries: fc.Arbitrary<AssetQuery> = fc.record(
  {
    status: some(STATUSES),
    rating: some(RATINGS),
    minRating: fc.integer({ min: 1, max: 5 }),
    product: some(['-', 'Boot', 'None of ours']),
    campaign: some(['-', 'Spring']),
    hasPeople: some(PEOPLE),
    orientation: fc.constantFrom('landscape', 'portrait', 'square'),
    mustInclude: fc.boolean(),
    mood: some(WORDS),
    style: some(WORDS),
    tag: some(WORDS),
    tagMode: fc.constantFrom('any', 'all'),
  },
  { requiredKeys: [] },
);

it('finds the same by the columns of the assets as by the labels made of them', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const by = (conditions: readonly ReturnType<typeof sql>[]) =>
        sql.join([sql`true`, ...conditions], sql` and `);
      const { rows } = await database.inBrand(scope, (tx) =>
        sql<{ labels: string[]; columns: string[] }>`
          select array(select s.asset_id from search_row s
              where s.brand_id = ${scope.brandId} and ${by(labelConditions(query))} order by 1) as labels,
            array(select a.id from asset a
              where a.brand_id = ${scope.brandId} and ${by(columnConditions(query))} order by 1) as columns`.execute(
          tx,
        ),
      );
      expect(rows[0]?.columns).toEqual(rows[0]?.labels);
      found += rows[0]?.labels.length ?? 0;
    }),
    { numRuns: 200 },
  );
  expect(found).toBeGreaterThan(ROWS);
});
