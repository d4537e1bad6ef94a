import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { DOORS, DOOR_NAMES, assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
const b = 'default';
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const put = async (fields: Record<string, string> = {}) =>
  assetOf(await putRaw(app, { bytes: randomBytes(100), name: 'a.dat', fields }));
const get = (id: string) => app.client.call('assets.get', { b, id });
const find = async (q: string) => (await app.client.call('assets.list', { b, q })).items.map(({ id }) => id);
const SORTING = {
  product: 'Sneaker, blue',
  campaign: 'Spring 26',
  mood: ['Warm', 'calm', 'warm'],
  style: ['Noir'],
  hasPeople: true,
  custom: { Shot: '12b', Lens: '35 mm' },
};
const SORTED = {
  product: 'Sneaker blue',
  campaign: 'Spring 26',
  mood: ['warm', 'calm'],
  style: ['noir'],
  hasPeople: true,
  custom: { Shot: '12b', Lens: '35 mm' },
};
const UNSAID = { product: '', campaign: '', mood: [], style: [], hasPeople: null, custom: {} };

test('one edit says product, campaign, mood, style, people and custom fields; history and undo know each', async () => {
  const id = await put();
  expect(await get(id)).toMatchObject(UNSAID);
  expect(await app.client.call('assets.update', { b, id, ...SORTING })).toMatchObject(SORTED);
  const detail = await get(id);
  for (const field of Object.keys(SORTED)) expect(detail.provenance[field]).toMatchObject({ by: 'person' });
  const { items } = await app.client.call('assets.history', { b, id });
  expect(items[0]?.changes).toEqual(
    expect.arrayContaining([
      { field: 'hasPeople', from: null, to: true },
      { field: 'custom', from: {}, to: SORTED.custom },
      { field: 'mood', from: [], to: ['warm', 'calm'] },
    ]),
  );
  await app.client.call('operations.undo', { b, id: items[0]?.operation ?? '' });
  expect(await get(id)).toMatchObject(UNSAID);
});

test('custom fields merge by name; null and the empty text take one away', async () => {
  const id = await put();
  await app.client.call('assets.update', { b, id, custom: { a: '1', b: '2', c: '3' } });
  const merged = await app.client.call('assets.update', {
    b,
    id,
    custom: { b: 'two', c: null, a: ' ', d: '4' },
  });
  expect(merged.custom).toEqual({ b: 'two', d: '4' });
  const many = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`field ${from + i}`, 'x']));
  await app.client.call('assets.update', { b, id, custom: many(0, 48) });
  await expect(app.client.call('assets.update', { b, id, custom: many(48, 1) })).rejects.toMatchObject({
    code: 'too_many',
  });
  const bulk = await app.client.call('assets.bulk', {
    b,
    select: { ids: [id, await put()] },
    change: { set: { custom: many(48, 1) } },
  });
  expect(bulk).toMatchObject({ matched: 2, changed: 1 });
  expect(Object.keys((await get(id)).custom)).toHaveLength(50);
});

test('one step sets them for many, with one undo', async () => {
  const ids = [await put({ product: 'Boot' }), await put()];
  const { name: _, ...set } = { name: '', ...SORTING };
  const done = await app.client.call('assets.bulk', { b, select: { ids }, change: { set } });
  expect(done.changed).toBe(2);
  for (const id of ids) expect(await get(id)).toMatchObject(SORTED);
  await app.client.call('operations.undo', { b, id: done.operation ?? '' });
  expect(await get(ids[0] ?? '')).toMatchObject({ ...UNSAID, product: 'Boot' });
});

test('each is found by the one search box', async () => {
  const id = await put();
  await app.client.call('assets.update', {
    b,
    id,
    product: 'Zephyrine',
    campaign: 'Quixotic',
    mood: ['melancholy'],
    style: ['brutalist'],
    custom: { location: 'Reykjavik' },
  });
  for (const word of ['zephyrine', 'quixo', 'melancholy', 'brutal', 'reykjavik']) {
    expect(await find(word), word).toEqual([id]);
  }
});

