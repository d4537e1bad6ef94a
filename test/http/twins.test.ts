import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { field } from '../support/http.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('bytes that the brand holds already', () => {
  it('take on the tags said of them, and the answer names what was not taken on', async () => {
    const bytes = randomBytes(300);
    const id = assetOf(
      await putRaw(app, { bytes, name: 'one.dat', fields: { tags: 'a,b', description: 'first' } }),
    );
    const fields = { tags: 'b,c', description: 'second', type: 'logo', title: 'Other', mustInclude: 'false' };
    const again = await putRaw(app, { bytes, name: 'two.dat', fields });
    expect([again.status, assetOf(again), field(again.json, 'reused')]).toEqual([200, id, true]);
    expect(field(again.json, 'tags')).toEqual(['a', 'b', 'c']);
    expect(field(again.json, 'notApplied')).toEqual(['title', 'type', 'description']);
    expect(await app.client.call('assets.get', { b: 'default', id })).toMatchObject({
      tags: ['a', 'b', 'c'],
      description: 'first',
    });
    const { items } = await app.client.call('assets.history', { b: 'default', id });
    expect(items[0]?.changes).toEqual([{ field: 'tags', from: ['a', 'b'], to: ['a', 'b', 'c'] }]);
    await app.client.call('operations.undo', { b: 'default', id: items[0]?.operation ?? '' });
    expect((await app.client.call('assets.get', { b: 'default', id })).tags).toEqual(['a', 'b']);
  });

  it('say so when their asset takes no more tags', async () => {
    const bytes = randomBytes(300);
    const many = Array.from({ length: 199 }, (_, n) => `tag ${n}`);
    const id = assetOf(await putRaw(app, { bytes, name: 'full.dat', fields: {} }));
    await app.client.call('assets.update', { b: 'default', id, tags: many });
    const again = await putRaw(app, { bytes, name: 'full.dat', fields: { tags: 'one more,and another' } });
    expect([again.status, field(again.json, 'notApplied')]).toEqual([200, ['tags']]);
    expect((await app.client.call('assets.get', { b: 'default', id })).tags).toHaveLength(199);
  });

  it('stay as they are, without a step in the history, when nothing new is said', async () => {
    const bytes = randomBytes(300);
    const fields = { tags: 'x', description: 'same' };
    const id = assetOf(await putRaw(app, { bytes, name: 'one.dat', fields }));
    const before = await app.client.call('assets.history', { b: 'default', id });
    const again = await putRaw(app, { bytes, name: 'one.dat', fields });
    expect(field(again.json, 'notApplied')).toEqual([]);
    expect(await app.client.call('assets.history', { b: 'default', id })).toEqual(before);
  });
});
