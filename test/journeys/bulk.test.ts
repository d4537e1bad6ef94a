import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedAssets } from '../../bench/seed.ts';
import { createClient } from '../../client/index.ts';
import type { Client } from '../../client/index.ts';
import { refreshSearchRows } from '../../src/database/search-rows.ts';
import { findBrand } from '../../src/database/workspace.ts';
import { enterBrandAsSystem } from '../../src/domain/access.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { snapshotBrand } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

/** More than one transaction takes at once. */
const MANY = 10_300;
const soon = { timeout: 60_000, interval: 100 };

let app: TestApp;
let many: Client;
const b = 'default';
beforeAll(async () => {
  app = await startApp();
  const { workspace } = app.app.deps.database;
  await seedAssets(workspace, { slug: 'many', count: MANY });
  // The autovacuum of a running server would do it; without figures the planner takes the tables for empty.
  await sql`analyze asset, asset_search, version`.execute(workspace);
  many = createClient({ origin: app.url, key: await app.keyFor('many', 'owner') });
});
afterAll(() => app.close());

/** Every row of the assets and their search rows, but for the marks that tell that something happened. */
async function rows(slug: string, without: readonly string[] = []): Promise<string[]> {
  const brand = await findBrand(app.app.deps.database.workspace, slug);
  const all = await snapshotBrand(app.app.deps.database, brand?.id ?? '');
  const marks = new Set(['revision', 'updated_at', ...without]);
  return (
    [...(all['asset'] ?? []), ...(all['search_row'] ?? []), ...(all['asset_count'] ?? [])]
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      // A cell of the counters that is empty again may stay.
      .filter((row) => row['n'] !== 0)
      .map((row) => JSON.stringify(Object.entries(row).filter(([name]) => !marks.has(name))))
      .toSorted()
  );
}

async function refreshAll(ids: readonly string[]): Promise<void> {
  const brand = await findBrand(app.app.deps.database.workspace, b);
  const scope = enterBrandAsSystem(brand?.id ?? '');
  await app.app.deps.database.inBrand(scope, (tx) => refreshSearchRows(scope, tx, { ids }));
}

const tag = fc.constantFrom('sea', 'sky', 'sand', 'Night', 'day');
const change = fc
  .record(
    {
      set: fc.record(
        {
          type: fc.constantFrom('logo' as const, 'document' as const),
          status: fc.constantFrom('approved' as const, 'ingested' as const),
          description: fc.constantFrom('', 'A calm sea', 'words, "quoted"'),
          sceneHint: fc.constantFrom('', 'Scene 3'),
          mustInclude: fc.boolean(),
          rating: fc.constantFrom(null, 1, 5),
          product: fc.constantFrom('', 'Sea Breeze'),
          mood: fc.constantFrom<string[]>([], ['calm'], ['calm', 'sea']),
          custom: fc.constantFrom({ client: 'Night Ltd' }, { client: null }),
        },
        { requiredKeys: [] },
      ),
      addTags: fc.array(tag, { maxLength: 3 }),
      removeTags: fc.array(tag, { maxLength: 2 }),
      trash: fc.constant(true as const),
    },
    { requiredKeys: [] },
  )
  .filter((one) => Object.keys(one).length > 0);

test('a bulk change and its undo leave every field of every row as it was, whatever came before', async () => {
  const ids: string[] = [];
  for (const tags of ['', 'sea', 'sky,sand', 'night,sea,day']) {
    const answer = await putRaw(app, { bytes: randomBytes(60), name: 'a.dat', fields: { tags } });
    ids.push(assetOf(answer));
  }
  await fc.assert(
    fc.asyncProperty(change, change, fc.subarray(ids, { minLength: 1 }), async (first, second, some) => {
      // What stands before has its own history: said by somebody, perhaps in the trash.
      await app.client.call('assets.bulk', { b, select: { ids }, change: first });
      const before = await rows(b);
      const done = await app.client.call('assets.bulk', { b, select: { ids: some }, change: second });
      const undone = await app.client.call('operations.undo', { b, id: done.operation ?? '' });
      expect(undone).toMatchObject({ changed: done.changed, skipped: 0, done: true });
      expect(await rows(b)).toEqual(before);
      await app.client.call('assets.bulk', { b, select: { ids: some }, change: second });
      await app.client.call('assets.bulk', { b, select: { ids }, change: { restore: true } });
      // Steps make only that part of the search rows anew which follows from them; it is the same as all made anew.
      const followed = await rows(b);
      await refreshAll(ids);
      expect(await rows(b)).toEqual(followed);
    }),
    { numRuns: 12 },
  );
});

