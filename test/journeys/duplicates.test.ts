import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bandsNear, bestOf, kindOf } from '../../src/domain/duplicates.ts';
import { findBrand } from '../../src/database/workspace.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { snapshotBrand, understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
const b = 'default';
beforeAll(async () => {
  app = await startApp({ worker: true });
});
afterAll(() => app.close());

async function put(bytes: Buffer, name: string, fields: Record<string, string> = {}): Promise<string> {
  return assetOf(await putRaw(app, { bytes, name, fields }));
}

/** A picture with shapes of its own, as photographs have. */
async function scene(seed: number): Promise<Buffer> {
  let state = seed * 2_654_435_761;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const shapes = Array.from(
    { length: 14 },
    () =>
      `<ellipse cx="${next(640)}" cy="${next(400)}" rx="${30 + next(160)}" ry="${20 + next(120)}"
        fill="rgb(${next(255)},${next(255)},${next(255)})"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400">
    <rect width="640" height="400" fill="rgb(${next(255)},${next(255)},90)"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

describe('the rules', () => {
  const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const flips = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 14 });
  test('every hash within the distance shares a band', () => {
    fc.assert(
      fc.property(hash, flips, (one, bits) => {
        const other = bits.reduce((value, bit) => value ^ (1n << BigInt(bit)), one);
        const near = bandsNear(one);
        const bands = [48n, 32n, 16n, 0n].map((shift) => Number((other >> shift) & 0xffffn));
        expect(bands.some((band, at) => near[at]?.includes(band))).toBe(true);
      }),
    );
  });

  const candidate = fc.record({
    id: fc.uuid(),
    width: fc.constantFrom(null, 100, 200),
    height: fc.constantFrom(null, 100, 200),
    usageCount: fc.integer({ min: 0, max: 2 }),
    tags: fc.array(fc.constant('t'), { maxLength: 2 }),
    sizeBytes: fc.integer({ min: 1, max: 3 }),
    createdAt: fc.constantFrom(new Date(1), new Date(2)),
  });
  const members = fc.uniqueArray(candidate, { minLength: 1, selector: (one) => one.id });
  test('the best is the same in whatever order they come, and none has more pixels', () => {
    fc.assert(
      fc.property(members, (list) => {
        const found = bestOf(list);
        expect(bestOf(list.toReversed())).toEqual(found);
        const pixels = (one: (typeof list)[number]) => (one.width ?? 0) * (one.height ?? 0);
        expect(Math.max(...list.map(pixels))).toBe(found === null ? -1 : pixels(found.best));
      }),
    );
  });

  test('bytes decide before pictures, and far pictures only with both hashes', () => {
    expect(kindOf({ sameBytes: true, distance: null, difference: null })).toBe('exact');
    expect(kindOf({ sameBytes: false, distance: 8, difference: 30 })).toBe('near');
    expect(kindOf({ sameBytes: false, distance: 9, difference: 9 })).toBe('similar');
    expect(kindOf({ sameBytes: false, distance: 9, difference: 10 })).toBeNull();
    expect(kindOf({ sameBytes: false, distance: 15, difference: 0 })).toBeNull();
  });
});

test('copies in another size, format and brightness are one group; other pictures and flat ones are none', async () => {
  const original = await scene(1);
  const ids = [
    await put(original, 'Original.png'),
    await put(await sharp(original).resize(320).jpeg({ quality: 60 }).toBuffer(), 'Small.jpg'),
    await put(await sharp(original).modulate({ brightness: 1.1 }).webp().toBuffer(), 'Bright.webp'),
  ];
  const other = await put(await scene(2), 'Another.png');
  const flat = (grey: number) =>
    sharp({ create: { width: 300, height: 200, channels: 3, background: { r: grey, g: grey, b: grey } } })
      .png()
      .toBuffer();
  await put(await flat(10), 'Black.png');
  await put(await flat(240), 'White.png');
  await understood(app);
  const { groups, totals } = await app.client.call('duplicates.list', { b });
  expect(groups.map((group) => group.assets.map((asset) => asset.id).toSorted())).toEqual([ids.toSorted()]);
  const [group] = groups;
  expect(group).toMatchObject({ kind: 'near', count: 3 });
  expect(totals.near).toMatchObject({ groups: 1, assets: 2 });
  const sizes = group?.assets.map((asset) => asset.totalSize) ?? [];
  expect(group?.frees).toBe(sizes.reduce((sum, size) => sum + size, 0) - (sizes[0] ?? 0));
  const near = await app.client.call('duplicates.near', { b, id: ids[0] ?? '' });
  expect(near.items.map((item) => item.asset.id).toSorted()).toEqual(ids.slice(1).toSorted());
  expect((await app.client.call('duplicates.near', { b, id: other })).items).toEqual([]);

  await app.client.call('duplicates.dismiss', { b, ids: [ids[2] ?? ''], from: ids.slice(0, 2) });
  expect((await app.client.call('duplicates.list', { b })).groups[0]?.count).toBe(2);
  await app.client.call('duplicates.dismiss', { b, ids: ids.slice(0, 2) });
  expect((await app.client.call('duplicates.list', { b })).groups).toEqual([]);
  expect((await app.client.call('duplicates.near', { b, id: ids[0] ?? '' })).items).toEqual([]);
  await app.client.call('duplicates.dismiss', { b, ids, dismissed: false });
  expect((await app.client.call('duplicates.list', { b })).groups[0]?.count).toBe(3);
});

test('one thing in two colours is no copy of itself', async () => {
  const original = await scene(5);
  const blue = await put(original, 'Bottle.png');
  const turned = await put(
    await sharp(original).modulate({ hue: 150 }).png().toBuffer(),
    'Bottle, other.png',
  );
  const small = await put(await sharp(original).resize(300).jpeg({ quality: 60 }).toBuffer(), 'Small.jpg');
  await understood(app);
  const hashes = await sql<{ distance: number }>`
    select bit_count((a.dct_hash # b.dct_hash)::bit(64))::integer as distance from likeness a, likeness b
    where a.asset_id = ${blue} and b.asset_id = ${turned}`.execute(app.app.deps.database.workspace);
  // By light alone they are.
  expect(hashes.rows[0]?.distance).toBeLessThanOrEqual(14);
  const near = await app.client.call('duplicates.near', { b, id: blue });
  expect(near.items.map((item) => item.asset.id)).toEqual([small]);
});

test('the same bytes twice are a group, whatever they are', async () => {
  const bytes = randomBytes(300);
  const first = await put(bytes, 'one.dat');
  const second = await put(bytes, 'two.dat', { onDuplicate: 'keep' });
  expect(second).not.toBe(first);
  await understood(app);
  const { groups } = await app.client.call('duplicates.list', { b, kind: 'exact' });
  expect(groups.map((group) => group.count)).toEqual([2]);
  await app.client.call('assets.trash', { b, id: first });
  expect((await app.client.call('duplicates.list', { b, kind: 'exact' })).groups).toEqual([]);
});

const TABLES = ['asset', 'search_row', 'asset_use', 'collection_member', 'favourite', 'share_link'];

/** The rows that a merge may touch, but for the marks that tell that something happened. */
async function rows(): Promise<Record<string, string[]>> {
  const brand = await findBrand(app.app.deps.database.workspace, b);
  const all = await snapshotBrand(app.app.deps.database, brand?.id ?? '');
  return Object.fromEntries(
    TABLES.map((table) => [
      table,
      (all[table] ?? [])
        .map((text) => {
          const { revision: _, updated_at: __, ...row } = JSON.parse(text) as Record<string, unknown>;
          return JSON.stringify(row);
        })
        .toSorted(),
    ]),
  );
}

const some = (...words: string[]) => fc.constantFrom('', ...words);
const member = fc.record({
  description: some('A sea', 'A sky'),
  sceneHint: some('Scene 1', 'Scene 2'),
  tags: fc.subarray(['sea', 'sky', 'sand']),
  product: some('Sneaker'),
  rating: fc.constantFrom(null, 2, 5),
  mustInclude: fc.boolean(),
  uses: fc.uniqueArray(fc.constantFrom('Film', 'Clip', 'Spot'), { maxLength: 2 }),
  isCollected: fc.boolean(),
  isFavourite: fc.boolean(),
});

test(
  'a merge loses nothing, and its undo returns exactly the former rows',
  { timeout: 120_000 },
  async () => {
    const { workspace } = app.app.deps.database;
    const brand = await findBrand(workspace, b);
    const collection = await app.client.call('collections.create', { b, name: 'Chosen' });
    await fc.assert(
      fc.asyncProperty(fc.array(member, { minLength: 2, maxLength: 4 }), async (members) => {
        const ids: string[] = [];
        for (const { uses, isCollected, isFavourite, tags, ...fields } of members) {
          const id = await put(randomBytes(80), 'm.dat');
          ids.push(id);
          await app.client.call('assets.update', { b, id, ...fields, tags });
          for (const production of uses) {
            await sql`insert into asset_use (brand_id, asset_id, production) values (${brand?.id}, ${id}, ${production})`.execute(
              workspace,
            );
          }
          await sql`update asset set usage_count = (select count(*) from asset_use where asset_id = asset.id),
          last_used_at = (select max(used_at) from asset_use where asset_id = asset.id) where id = ${id}`.execute(
            workspace,
          );
          const select = { ids: [id] };
          if (isCollected) await app.client.call('collections.add', { b, id: collection.id, select });
          if (isFavourite) await app.client.call('favourites.set', { b, select, favourite: true });
        }
        await understood(app);
        const before = await rows();
        const [keep = '', ...others] = ids;
        const done = await app.client.call('duplicates.merge', { b, keep, others });

        const kept = await app.client.call('assets.get', { b, id: keep });
        expect(new Set(kept.tags)).toEqual(new Set(members.flatMap((one) => one.tags)));
        for (const field of ['description', 'sceneHint', 'product'] as const) {
          expect(kept[field]).toBe(members.map((one) => one[field]).find((value) => value !== '') ?? '');
        }
        expect(kept.rating).toBe(members.map((one) => one.rating).find((value) => value !== null) ?? null);
        expect(kept.mustInclude).toBe(members.some((one) => one.mustInclude));
        expect(kept.favourite).toBe(members.some((one) => one.isFavourite));
        const uses = (await app.client.call('assets.uses', { b, id: keep })).items.map(
          (use) => use.production,
        );
        const all = [...new Set(members.flatMap((one) => one.uses))].toSorted();
        expect([uses.toSorted(), kept.usageCount]).toEqual([all, all.length]);
        const chosen = (await app.client.call('assets.list', { b, collection: [collection.id] })).items;
        expect(chosen.map((asset) => asset.id)).toEqual(members.some((one) => one.isCollected) ? [keep] : []);
        for (const id of others) {
          expect((await app.client.call('assets.get', { b, id })).trashedAt).not.toBeNull();
          await expect(app.client.call('assets.uses', { b, id })).resolves.toEqual({ items: [] });
        }

        const undone = await app.client.call('operations.undo', { b, id: done.operation ?? '' });
        expect(undone.skipped).toBe(0);
        expect(await rows()).toEqual(before);
        await app.client.call('assets.bulk', { b, select: { ids }, change: { trash: true } });
        await sql`delete from asset_use where asset_id = any(${ids})`.execute(workspace);
        await app.client.call('trash.empty', { b });
      }),
      { numRuns: 8 },
    );
  },
);

test('a link goes back with its asset as it is now: opened since, and turned off', async () => {
  const [keep, other] = [await put(randomBytes(80), 'k.dat'), await put(randomBytes(80), 'o.dat')];
  const open = await app.client.call('shares.create', { b, asset: other });
  const closed = await app.client.call('shares.create', { b, asset: other });
  const { operation } = await app.client.call('duplicates.merge', { b, keep, others: [other] });
  await app.client.call('shared.get', { token: open.url.split('/').at(-1) ?? '' });
  await app.client.call('shares.revoke', { b, id: closed.id });

  await app.client.call('operations.undo', { b, id: operation ?? '' });
  expect((await app.client.call('shares.list', { b, asset: keep })).items).toEqual([]);
  const { items } = await app.client.call('shares.list', { b, asset: other });
  const states = Object.fromEntries(items.map(({ id, state, views }) => [id, { state, views }]));
  expect(states).toEqual({
    [open.id]: { state: 'open', views: 1 },
    [closed.id]: { state: 'off', views: 0 },
  });
});
