import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { emptyTrash } from '../../src/services/trash.ts';
import { enterBrandAsSystem } from '../../src/domain/access.ts';
import { API_BASE } from '../../src/contract/routes.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { field, send } from '../support/http.ts';
import { query } from '../support/postgres.ts';
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
const make = async (name: string) => (await app.client.call('collections.create', { b, name })).id;
const members = async (id: string) =>
  (await app.client.call('assets.list', { b, collection: [id], limit: 500 })).items
    .map((item) => item.id)
    .toSorted();
const count = async (id: string) => (await app.client.call('collections.get', { b, id })).count;

test('a collection is made, renamed, described, listed by name, deleted and brought back with its members', async () => {
  const id = await make('Zebra prints');
  await make('apples');
  const asset = await put();
  await app.client.call('collections.add', { b, id, select: { ids: [asset] } });
  const renamed = await app.client.call('collections.update', {
    b,
    id,
    name: 'Mild prints',
    description: 'For May',
  });
  expect(renamed).toMatchObject({ name: 'Mild prints', description: 'For May', count: 1, covers: [] });
  const { items } = await app.client.call('collections.list', { b });
  expect(items.map((item) => item.name)).toEqual(['apples', 'Mild prints']);
  const first = await app.client.call('collections.list', { b, limit: 1 });
  const second = await app.client.call('collections.list', { b, limit: 1, after: first.next ?? '' });
  expect([...first.items, ...second.items].map((item) => item.name)).toEqual(['apples', 'Mild prints']);

  await expect(app.client.call('collections.create', { b, name: 'APPLES' })).rejects.toMatchObject({
    code: 'name_taken',
    status: 409,
  });
  const { operation } = await app.client.call('collections.delete', { b, id });
  await expect(app.client.call('collections.get', { b, id })).rejects.toMatchObject({ status: 404 });
  expect(await members(id)).toEqual([]);
  expect((await app.client.call('assets.get', { b, id: asset })).trashedAt).toBeNull();
  await app.client.call('operations.undo', { b, id: operation });
  expect(await members(id)).toEqual([asset]);
  await expect(app.client.call('operations.undo', { b, id: operation })).rejects.toMatchObject({
    code: 'already_undone',
  });
});

test('a deleted collection whose name was given away comes back once the name is free', async () => {
  const id = await make('Twice');
  const { operation } = await app.client.call('collections.delete', { b, id });
  const other = await make('twice');
  await expect(app.client.call('operations.undo', { b, id: operation })).rejects.toMatchObject({
    code: 'name_taken',
  });
  await app.client.call('collections.update', { b, id: other, name: 'Another' });
  await app.client.call('operations.undo', { b, id: operation });
  expect(await count(id)).toBe(0);
});

test('a collection is read in the order in which it was gathered, page by page, also with words', async () => {
  const id = await make('In order');
  const ids: string[] = [];
  for (const tags of ['wide', 'close', 'wide', 'wide']) ids.push(await put({ tags }));
  // Put in against the order of their arrival in the library, two of them in one step.
  const order = [ids[2], ids[0], ids[3], ids[1]].map((one) => one ?? '');
  for (const some of [order.slice(0, 1), order.slice(1, 2), order.slice(2)]) {
    await app.client.call('collections.add', { b, id, select: { ids: some } });
  }
  const read = async (query: object) => {
    const found: string[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await app.client.call('assets.list', {
        b,
        collection: [id],
        limit: 1,
        ...query,
        ...(after === undefined ? {} : { after }),
      });
      found.push(...page.items.map((item) => item.id));
      after = page.next;
    }
    return found;
  };
  const first = await read({ sort: 'added' });
  expect(first.slice(0, 2)).toEqual(order.slice(0, 2));
  expect(first.slice(2).toSorted()).toEqual(order.slice(2).toSorted());
  expect(await read({ sort: '-added' })).toEqual(first.toReversed());
  const wide = first.filter((one) => one !== ids[1]);
  expect(await read({ sort: 'added', q: 'wide' })).toEqual(wide);
  expect(await read({ sort: '-added', tag: ['wide'] })).toEqual(wide.toReversed());
  const third = await app.client.call('assets.list', {
    b,
    collection: [id],
    sort: 'added',
    offset: 2,
    limit: 5,
  });
  expect(third.items.map((item) => item.id)).toEqual(first.slice(2));

  for (const collection of [undefined, [id, await make('Beside')]]) {
    await expect(
      app.client.call('assets.list', {
        b,
        sort: '-added',
        ...(collection === undefined ? {} : { collection }),
      }),
    ).rejects.toMatchObject({ code: 'invalid_input', status: 400 });
  }
});

