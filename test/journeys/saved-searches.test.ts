import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
const b = 'default';
beforeAll(async () => {
  app = await startApp({ worker: true });
});
afterAll(() => app.close());

const put = async (fields: Record<string, string>, bytes = randomBytes(100), name = 'a.dat') =>
  assetOf(await putRaw(app, { bytes, name, fields }));
const names = async () => (await app.client.call('searches.list', { b })).items.map(({ name }) => name);

test('a saved search keeps its filter, follows the library, is renamed, changed and deleted', async () => {
  const filter = { product: ['Lamp'], createdWithin: 30, tag: ['hero'], tagMode: 'all' as const };
  const made = await app.client.call('searches.create', { b, name: ' Lamp  heroes ', filter, by: 'type' });
  expect(made).toMatchObject({ name: 'Lamp heroes', filter, sort: '-created', by: 'type' });
  const count = async () => {
    const [saved] = (await app.client.call('searches.list', { b })).items;
    return (await app.client.call('assets.groups', { ...saved?.filter, b, by: 'none' })).count;
  };
  expect(await count()).toBe(0);
  await put({ product: 'Lamp', tags: 'hero' });
  expect(await count()).toBe(1);
  const changed = await app.client.call('searches.update', {
    b,
    id: made.id,
    name: 'Heroes',
    filter: { tag: ['hero'] },
  });
  expect(changed).toMatchObject({ name: 'Heroes', filter: { tag: ['hero'] }, by: 'type' });
  await app.client.call('searches.delete', { b, id: made.id });
  expect(await names()).toEqual([]);
  await expect(app.client.call('searches.delete', { b, id: made.id })).rejects.toMatchObject({
    code: 'not_found',
  });
  expect((await app.client.call('assets.list', { b })).items).toHaveLength(1);
});

test('names are unique whatever their case, and never empty', async () => {
  const made = await app.client.call('searches.create', {
    b,
    name: 'Approved',
    filter: { status: ['approved'] },
  });
  const again = app.client.call('searches.create', { b, name: 'approved', filter: {} });
  await expect(again).rejects.toMatchObject({ code: 'name_taken' });
  await expect(app.client.call('searches.create', { b, name: ' \t ', filter: {} })).rejects.toMatchObject({
    code: 'bad_name',
  });
  await app.client.call('searches.create', { b, name: 'Other', filter: {} });
  await expect(app.client.call('searches.update', { b, id: made.id, name: 'OTHER' })).rejects.toMatchObject({
    code: 'name_taken',
  });
  expect(await names()).toEqual(['Approved', 'Other']);
});

test('every result of a search says what matched, in a piece of the field', async () => {
  const lorem = 'Words that stand before. '.repeat(40);
  const ids = {
    name: await put({ title: 'Kingfisher at dawn' }),
    inside: await put({ title: 'G' }),
    tags: await put({ title: 'A', tags: 'river,kingfisher' }),
    description: await put({ title: 'B', description: `${lorem}Then a kingfisher dives. ${lorem}` }),
    hint: await put({ title: 'C', sceneHint: 'over the kingfisher shot' }),
    file: await put({ title: 'D' }, randomBytes(50), 'IMG_kingfisher_01.dat'),
    text: await put(
      { title: 'E' },
      Buffer.from(`${lorem}\nHere the Kingfisher waits.\n${lorem}`),
      'notes.txt',
    ),
    campaign: await put({ title: 'F', campaign: 'Kingfisher launch' }),
  };
  await app.client.call('assets.update', { b, id: ids.inside, custom: { Bird: 'kingfisher' } });
  await app.quiet();
  const { items } = await app.client.call('assets.list', { b, q: 'kingf', limit: 50 });
  const why = (id: string) => items.find((item) => item.id === id)?.matched;
  expect(items).toHaveLength(8);
  const said = {
    name: 'name',
    tags: 'tags',
    description: 'description',
    hint: 'sceneHint',
    file: 'fileName',
    text: 'text',
    campaign: 'campaign',
    inside: 'custom',
  };
  for (const [key, field] of Object.entries(said)) {
    const matched = why(ids[key as keyof typeof ids]);
    expect(matched, key).toMatchObject({ field });
    expect(matched?.excerpt.slice(matched.start, matched.end).toLowerCase(), key).toBe('kingf');
    expect(matched?.excerpt.length).toBeLessThan(110);
  }
  const listed = await app.client.call('assets.list', { b, limit: 50 });
  expect(listed.items.every(({ matched }) => matched === undefined)).toBe(true);
});

test('an asset is found by its id, whole or begun, in small letters too', async () => {
  const id = await put({ title: 'Nothing else' });
  for (const q of [id, id.toLowerCase(), id.slice(0, 9), id.slice(4, 10).toLowerCase()]) {
    const { items } = await app.client.call('assets.list', { b, q });
    expect(
      items.map((item) => item.id),
      q,
    ).toContain(id);
    expect(items.find((item) => item.id === id)?.matched?.field).toBe('id');
  }
  // Beside another word these letters are a word like any, not the beginning of an id.
  const q = `nothing ${id.slice(4, 8)}`;
  expect((await app.client.call('assets.list', { b, q })).items).toEqual([]);
});

test('words are found in scripts whose letters carry marks', async () => {
  const id = await put({ title: 'Poster', description: 'हिन्दी फ़िल्म, ภาพยนตร์ไทย, עִבְרִית' });
  for (const q of ['हिन्दी', 'फ़िल्म', 'ภาพยนตร์ไทย', 'עִבְרִית']) {
    const { items } = await app.client.call('assets.list', { b, q });
    expect(
      items.map((item) => item.id),
      q,
    ).toEqual([id]);
  }
});
