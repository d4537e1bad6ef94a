import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../client/index.ts';
import type { AssetCard, AssetDetail, AssetFilter } from '../../client/index.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
let all: AssetDetail[];
const b = 'default';
const DAY_MS = 86_400_000;

const NAMES = ['Harbor sunset', 'Harbor dawn', 'Forest walk', 'Neon street', 'Quiet forest'];
const pick = <T>(list: readonly T[], i: number): T | undefined => list[i % list.length];

/** Thirty assets whose fields go round at different speeds, so that every mix of a few values is there. */
beforeAll(async () => {
  app = await startApp();
  const ids: string[] = [];
  for (let i = 0; i < 30; i += 1) {
    const fields = {
      title: `${pick(NAMES, i)} ${i}`,
      type: pick(['image', 'logo', 'video'], i) ?? '',
      source: pick(['uploaded', 'generated'], i) ?? '',
      tags: ['sea,sky', 'sky', ''][i % 3] ?? '',
      ...(i % 4 === 0 ? { product: 'Sneaker' } : i % 4 === 1 ? { product: 'Boot', campaign: 'Spring' } : {}),
      ...(i % 5 === 0 ? { mustInclude: 'true' } : {}),
    };
    const name = `file${i}.dat`;
    ids.push(assetOf(await putRaw(app, { bytes: randomBytes(200 + i * 9000), name, fields })));
  }
  const set = async (at: (i: number) => boolean, change: object) => {
    await app.client.call('assets.bulk', {
      b,
      select: { ids: ids.filter((_, i) => at(i)) },
      change: { set: change },
    });
  };
  await set((i) => i % 3 === 0, { status: 'approved', mood: ['warm'], style: ['noir', 'flat'] });
  await set((i) => i % 3 === 1, { rating: 4, hasPeople: true, mood: ['warm', 'calm'] });
  await set((i) => i % 7 === 0, { rating: 2, hasPeople: false, description: 'Seen from the bridge' });
  // What decoders, productions and time write.
  await sql`
    update asset set width = 100 * (1 + hashtext(id) % 3), height = 200, duration = size_bytes / 10000.0, state = 'ready',
      usage_count = abs(hashtext(id || 'u')) % 3,
      last_used_at = case when hashtext(id || 'u') % 3 = 0 then null else now() - make_interval(days => abs(hashtext(id)) % 60) end,
      created_at = now() - make_interval(days => abs(hashtext(id || 'c')) % 90)`.execute(
    app.app.deps.database.workspace,
  );
  await app.client.call('assets.bulk', { b, select: { ids }, change: { addTags: ['every'] } });
  await app.client.call('assets.trash', { b, id: ids[29] ?? '' });
  all = await Promise.all(ids.slice(0, 29).map((id) => app.client.call('assets.get', { b, id })));
});
afterAll(() => app.close());

const list = async (filter: AssetFilter & { sort?: AssetSort }) =>
  app.client.call('assets.list', { ...filter, b, limit: 100, count: true });
type AssetSort = '-rating' | 'rating' | '-duration' | 'duration' | '-used' | 'used' | 'name' | '-uses';

const overlaps = (asked: readonly string[] | undefined, has: readonly string[]) =>
  asked === undefined || asked.some((one) => has.includes(one));
const people = ({ hasPeople }: AssetCard) => (hasPeople === null ? 'unknown' : hasPeople ? 'yes' : 'no');
const shape = ({ width, height }: AssetCard) =>
  (width ?? 0) > (height ?? 0) ? 'landscape' : width === height ? 'square' : 'portrait';
const within = (value: number, least: number | undefined, most: number | undefined) =>
  (least === undefined || value >= least) && (most === undefined || value <= most);
const age = (time: string | null) => (time === null ? Infinity : Date.now() - Date.parse(time));

