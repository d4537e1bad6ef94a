import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ worker: true });
});
afterAll(() => app.close());

test('an uploaded file is listed, found by a part of its name, trashed and restored', async () => {
  const answer = await fetch(
    `${app.url}/api/v1/brands/default/uploads?name=Harbour_Sunset.txt&tags=sea,evening`,
    {
      method: 'PUT',
      headers: { authorization: `Bearer ${app.key}` },
      body: 'a quiet evening',
    },
  );
  expect(answer.status).toBe(201);
  const { id } = (await answer.json()) as { id: string };
  const found = await app.client.call('assets.list', { b: 'default', q: 'rbour', count: true });
  expect(found.items.map((item) => item.id)).toEqual([id]);
  expect(found.count).toBe(1);
  await app.client.call('assets.trash', { b: 'default', id });
  expect((await app.client.call('assets.list', { b: 'default' })).items).toEqual([]);
  expect((await app.client.call('trash.list', { b: 'default' })).count).toBe(1);
  await app.client.call('assets.restore', { b: 'default', id });
  expect((await app.client.call('assets.get', { b: 'default', id })).trashedAt).toBeNull();
});
