import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedAssets } from '../../bench/seed.ts';
import { createClient } from '../../client/index.ts';
import type { Client } from '../../client/index.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';

/** More than is deleted before the answer. */
const COUNT = 1300;
const soon = { timeout: 60_000, interval: 100 };
const b = 'bin';

let app: TestApp;
let owner: Client;
beforeAll(async () => {
  app = await startApp();
  await seedAssets(app.app.deps.database.workspace, { slug: b, count: COUNT });
  owner = createClient({ origin: app.url, key: await app.keyFor(b, 'owner') });
});
afterAll(() => app.close());

test('a large trash is emptied by a step that can be stopped, and what it has not reached can be kept', async () => {
  const all = { filter: {}, all: true as const };
  await owner.call('assets.bulk', { b, select: all, change: { trash: true } });
  const begun = await owner.call('trash.empty', { b });
  expect(begun).toMatchObject({ purged: 0, kept: 0, done: false });
  const id = begun.operation ?? '';
  const step = () => owner.call('operations.get', { b, id });
  expect(await step()).toMatchObject({
    kind: 'trash.purge',
    state: 'running',
    total: COUNT,
    undoable: false,
  });
  expect(await owner.call('operations.cancel', { b, id })).toMatchObject({ state: 'cancelled' });
  await app.app.work();
  await app.quiet();
  expect((await owner.call('trash.list', { b, limit: 1 })).count).toBe(COUNT);

  const kept = (await owner.call('trash.list', { b, limit: 1 })).items[0]?.id ?? '';
  await owner.call('assets.restore', { b, id: kept });
  // Whoever may not delete may not let a deletion go on either.
  const writer = createClient({ origin: app.url, key: await app.keyFor(b, 'contributor') });
  await expect(writer.call('operations.resume', { b, id })).rejects.toMatchObject({ code: 'not_permitted' });
  await owner.call('operations.resume', { b, id });
  await expect.poll(async () => (await step()).state, soon).toBe('done');
  expect(await step()).toMatchObject({ changed: COUNT - 1 });
  expect((await owner.call('trash.list', { b })).count).toBe(0);
  expect((await owner.call('assets.list', { b, count: true })).count).toBe(1);
  await expect(owner.call('operations.undo', { b, id })).rejects.toMatchObject({ code: 'cannot_undo' });
});

test('what came into the trash after the question stays there', async () => {
  const { items } = await owner.call('assets.list', { b, limit: 1 });
  const late = items[0]?.id ?? '';
  expect(await owner.call('trash.empty', { b })).toMatchObject({ operation: null, purged: 0, done: true });
  await owner.call('assets.trash', { b, id: late });
  expect((await owner.call('trash.list', { b })).count).toBe(1);
  expect(await owner.call('trash.purgeMany', { b, ids: [late] })).toMatchObject({ purged: 1, done: true });
});
