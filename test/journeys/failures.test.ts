import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

const b = 'default';
const soon = { timeout: 60_000, interval: 50 };

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ worker: true });
});
afterAll(() => app.close());

async function put(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    ids.push(assetOf(await putRaw(app, { bytes: randomBytes(60), name: `file-${i}.dat` })));
  }
  await understood(app);
  return ids.toSorted();
}
const get = (id: string) => app.client.call('assets.get', { b, id });
const step = (id: string) => app.client.call('operations.get', { b, id });
const ended = (id: string) => expect.poll(async () => (await step(id)).state, soon).toBe('done');
const failures = async (id: string) => (await app.client.call('operations.failures', { b, id })).items;

test('an asset that is full of tags or fields stays as it was, is named, and is tried again alone', async () => {
  const ids = await put(3);
  const [full = '', other = ''] = ids;
  const tags = Array.from({ length: 200 }, (_, i) => `tag ${i}`);
  await app.client.call('assets.update', { b, id: full, tags });
  const custom = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`field ${i}`, 'x']));
  await app.client.call('assets.update', { b, id: other, custom });
  const before = await get(full);

  const change = { addTags: ['one more'], set: { custom: { another: 'x' }, rating: 4 } };
  const done = await app.client.call('assets.bulk', { b, select: { ids }, change });
  expect(done).toMatchObject({ matched: 3, changed: 1, failed: 2, done: true });
  const id = done.operation ?? '';
  expect(await step(id)).toMatchObject({ changed: 1, failed: 2 });
  expect(await failures(id)).toMatchObject([
    { id: full, name: before.name, code: 'tags_full', message: expect.stringContaining('200 tags') },
    { id: other, code: 'fields_full' },
  ]);
  const [first] = (await app.client.call('operations.failures', { b, id, limit: 1 })).items;
  const rest = await app.client.call('operations.failures', { b, id, after: first?.id ?? '' });
  expect(rest.items.map((item) => item.id)).toEqual([other]);
  expect(await get(full)).toEqual(before);

  // A tag that it has already, and a field that it has, are no more than before.
  const same = { addTags: ['tag 7'], set: { rating: 1 } };
  expect(await app.client.call('assets.bulk', { b, select: { ids: [full] }, change: same })).toMatchObject({
    changed: 1,
    failed: 0,
  });

  await app.client.call('assets.update', { b, id: full, tags: tags.slice(1) });
  expect(await app.client.call('operations.retry', { b, id })).toMatchObject({ state: 'running' });
  await ended(id);
  expect(await step(id)).toMatchObject({ changed: 2, failed: 1 });
  expect((await failures(id)).map((item) => item.id)).toEqual([other]);
  expect(await get(full)).toMatchObject({ rating: 4, custom: { another: 'x' } });

  const undone = await app.client.call('operations.undo', { b, id });
  expect(undone).toMatchObject({ changed: 2, skipped: 0 });
  expect((await get(full)).tags).toEqual(tags.slice(1));
  await expect(app.client.call('operations.retry', { b, id })).rejects.toMatchObject({
    code: 'already_undone',
  });
});

test('what the database does not take keeps no other asset from its change', async () => {
  const ids = await put(7);
  const bad = [ids[2] ?? '', ids[6] ?? ''];
  const { workspace } = app.app.deps.database;
  await sql`alter table asset add constraint odd check (status <> 'approved' or id not in (${sql.lit(bad[0])}, ${sql.lit(bad[1])}))`.execute(
    workspace,
  );
  const change = { set: { status: 'approved' as const } };
  const begun = await app.client.call('assets.bulk', { b, select: { ids }, change });
  expect(begun).toMatchObject({ matched: 7, done: false });
  const id = begun.operation ?? '';
  await ended(id);
  expect(await step(id)).toMatchObject({ changed: 5, failed: 2 });
  expect(await failures(id)).toMatchObject(bad.map((asset) => ({ id: asset, code: 'refused' })));

  await app.client.call('operations.retry', { b, id });
  await ended(id);
  expect(await step(id)).toMatchObject({ changed: 5, failed: 2 });
  await sql`alter table asset drop constraint odd`.execute(workspace);
  await app.client.call('operations.retry', { b, id });
  await ended(id);
  expect(await step(id)).toMatchObject({ changed: 7, failed: 0 });
  expect((await Promise.all(ids.map(get))).map((asset) => asset.status)).toEqual(ids.map(() => 'approved'));
  expect(await app.client.call('operations.undo', { b, id })).toMatchObject({ changed: 7, skipped: 0 });
});

test('a step without failures has nothing to try again', async () => {
  const ids = await put(1);
  const done = await app.client.call('assets.bulk', { b, select: { ids }, change: { set: { rating: 3 } } });
  const id = done.operation ?? '';
  expect(await app.client.call('operations.retry', { b, id })).toMatchObject({ state: 'done', changed: 1 });
  await expect(app.client.call('operations.failures', { b, id: 'none' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