/** What a filter means, said again in plain code. */
function matches(asset: AssetDetail, filter: AssetFilter): boolean {
  const words = `${asset.name} ${asset.description}`.toLowerCase();
  return [
    filter.q === undefined || words.includes(filter.q),
    overlaps(filter.type, [asset.type]),
    overlaps(filter.source, [asset.source]),
    overlaps(filter.status, [asset.status]),
    overlaps(filter.product, [asset.product || '-']),
    overlaps(filter.campaign, [asset.campaign || '-']),
    overlaps(filter.mood, asset.mood),
    overlaps(filter.style, asset.style),
    overlaps(filter.hasPeople, [people(asset)]),
    overlaps(filter.rating, [asset.rating === null ? '-' : String(asset.rating)]),
    filter.minRating === undefined || (asset.rating ?? 0) >= filter.minRating,
    filter.tagMode === 'all'
      ? (filter.tag ?? []).every((tag) => asset.tags.includes(tag))
      : overlaps(filter.tag, asset.tags),
    filter.orientation === undefined || shape(asset) === filter.orientation,
    filter.mustInclude === undefined || asset.mustInclude === filter.mustInclude,
    filter.neverUsed === undefined || (asset.usageCount === 0) === filter.neverUsed,
    within(asset.size, filter.minSize, filter.maxSize),
    within(asset.duration ?? -1, filter.minDuration, undefined),
    filter.createdWithin === undefined || age(asset.createdAt) <= filter.createdWithin * DAY_MS,
    filter.usedWithin === undefined || age(asset.lastUsedAt) <= filter.usedWithin * DAY_MS,
    filter.unusedFor === undefined || age(asset.lastUsedAt) > filter.unusedFor * DAY_MS,
  ].every(Boolean);
}

const some = <T>(...values: T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
    freq: 2,
  });
const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 });
const filters: fc.Arbitrary<AssetFilter> = fc
  .record({
    q: maybe('forest', 'harb', 'bridge'),
    type: some('image' as const, 'logo' as const),
    source: some('generated' as const),
    status: some('approved' as const, 'ingested' as const),
    product: some('Sneaker', 'Boot', '-'),
    campaign: some('Spring', '-'),
    mood: some('warm', 'calm'),
    style: some('noir'),
    hasPeople: some('yes' as const, 'no' as const, 'unknown' as const),
    rating: some('4' as const, '2' as const, '-' as const),
    minRating: maybe(3),
    tag: some('sea', 'sky', 'every'),
    tagMode: maybe('any' as const, 'all' as const),
    orientation: maybe('portrait' as const, 'square' as const),
    mustInclude: maybe(true, false),
    neverUsed: maybe(true, false),
    minSize: maybe(50_000),
    maxSize: maybe(150_000),
    minDuration: maybe(5),
    createdWithin: maybe(45),
    usedWithin: maybe(30),
    unusedFor: maybe(20),
  })
  .map((raw) => {
    // A filter of everything at once finds nothing; each run keeps three or four.
    return Object.entries(raw).filter(([, value]) => value !== undefined);
  })
  .chain((said) => fc.subarray(said, { maxLength: Math.min(4, said.length) }))
  .map((said) => Object.fromEntries(said));

const LABELS = ['status', 'rating', 'product', 'campaign', 'hasPeople', 'mood', 'style', 'tag'] as const;