test('members come by a filter and by ids, count once, and show in lists, groups, facets and bulk changes', async () => {
  const id = await make('Sea');
  const tagged = [await put({ tags: 'sea' }), await put({ tags: 'sea' }), await put({ tags: 'sea' })];
  const plain = await put();
  const added = await app.client.call('collections.add', {
    b,
    id,
    select: { filter: { tag: ['sea'] }, except: [tagged[2] ?? ''] },
  });
  expect(added).toMatchObject({ matched: 2, changed: 2 });
  const more = await app.client.call('collections.add', {
    b,
    id,
    select: { ids: [...tagged, plain, plain] },
  });
  expect(more).toMatchObject({ matched: 4, changed: 2 });
  const again = await app.client.call('collections.add', { b, id, select: { ids: tagged } });
  expect(again).toEqual({ operation: null, matched: 3, changed: 0, done: true });
  expect(await members(id)).toEqual([...tagged, plain].toSorted());
  const groups = await app.client.call('assets.groups', { b, by: 'type', collection: [id] });
  const facets = await app.client.call('assets.facets', { b, collection: [id] });
  expect([groups.count, facets.count, await count(id)]).toEqual([4, 4, 4]);
  const rated = await app.client.call('assets.bulk', {
    b,
    select: { filter: { collection: [id] } },
    change: { set: { rating: 5 } },
  });
  expect(rated.changed).toBe(4);
  const { items } = await app.client.call('collections.list', { b, asset: plain });
  expect(items.map((item) => item.id)).toEqual([id]);
  const history = await app.client.call('assets.history', { b, id: plain });
  expect(history.items.map((step) => step.changes)).toContainEqual([
    { field: 'collection', from: null, to: 'Sea' },
  ]);
});

test('a trashed member stays and is not shown; a purged one is gone', async () => {
  const id = await make('Leaves');
  const [one, two] = [await put(), await put()];
  await app.client.call('collections.add', { b, id, select: { ids: [one, two] } });
  await app.client.call('assets.trash', { b, id: one });
  expect([await members(id), await count(id)]).toEqual([[two], 1]);
  await app.client.call('assets.restore', { b, id: one });
  expect([await members(id), await count(id)]).toEqual([[one, two].toSorted(), 2]);
  const added = await app.client.call('collections.remove', { b, id, select: { ids: [one] } });
  await app.client.call('assets.trash', { b, id: one });
  const { items } = await app.client.call('brands.list', {});
  const scope = enterBrandAsSystem(items[0]?.id ?? '');
  await emptyTrash(app.app.deps, scope);
  const undone = await app.client.call('operations.undo', { b, id: added.operation ?? '' });
  expect(undone).toMatchObject({ changed: 0, skipped: 1 });
  expect(await members(id)).toEqual([two]);
});

test('bytes that arrive for a collection are in it, whether they are new or held already', async () => {
  const id = await make('Arrivals');
  const bytes = randomBytes(300);
  const asset = assetOf(await putRaw(app, { bytes, name: 'a.dat', fields: { collection: id } }));
  expect(await members(id)).toEqual([asset]);
  const other = await make('Second home');
  const held = await putRaw(app, { bytes, name: 'b.dat', fields: { collection: `${other},COL-00000000` } });
  expect(assetOf(held)).toBe(asset);
  expect(await members(other)).toEqual([asset]);
  expect(held.text).toContain('"notApplied":["collection"]');
});

test('favourites are each caller’s own, in cards and in the filter', async () => {
  const asset = await put();
  const viewer = createClient({ origin: app.url, key: await app.keyFor(b, 'viewer') });
  const done = await viewer.call('favourites.set', { b, select: { ids: [asset] }, favourite: true });
  expect(done.changed).toBe(1);
  const again = await viewer.call('favourites.set', { b, select: { ids: [asset] }, favourite: true });
  expect(again.changed).toBe(0);
  const mine = async (client: typeof viewer) =>
    (await client.call('assets.list', { b, favourite: true })).items.map((item) => item.id);
  expect([await mine(viewer), await mine(app.client)]).toEqual([[asset], []]);
  expect((await viewer.call('assets.get', { b, id: asset })).favourite).toBe(true);
  expect((await app.client.call('assets.get', { b, id: asset })).favourite).toBe(false);
  await viewer.call('favourites.set', { b, select: { filter: { favourite: true } }, favourite: false });
  expect(await mine(viewer)).toEqual([]);
  const all = await viewer.call('assets.list', { b, favourite: false, count: true });
  const every = await viewer.call('assets.list', { b, count: true });
  expect(all.count).toBe(every.count);
});

test('counts stay those of the live members, whatever comes, goes, is trashed, merged, undone or purged', async () => {
  const held = await Promise.all(Array.from({ length: 4 }, () => put()));
  const homes = [await make('Count one'), await make('Count two')];
  const scope = enterBrandAsSystem((await app.client.call('brands.list', {})).items[0]?.id ?? '');
  const done: string[] = [];
  const act = fc.record({
    kind: fc.constantFrom('add', 'remove', 'trash', 'restore', 'undo', 'upload', 'purge'),
    home: fc.nat({ max: 1 }),
    picks: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1 }),
  });
  const run = async ({ kind, home, picks: at }: { kind: string; home: number; picks: number[] }) => {
    const ids = at.map((place) => held[place] ?? '');
    const id = homes[home] ?? '';
    if (kind === 'undo') {
      const last = done.pop();
      return last === undefined ? undefined : app.client.call('operations.undo', { b, id: last });
    }
    if (kind === 'upload') return void (held[at[0] ?? 0] = await put({ collection: id }));
    if (kind === 'purge') return emptyTrash(app.app.deps, scope);
    const { operation } =
      kind === 'add' || kind === 'remove'
        ? await app.client.call(`collections.${kind}`, { b, id, select: { ids } })
        : await app.client.call('assets.bulk', {
            b,
            select: { ids },
            change: kind === 'trash' ? { trash: true } : { restore: true },
          });
    if (operation !== null) done.push(operation);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 10 }), async (row) => {
      for (const step of row) {
        await run(step);
        for (const id of homes) expect(await count(id)).toBe((await members(id)).length);
      }
    }),
    { numRuns: 12 },
  );
});

