import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
const b = 'default';
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function put(fields: Record<string, string> = {}): Promise<string> {
  return assetOf(await putRaw(app, { bytes: randomBytes(100), name: 'a.dat', fields }));
}
const get = (id: string) => app.client.call('assets.get', { b, id });
const newest = async () => (await app.client.call('operations.list', { b, limit: 1 })).items[0]?.id ?? '';

test('an undo puts back every field that a step changed, for one and for many', async () => {
  const ids = [await put({ tags: 'sea,sky' }), await put({ tags: 'sand' }), await put()];
  const before = await Promise.all(ids.map(get));
  const change = {
    set: { rating: 4, status: 'approved' as const, mustInclude: true },
    addTags: ['new', 'sea'],
    removeTags: ['sky'],
  };
  const done = await app.client.call('assets.bulk', { b, select: { ids }, change });
  expect(done).toMatchObject({ matched: 3, changed: 3, failed: 0 });
  expect((await get(ids[0] ?? '')).tags).toEqual(['sea', 'new']);
  const undone = await app.client.call('operations.undo', { b, id: done.operation ?? '' });
  expect(undone).toMatchObject({ changed: 3, skipped: 0 });
  const after = await Promise.all(ids.map(get));
  for (const [at, asset] of after.entries()) {
    const { tags, rating, status, mustInclude } = before[at] ?? asset;
    expect(asset).toMatchObject({ tags, rating, status, mustInclude });
  }
  const again = await app.client.call('operations.undo', { b, id: undone.operation });
  expect(again.changed).toBe(3);
  expect((await get(ids[0] ?? '')).tags).toEqual(['sea', 'new']);
  await expect(app.client.call('operations.undo', { b, id: done.operation ?? '' })).rejects.toMatchObject({
    code: 'already_undone',
  });
});

test('an undo leaves alone what somebody has changed since, tags that were only added to as well', async () => {
  const id = await put({ tags: 'first' });
  await app.client.call('assets.update', { b, id, tags: [] });
  const emptied = await newest();
  await app.client.call('assets.update', { b, id, tags: ['mine'] });
  const set = await newest();
  await app.client.call('assets.update', { b, id, tags: ['mine', 'of somebody else'] });
  for (const operation of [set, emptied]) {
    const undone = await app.client.call('operations.undo', { b, id: operation });
    expect(undone).toMatchObject({ changed: 0, skipped: 1 });
    expect((await get(id)).tags).toEqual(['mine', 'of somebody else']);
  }
});

test('a trash is undone by a restore of exactly what it took, found again by its words', async () => {
  const ids = [await put({ tags: 'undo-me' }), await put({ tags: 'undo-me' })];
  const early = await put({ tags: 'undo-me' });
  await app.client.call('assets.trash', { b, id: early });
  const trash = { select: { filter: { tag: ['undo-me'] } }, change: { trash: true as const } };
  const done = await app.client.call('assets.bulk', { b, ...trash });
  expect(done.changed).toBe(2);
  expect((await app.client.call('assets.list', { b, tag: ['undo-me'] })).items).toEqual([]);
  await app.client.call('operations.undo', { b, id: done.operation ?? '' });
  const found = await app.client.call('assets.list', { b, tag: ['undo-me'] });
  expect(found.items.map((item) => item.id).toSorted()).toEqual(ids.toSorted());
  expect((await get(early)).trashedAt).not.toBeNull();
});

test('an undo of a trash passes over what was deleted for ever', async () => {
  const [gone, kept] = [await put({ tags: 'partly' }), await put({ tags: 'partly' })];
  const select = { filter: { tag: ['partly'] } };
  const done = await app.client.call('assets.bulk', { b, select, change: { trash: true } });
  await app.client.call('trash.purge', { b, id: gone });
  expect(await app.client.call('operations.undo', { b, id: done.operation ?? '' })).toMatchObject({
    changed: 1,
    skipped: 1,
  });
  expect((await get(kept)).trashedAt).toBeNull();
});

test('of ten undoes of one step at once only one is done', async () => {
  const id = await put();
  await app.client.call('assets.update', { b, id, sceneHint: 'a hint' });
  const operation = await newest();
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => app.client.call('operations.undo', { b, id: operation })),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  expect((await get(id)).sceneHint).toBe('');
});

test('an edit on an old revision is told, and ten at once on one revision let one through', async () => {
  const id = await put();
  const { revision } = await get(id);
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) =>
      app.client.call('assets.update', { b, id, revision, name: `name ${i}` }),
    ),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  await expect(app.client.call('assets.update', { b, id, revision, name: 'late' })).rejects.toMatchObject({
    code: 'changed_meanwhile',
  });
});

test('a plan says what will happen, is applied once, and to what it says then', async () => {
  const ids = [await put({ tags: 'planned' }), await put({ tags: 'planned' })];
  const select = { filter: { tag: ['planned'] }, except: [ids[1] ?? ''] };
  const plan = await app.client.call('assets.bulk', { b, select, change: { trash: true }, plan: true });
  expect(plan).toMatchObject({ operation: null, matched: 1, changed: 0, bytes: 100 });
  const applied = await Promise.allSettled(
    Array.from({ length: 5 }, () => app.client.call('assets.bulk', { b, apply: plan.plan ?? '' })),
  );
  expect(applied.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  expect((await get(ids[1] ?? '')).trashedAt).toBeNull();
  expect((await get(ids[0] ?? '')).trashedAt).not.toBeNull();
});

test('an undo that was interrupted goes on when it is asked for again', async () => {
  const ids = [await put(), await put()].toSorted();
  const done = await app.client.call('assets.bulk', { b, select: { ids }, change: { set: { rating: 5 } } });
  const id = done.operation ?? '';
  const begun = await app.client.call('operations.undo', { b, id });
  // As a crash between two portions leaves it: the first asset put back, the second not yet.
  const { workspace } = app.app.deps.database;
  await sql`update operation set undone_at = null where id = ${id}::uuid`.execute(workspace);
  await sql`update operation set state = 'running', changed = 1, reached = ${ids[0]}
    where id = ${begun.operation}::uuid`.execute(workspace);
  await sql`update asset set rating = 5 where id = ${ids[1]}`.execute(workspace);
  await sql`delete from asset_change where operation_id = ${begun.operation}::uuid and asset_id = ${ids[1]}`.execute(
    workspace,
  );
  const rest = await app.client.call('operations.undo', { b, id });
  expect(rest).toEqual({ operation: begun.operation, changed: 2, skipped: 0, done: true });
  expect((await Promise.all(ids.map(get))).map((asset) => asset.rating)).toEqual([null, null]);
  await expect(app.client.call('operations.undo', { b, id })).rejects.toMatchObject({
    code: 'already_undone',
  });
});
