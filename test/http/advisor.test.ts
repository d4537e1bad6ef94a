import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
const b = 'default';
beforeAll(async () => {
  app = await startApp({ worker: true });
});
afterAll(() => app.close());

async function put(bytes: Buffer, fields: Record<string, string> = {}): Promise<string> {
  return assetOf(await putRaw(app, { bytes, name: 'a.dat', fields }));
}

it('names each class with its count, its bytes and the filter that means exactly these', async () => {
  const { workspace } = app.app.deps.database;
  expect((await app.client.call('advisor.get', { b })).classes).toEqual([]);
  const old = await put(randomBytes(5000));
  const used = await put(randomBytes(6000));
  const needed = await put(randomBytes(7000), { mustInclude: 'true' });
  const small = await put(randomBytes(100));
  const young = await put(randomBytes(8000));
  const twin = randomBytes(4000);
  const twins = [await put(twin), await put(twin, { onDuplicate: 'keep' })];
  const gone = await put(randomBytes(900));
  await app.client.call('assets.trash', { b, id: gone });
  await understood(app);
  await sql`update asset set created_at = now() - interval '5 months' where id <> ${young}`.execute(
    workspace,
  );
  await sql`update asset set usage_count = 1 where id = any(${[used, ...twins]})`.execute(workspace);

  const { classes, usedBytes } = await app.client.call('advisor.get', { b, minSize: 1000 });
  expect(classes.map(({ key, count, bytes }) => [key, count, bytes])).toEqual([
    ['trash', 1, 900],
    ['exact', 1, 4000],
    ['unused', 1, 5000],
  ]);
  expect(usedBytes).toBe(5000 + 6000 + 7000 + 100 + 8000 + 8000 + 900);
  const unused = classes.find((advice) => advice.key === 'unused');
  expect(unused?.items.map((asset) => asset.id)).toEqual([old]);
  const filter = unused?.filter ?? {};
  const done = await app.client.call('assets.bulk', { b, select: { filter }, change: { trash: true } });
  expect(done).toMatchObject({ changed: 1, bytes: 5000 });
  for (const id of [used, needed, small, young]) {
    expect((await app.client.call('assets.get', { b, id })).trashedAt).toBeNull();
  }
});

it('tells in the trash why an asset is there, who moved it and which productions keep it', async () => {
  const keep = await put(randomBytes(50), { title: 'The kept one' });
  const other = await put(randomBytes(60));
  const inUse = await put(randomBytes(70));
  await app.client.call('duplicates.merge', { b, keep, others: [other] });
  const { workspace } = app.app.deps.database;
  await sql`insert into asset_use (brand_id, asset_id, production)
    select brand_id, id, 'Spring film' from asset where id = ${inUse}`.execute(workspace);
  await app.client.call('assets.bulk', { b, select: { ids: [inUse] }, change: { trash: true } });
  const { items } = await app.client.call('trash.list', { b });
  expect(items.find((item) => item.id === other)).toMatchObject({
    reason: 'Merged into The kept one',
    trashedBy: 'default owner',
    usedBy: [],
  });
  expect(items.find((item) => item.id === inUse)).toMatchObject({ usedBy: ['Spring film'] });
});