test('no visit and no list of collections reads the members that are counted', async () => {
  const id = await make('Counted before');
  await app.client.call('collections.add', { b, id, select: { ids: [await put()] } });
  const { url } = await app.client.call('shares.create', { b, collection: id });
  // A count that no counting could give shows that none takes place.
  await query(app.database.connection, `update collection set live_count = 77 where id = '${id}'`);
  const head = await send(`${app.url}${API_BASE}/shared/${url.split('/').at(-1)}`, 'GET');
  expect([await count(id), field(head.json, 'count')]).toEqual([77, 77]);
});

test('a large addition goes on to its end while others add some of the same', async () => {
  const id = await make('Crowd');
  const brand = (await app.client.call('brands.list', {})).items[0]?.id ?? '';
  await query(
    app.database.connection,
    `insert into asset (brand_id, id, name, file_name, type, media_type, source, mime, size_bytes, total_bytes, size_range,
        sha256, created_by)
      select '${brand}', 'AST-CRWD' || lpad(i::text, 4, '0'), 'Crowd ' || i, 'crowd.jpg', 'image', 'image', 'generated',
        'image/jpeg', 10, 10, 0, sha256(i::text::bytea), 'Test' from generate_series(1, 6000) as i`,
  );
  const other = new Client(app.database.connection);
  await other.connect();
  try {
    await other.query('begin');
    await other.query(
      `insert into collection_member (brand_id, collection_id, asset_id, operation_id)
        values ('${brand}', '${id}', 'AST-CRWD0001', gen_random_uuid())`,
    );
    const adding = app.client.call('collections.add', {
      b,
      id,
      select: { filter: { source: ['generated'] } },
    });
    const waiting = `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    const blocked = async () => (await other.query<{ n: number }>(waiting)).rows[0]?.n;
    await expect.poll(blocked, { timeout: 30_000 }).toBe(1);
    await other.query('commit');
    expect(await adding).toMatchObject({ matched: 6000, changed: 5999 });
  } finally {
    await other.end();
  }
  expect(await count(id)).toBe(6000);
  const gone = await app.client.call('collections.remove', {
    b,
    id,
    select: { filter: { collection: [id] } },
  });
  expect([gone.changed, await count(id)]).toEqual([6000, 0]);
});

type Step =
  | { readonly kind: 'add' | 'remove'; readonly picks: readonly number[] }
  | { readonly kind: 'undo'; readonly back: number };
const picks = fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), picks }),
    fc.record({ kind: fc.constant('remove' as const), picks }),
    fc.record({ kind: fc.constant('undo' as const), back: fc.nat({ max: 3 }) }),
  ),
  { maxLength: 7 },
);

/** Members with the step that put each there: the rule by which an undo leaves alone what others did since. */
class Model {
  readonly members = new Map<string, string>();
  readonly done: { id: string; came: string[]; went: string[] }[] = [];

  move(id: string, came: readonly string[], went: readonly string[]): { changed: number } {
    const entered = came.filter((asset) => !this.members.has(asset));
    const left = went.filter((asset) => this.members.has(asset));
    for (const asset of entered) this.members.set(asset, id);
    for (const asset of left) this.members.delete(asset);
    if (entered.length + left.length > 0) this.done.push({ id, came: entered, went: left });
    return { changed: entered.length + left.length };
  }
}

test('any row of additions, removals and undos leaves exactly the members that its rules say', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, () => put()));
  let round = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (row) => {
      const id = await make(`Property ${(round += 1)}`);
      const model = new Model();
      for (const step of row) {
        if (step.kind !== 'undo') {
          const chosen = step.picks.map((at) => ids[at] ?? '');
          const name = `collections.${step.kind}` as const;
          const answer = await app.client.call(name, { b, id, select: { ids: chosen } });
          const [came, went] = step.kind === 'add' ? [chosen, []] : [[], chosen];
          expect(answer.changed).toBe(model.move(answer.operation ?? '', came, went).changed);
        } else {
          const [target] = model.done.splice(-1 - step.back, 1);
          if (target === undefined) continue;
          const answer = await app.client.call('operations.undo', { b, id: target.id });
          const stillThere = target.came.filter((asset) => model.members.get(asset) === target.id);
          expect(answer.changed).toBe(model.move(answer.operation, target.went, stillThere).changed);
        }
        expect(await members(id)).toEqual([...model.members.keys()].toSorted());
        expect(await count(id)).toBe(model.members.size);
      }
    }),
    { numRuns: 15 },
  );
});