test.each(DOOR_NAMES)('product and campaign are said at upload by %s', async (door) => {
  const fields = { product: 'Lamp', campaign: 'Winter' };
  const id = assetOf(await DOORS[door](app, { bytes: randomBytes(90), name: 'b.dat', fields }));
  expect(await get(id)).toMatchObject({ ...fields, provenance: { product: { by: 'person' } } });
});

test('said of bytes held already they are named as not applied', async () => {
  const bytes = randomBytes(80);
  await putRaw(app, { bytes, name: 'c.dat', fields: { product: 'Lamp' } });
  const again = await putRaw(app, { bytes, name: 'c.dat', fields: { product: 'Chair', campaign: '' } });
  expect(JSON.parse(again.text)).toMatchObject({ reused: true, product: 'Lamp', notApplied: ['product'] });
});

test('the counters of labels equal a count, after edits, bulk steps, trash and undo', async () => {
  const ids = await Promise.all(['x', 'y', 'z'].map((product) => put({ product, tags: 'one,two' })));
  await app.client.call('assets.bulk', { b, select: { ids }, change: { set: SORTING, removeTags: ['two'] } });
  const trashed = await app.client.call('assets.trash', { b, id: ids[0] ?? '' });
  await app.client.call('assets.update', { b, id: ids[1] ?? '', status: 'approved', mood: [] });
  await app.client.call('operations.undo', { b, id: trashed.operation });
  await app.client.call('assets.trash', { b, id: ids[2] ?? '' });
  const { rows } = await sql<{ label: string; kept: number; counted: number }>`
    select coalesce(k.label, c.label) as label, coalesce(k.n, 0) as kept, coalesce(c.n, 0) as counted
    from (select label, n from label_count where n <> 0) k full join (
      select label, count(*) as n from asset_search s join asset a on a.brand_id = s.brand_id and a.id = s.asset_id,
        unnest(s.labels) as label
      where a.trashed_at is null and label <> all ('{s:ingested,r:-,p:-,c:-,h:-}') and label not like 't:%' group by 1) c on c.label = k.label`.execute(
    app.app.deps.database.workspace,
  );
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter(({ kept, counted }) => kept !== counted)).toEqual([]);
});

test('a lock is a step of its own with history and undo, for one asset and for many; edits keep it', async () => {
  const [id, other] = [await put({ product: 'Lamp' }), await put()];
  const before = await get(id);
  const locked = await app.client.call('assets.update', { b, id, lock: { tags: true, description: true } });
  expect(locked).toMatchObject({ locked: ['description', 'tags'], provenance: before.provenance });
  await app.client.call('assets.update', { b, id, tags: ['kept'], lock: { description: false } });
  expect(await get(id)).toMatchObject({ locked: ['tags'], tags: ['kept'], product: 'Lamp' });

  const many = await app.client.call('assets.bulk', {
    b,
    select: { ids: [id, other] },
    change: { set: { lock: { type: true } } },
  });
  expect(many.changed).toBe(2);
  expect((await get(other)).locked).toEqual(['type']);
  const { items } = await app.client.call('assets.history', { b, id });
  expect(items[0]?.changes).toEqual([{ field: 'locked', from: ['tags'], to: ['tags', 'type'] }]);
  await app.client.call('operations.undo', { b, id: many.operation ?? '' });
  expect([(await get(id)).locked, (await get(other)).locked]).toEqual([['tags'], []]);

  const again = await app.client.call('assets.update', { b, id, lock: { tags: true } });
  expect(again.revision).toBe((await get(id)).revision);
  expect((await app.client.call('assets.history', { b, id })).items[0]?.kind).toBe('operations.undo');
  // @ts-expect-error: there is no such field.
  await expect(app.client.call('assets.update', { b, id, lock: { size: true } })).rejects.toMatchObject({
    code: 'invalid_input',
  });
});