describe('any mix of filters', () => {
  it('finds exactly what it says, counts it and groups it', async () => {
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.constantFrom('product' as const, 'status' as const, 'type' as const, 'month' as const),
        async (filter, by) => {
          const expected = all.filter((asset) => matches(asset, filter));
          const found = await list(filter);
          expect(found.items.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
          expect(found.count).toBe(expected.length);
          for (const exact of [true, false]) {
            const groups = await app.client.call('assets.groups', { ...filter, b, by, exact });
            const bytes = expected.reduce((sum, { totalSize }) => sum + totalSize, 0);
            expect(groups).toMatchObject({ count: expected.length, bytes, more: false });
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('has facets whose counts are those of the list with that value picked', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(...LABELS), fc.boolean(), async (filter, kind, exact) => {
        const found = await app.client.call('assets.labels', { ...filter, b, of: [kind], exact });
        const { values = [], more } = found[kind] ?? {};
        expect(more).toBe(false);
        const rest = kind === 'rating' ? { minRating: undefined } : {};
        const already = kind === 'tag' && filter.tagMode === 'all' ? (filter.tag ?? []) : [];
        for (const { key, count } of values) {
          const picked = { ...filter, ...rest, [kind]: [...new Set([...already, key])] };
          expect((await list(picked)).count, `${kind} ${key}`).toBe(count);
        }
        const cube = await app.client.call('assets.facets', { ...filter, b, exact });
        for (const { key, count } of cube.type) {
          expect(
            all.filter((asset) => asset.type === key && matches(asset, { ...filter, type: undefined }))
              .length,
          ).toBe(count);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('orders', () => {
  const VALUE: Readonly<Record<AssetSort, (asset: AssetCard) => number | string>> = {
    '-rating': ({ rating }) => -(rating ?? 0),
    rating: ({ rating }) => rating ?? 0,
    '-duration': ({ duration }) => -(duration ?? -1),
    duration: ({ duration }) => duration ?? -1,
    '-used': ({ lastUsedAt }) => -Date.parse(lastUsedAt ?? '0001-01-01'),
    used: ({ lastUsedAt }) => Date.parse(lastUsedAt ?? '0001-01-01'),
    name: ({ name }) => name.toLowerCase(),
    '-uses': ({ usageCount }) => -usageCount,
  };
  it.each(Object.keys(VALUE) as AssetSort[])(
    'by %s, page by page, with and without filters',
    async (sort) => {
      for (const filter of [{}, { tag: ['every'] }, { q: 'forest' }]) {
        const seen: AssetCard[] = [];
        for (let after: string | undefined; ;) {
          const page = await app.client.call('assets.list', {
            ...filter,
            b,
            sort,
            limit: 7,
            ...(after === undefined ? {} : { after }),
          });
          seen.push(...page.items);
          if (page.next === null) break;
          after = page.next;
        }
        const values = seen.map(VALUE[sort]);
        const sorted = values.toSorted((a, z) => (a < z ? -1 : a > z ? 1 : 0));
        expect(values).toEqual(sorted);
        expect(new Set(seen.map(({ id }) => id)).size).toBe(
          all.filter((asset) => matches(asset, filter)).length,
        );
      }
    },
  );
});

describe('a quick count', () => {
  it('says that there is more instead of a number that is not true', async () => {
    await app.addBrand('crowd');
    const { rows } = await sql<{ id: string }>`select id from brand where slug = 'crowd'`.execute(
      app.app.deps.database.workspace,
    );
    await seedRows(rows[0]?.id ?? '', 1500);
    const client = createClient({ origin: app.url, key: await app.keyFor('crowd', 'owner') });
    const ask = { b: 'crowd', q: 'crowded' };
    const quick = await client.call('assets.groups', { ...ask, by: 'type', exact: false });
    expect(quick).toMatchObject({ more: true, count: 1001 });
    const exact = await client.call('assets.groups', { ...ask, by: 'type' });
    expect(exact).toMatchObject({ more: false, count: 1500 });
    const labels = await client.call('assets.labels', { ...ask, of: ['status'], exact: false });
    expect(labels.status).toMatchObject({ more: true, values: [{ key: 'ingested', count: 1001 }] });
    const facets = await client.call('assets.facets', { ...ask, exact: false });
    expect(facets).toMatchObject({ more: true, type: [{ key: 'image', count: 1001 }] });
    const whole = await client.call('assets.labels', {
      b: 'crowd',
      of: ['status', 'product'],
      exact: false,
    });
    expect(whole).toEqual({
      status: { more: false, values: [{ key: 'ingested', count: 1500 }] },
      product: { more: false, values: [{ key: '-', count: 1500 }] },
    });
  });
});

/** Rows of assets without bytes, many at once. */
async function seedRows(brandId: string, count: number): Promise<void> {
  await sql`
    with made as (
      insert into asset (brand_id, id, name, file_name, type, media_type, source, mime, size_bytes, total_bytes, size_range, sha256, created_by)
      select ${brandId}::uuid, 'AST-CRWD' || lpad(i::text, 4, '0'), 'Crowded ' || i, 'crowd.jpg', 'image', 'image', 'uploaded',
        'image/jpeg', 10, 10, 0, sha256(i::text::bytea), 'Test'
      from generate_series(1, ${count}::int) as i returning *)
    insert into asset_search (brand_id, asset_id, created_at, type, source, media_type, size_range, total_bytes, name, labels, tsv)
    select brand_id, id, created_at, type, source, media_type, size_range, total_bytes, lower(name),
      '{s:ingested,r:-,p:-,c:-,h:-}', search_vector(name, '') from made`.execute(
    app.app.deps.database.workspace,
  );
}
