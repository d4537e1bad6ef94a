import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

const b = 'default';
let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const put = async (tags: string) =>
  assetOf(await putRaw(app, { bytes: randomBytes(40), name: 'a.dat', fields: { tags } }));
const tags = async (prefix?: string) =>
  (await app.client.call('tags.list', { b, ...(prefix === undefined ? {} : { prefix }) })).items;

test('tags come by their first letters, the most used first, and follow every change', async () => {
  const ids = [await put('harbour,hall'), await put('harbour,Ähre'), await put('sea')];
  expect(await tags('HA')).toEqual([
    { tag: 'harbour', count: 2 },
    { tag: 'hall', count: 1 },
  ]);
  expect(await tags('äh')).toEqual([{ tag: 'ähre', count: 1 }]);
  expect(await tags('100%_')).toEqual([]);
  expect(await tags()).toHaveLength(4);

  const done = await app.client.call('assets.bulk', {
    b,
    select: { ids },
    change: { addTags: ['halt'], removeTags: ['harbour'] },
  });
  expect(await tags('ha')).toEqual([
    { tag: 'halt', count: 3 },
    { tag: 'hall', count: 1 },
  ]);
  await app.client.call('assets.trash', { b, id: ids[0] ?? '' });
  expect(await tags('hal')).toEqual([{ tag: 'halt', count: 2 }]);
  await app.client.call('assets.restore', { b, id: ids[0] ?? '' });
  await app.client.call('operations.undo', { b, id: done.operation ?? '' });
  expect(await tags('ha')).toEqual([
    { tag: 'harbour', count: 2 },
    { tag: 'hall', count: 1 },
  ]);
});

test('the counters are what counting would find', async () => {
  await Promise.all(['x,y', 'y,z', 'z,x'].map(put));
  const { database } = app.app.deps;
  const { rows } = await sql<{ tag: string; n: number }>`
    select tag, n from tag_count where n <> 0
    except select tag, count(*) from asset, unnest(tags) as tag where trashed_at is null group by 1`.execute(
    database.workspace,
  );
  expect(rows).toEqual([]);
});