test('a large change runs by itself, can be stopped and let go on, and one undo takes all of it back', async () => {
  const before = await rows('many');
  const step = {
    b: 'many',
    select: { filter: {}, all: true as const },
    change: { set: { status: 'retired' as const } },
  };
  const begun = await many.call('assets.bulk', step);
  expect(begun).toMatchObject({ matched: MANY, changed: 0, done: false });
  const id = begun.operation ?? '';
  await expect(many.call('operations.undo', { b: 'many', id })).rejects.toMatchObject({
    code: 'still_running',
  });
  expect(await many.call('operations.cancel', { b: 'many', id })).toMatchObject({ state: 'cancelled' });
  await app.app.work();
  await app.quiet();
  expect(await many.call('operations.get', { b: 'many', id })).toMatchObject({ changed: 0, total: MANY });

  expect(await many.call('operations.resume', { b: 'many', id })).toMatchObject({ state: 'running' });
  const state = async (of: string) => (await many.call('operations.get', { b: 'many', id: of })).state;
  await expect.poll(() => state(id), soon).toBe('done');
  expect((await many.call('operations.get', { b: 'many', id })).changed).toBe(MANY);
  expect((await many.call('assets.list', { b: 'many', status: ['retired'], count: true })).count).toBe(MANY);

  const undos = await Promise.all([1, 2, 3].map(() => many.call('operations.undo', { b: 'many', id })));
  expect(new Set(undos.map((undo) => undo.operation)).size).toBe(1);
  await expect.poll(() => state(undos[0]?.operation ?? ''), soon).toBe('done');
  expect(await many.call('operations.get', { b: 'many', id: undos[0]?.operation ?? '' })).toMatchObject({
    changed: MANY,
    skipped: 0,
  });
  expect(await rows('many')).toEqual(before);
  await expect(many.call('operations.undo', { b: 'many', id })).rejects.toMatchObject({
    code: 'already_undone',
  });
}, 480_000);

test('a large step on a collection runs by itself, can be stopped, let go on and taken back', async () => {
  await app.app.work();
  const { id } = await many.call('collections.create', { b: 'many', name: 'Everything' });
  const count = async () => (await many.call('collections.get', { b: 'many', id })).count;
  const get = (of: string) => many.call('operations.get', { b: 'many', id: of });
  const ended = (of: string) => expect.poll(async () => (await get(of)).state, soon).toBe('done');

  const one = (await many.call('assets.list', { b: 'many', limit: 1 })).items[0]?.id ?? '';
  await many.call('collections.add', { b: 'many', id, select: { ids: [one] } });
  const all = { filter: {}, all: true as const };
  const adding = await many.call('collections.add', { b: 'many', id, select: all });
  expect(adding).toMatchObject({ matched: MANY, changed: 0, done: false });
  const added = adding.operation ?? '';
  await many.call('operations.cancel', { b: 'many', id: added });
  await many.call('operations.resume', { b: 'many', id: added });
  await ended(added);
  expect(await get(added)).toMatchObject({ changed: MANY - 1, skipped: 1, total: MANY });
  expect(await count()).toBe(MANY);

  // Nobody has counted the rows of this collection yet: the planner knows nothing of it.
  const taking = await many.call('collections.remove', {
    b: 'many',
    id,
    select: { filter: { collection: [id] } },
  });
  expect(taking).toMatchObject({ matched: MANY, changed: 0, done: false });
  await ended(taking.operation ?? '');
  expect(await count()).toBe(0);

  const back = await many.call('operations.undo', { b: 'many', id: taking.operation ?? '' });
  await ended(back.operation);
  expect(await count()).toBe(MANY);
  await many.call('operations.undo', { b: 'many', id: back.operation });
  await expect.poll(count, soon).toBe(0);
  expect((await many.call('operations.undo', { b: 'many', id: added })).operation).not.toBe('');
}, 480_000);
