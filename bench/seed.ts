import { sql } from 'kysely';
import type { Executor } from '../src/database/transaction.ts';
import { SIZE_RANGES } from '../src/domain/size-range.ts';

/** Words of which each is in a tenth of the seeded names. */
export const WORDS = [
  'harbor',
  'sunset',
  'forest',
  'studio',
  'market',
  'bridge',
  'garden',
  'winter',
  'neon',
  'desert',
];
const COLOURS = ['teal', 'amber', 'crimson', 'ivory', 'cobalt', 'olive', 'rose', 'slate'];
const NOUNS = [
  'portrait',
  'aerial',
  'closeup',
  'lifestyle',
  'product',
  'texture',
  'crowd',
  'skyline',
  'kitchen',
  'runner',
];
const PORTION = 50_000;

/**
 * Made-up rows straight into the tables of one brand: no bytes, plausible words, sizes and dates over three years.
 * Counters and text indexes are made once at the end, which is what makes a million rows a matter of minutes.
 */
export async function seedAssets(db: Executor, brand: { slug: string; count: number }): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    insert into brand (slug, name) values (${brand.slug}, ${brand.slug})
    on conflict (slug) do update set name = excluded.name returning id`.execute(db);
  const brandId = rows[0]?.id ?? '';
  await sql`insert into brand_usage (brand_id) values (${brandId}) on conflict do nothing`.execute(db);
  await sql`alter table asset disable trigger user`.execute(db);
  for (let from = 0; from < brand.count; from += PORTION) {
    await insertPortion(db, { brandId, from, to: Math.min(from + PORTION, brand.count) });
  }
  await sql`alter table asset enable trigger user`.execute(db);
  await recount(db, brandId);
}

async function insertPortion(
  db: Executor,
  part: { brandId: string; from: number; to: number },
): Promise<void> {
  const pick = (list: readonly string[], salt: string) =>
    sql`(${sql.val(list)}::text[])[1 + abs(hashtext(${salt} || i)) % ${list.length}]`;
  const range = sql.join(
    SIZE_RANGES.slice(0, -1).map((one, i) => sql`when size < ${sql.lit(one.under)} then ${sql.lit(i)}`),
    sql` `,
  );
  await sql`
    with numbers as (
      select i, 'AST-' || translate(upper(lpad(to_hex(abs(hashtext(${part.brandId}))::bigint % 4096), 3, '0') || lpad(to_hex(i), 5, '0')), 'ILOU', 'VWXY') as id,
        ${pick(WORDS, 'w')} as word, ${pick(COLOURS, 'c')} as colour, ${pick(NOUNS, 'n')} as noun,
        (array['image','image','image','image','video','audio','document'])[1 + abs(hashtext('m' || i)) % 7] as media,
        (array['uploaded','uploaded','generated','generated','rendered','synced'])[1 + abs(hashtext('s' || i)) % 6] as source,
        (20000 + pow(abs(hashtext('z' || i)) % 1000, 3) / 20)::bigint as size,
        now() - make_interval(secs => (abs(hashtext('d' || i)) % 94608000)) as at,
        (array['ingested','ingested','reviewed','approved'])[1 + abs(hashtext('t' || i)) % 4] as status,
        case when abs(hashtext('p' || i)) % 3 = 0 then '' else 'Product ' || abs(hashtext('p' || i)) % 40 end as product,
        nullif(abs(hashtext('r' || i)) % 12, 0) as stars
      from generate_series(${part.from}::int, ${part.to - 1}::int) as i
    ), rows as (
      select *, initcap(word) || ' ' || colour || ' ' || noun || ' ' || i as name,
        array[word, colour] as tags, case ${range} else ${sql.lit(SIZE_RANGES.length - 1)} end as size_range,
        case media when 'audio' then 'background_music' else media end as type
      from numbers
    ), searchable as (
      insert into asset_search (brand_id, asset_id, created_at, type, source, media_type, size_range, total_bytes, name, labels, tsv)
      select ${part.brandId}::uuid, id, at, type, source, media, size_range, size, lower(name),
        asset_labels(array['s:' || status, 'r:' || case when stars <= 5 then stars::text else '-' end,
          'p:' || coalesce(nullif(product, ''), '-'), 'c:-', 'h:-', 'o:landscape'], tags, '{}', '{}'),
        search_vector(name || ' ' || array_to_string(tags, ' '), 'A ' || noun || ' at the ' || word)
      from rows
    ), versions as (
      insert into version (brand_id, asset_id, n, storage_key, sha256, size_bytes, mime, media_type, ext, file_name, created_by)
      select ${part.brandId}::uuid, id, 1, ${part.brandId} || '/assets/' || media || '/' || id || '_v1.jpg', sha256(id::bytea), size, 'image/jpeg', media, 'jpg',
        name || '.jpg', 'Seed' from rows
    )
    insert into asset (brand_id, id, name, file_name, type, media_type, source, status, product, rating, state, description, tags, mime, size_bytes,
      total_bytes, size_range, width, height, colour, sha256, usage_count, created_at, created_by)
    select ${part.brandId}::uuid, id, name, name || '.jpg', type, media, source, status, product, case when stars <= 5 then stars end, 'ready', 'A ' || noun || ' at the ' || word, tags,
      'image/jpeg', size, size, size_range, 1920, 1080, '#' || lpad(to_hex(abs(hashtext('h' || i)) % 16777216), 6, '0'),
      sha256(id::bytea), abs(hashtext('u' || i)) % 9, at, 'Seed'
    from rows`.execute(db);
}

async function recount(db: Executor, brandId: string): Promise<void> {
  await sql`delete from asset_count where brand_id = ${brandId}`.execute(db);
  await sql`
    insert into asset_count
    select brand_id, trashed_at is not null, date_trunc('month', created_at at time zone 'UTC')::date, type, source, media_type,
      size_range, count(*), sum(total_bytes) from asset where brand_id = ${brandId} group by 1, 2, 3, 4, 5, 6, 7`.execute(
    db,
  );
  await sql`delete from tag_count where brand_id = ${brandId}`.execute(db);
  await sql`
    insert into tag_count (brand_id, tag, n)
    select brand_id, tag, count(*) from asset, unnest(tags) as tag where brand_id = ${brandId} group by 1, 2`.execute(
    db,
  );
  await sql`
    delete from label_count where brand_id = ${brandId}`.execute(db);
  await sql`
    insert into label_count
    select s.brand_id, label, count(*), sum(s.total_bytes) from asset_search s, unnest(s.labels) as label
    where s.brand_id = ${brandId} and label <> all ('{s:ingested,r:-,p:-,c:-,h:-}') and label not like 't:%'
    group by 1, 2`.execute(db);
  await sql`
    update brand_usage set live_count = t.n, live_bytes = t.bytes, change_no = change_no + 1
    from (select count(*) as n, sum(total_bytes) as bytes from asset where brand_id = ${brandId}) t
    where brand_id = ${brandId}`.execute(db);
  await sql`
    update workspace_usage set used_bytes = t.bytes, quota_bytes = greatest(quota_bytes, t.bytes * 2)
    from (select coalesce(sum(live_bytes + trash_bytes), 0) as bytes from brand_usage) t`.execute(db);
}

const GATHERED = 'with (fastupdate = on, gin_pending_list_limit = 256)';
const TEXT_INDEXES = {
  search_name: `create index search_name on asset_search using gin (brand_id, name gin_trgm_ops) ${GATHERED}`,
  search_words: `create index search_words on asset_search using gin (brand_id, tsv) ${GATHERED}`,
  search_labels: `create index search_labels on asset_search using gin (brand_id, labels) ${GATHERED}`,
  search_colours: `create index search_colours on asset_search using gin (brand_id, colours) ${GATHERED}`,
} as const;

/** Seeds several brands with the text indexes out of the way, then makes these and fresh statistics. */
export async function seedLibrary(
  db: Executor,
  brands: readonly { slug: string; count: number }[],
): Promise<void> {
  for (const name of Object.keys(TEXT_INDEXES)) await sql`drop index if exists ${sql.ref(name)}`.execute(db);
  for (const brand of brands) await seedAssets(db, brand);
  for (const statement of Object.values(TEXT_INDEXES)) await sql.raw(statement).execute(db);
  for (const table of [
    'asset',
    'asset_search',
    'version',
    'asset_count',
    'tag_count',
    'brand_usage',
    'workspace_usage',
  ]) {
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
  }
}
