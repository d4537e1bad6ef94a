import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * What a portion of a large step spends most of its time on, made cheaper: labels and their counters. Words are kept
 * without their places, which nothing asks for; so a row to which words were added is the same as one made anew.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One expression, which the planner folds into the statement. Control characters, such as the one that joins here,
    -- are never part of a tag, a mood or a style.
    drop function asset_labels(text[], text[], text[], text[]);
    create function asset_labels(single text[], tags text[], mood text[], style text[]) returns text[]
      language sql immutable parallel safe
      return array_remove(single, null)
        || case when cardinality(tags) = 0 then '{}'
          else string_to_array('t:' || array_to_string(tags, chr(31) || 't:'), chr(31)) end
        || case when cardinality(mood) = 0 then '{}'
          else string_to_array('m:' || array_to_string(mood, chr(31) || 'm:'), chr(31)) end
        || case when cardinality(style) = 0 then '{}'
          else string_to_array('y:' || array_to_string(style, chr(31) || 'y:'), chr(31)) end;

    create or replace function search_vector(words text, more text) returns tsvector language plpgsql immutable
      parallel safe set search_path = pg_catalog, pg_temp as $$
      begin
        return strip(to_tsvector('simple', regexp_replace(words || ' ' || more, '[^[:alnum:]]+', ' ', 'g')))
          || coalesce((
            select array_to_tsvector(array_agg(distinct part))
            from regexp_split_to_table(lower(words), '[^[:alnum:]]+') as word,
              lateral (values ('^' || left(word, 1)), ('^' || left(word, 2))) as short (part)
            where word <> ''
          ), ''::tsvector);
      end $$;
    update asset_search set tsv = strip(tsv) where tsv <> strip(tsv);
  `.execute(db);
  await labelCounters(db);
}

const ROW =
  sql.raw(`brand_id, status, rating, product, campaign, has_people, must_include, sign(width - height) as shape,
  mood, style, total_bytes`);

/**
 * Rows are gathered by the columns that labels are made of. Where a statement moved none of them, all of it cancels out
 * there; else the labels are made once for each kind of row.
 */
async function labelCounters(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function count_labels_update() returns trigger language plpgsql as $$
    begin
      insert into label_count as c
        select r.brand_id, label, sum(r.n), sum(r.bytes) from (
          select brand_id, status, rating, product, campaign, has_people, must_include, shape, mood, style,
            sum(sign) as n, sum(sign * total_bytes) as bytes
          from (
            select -1 as sign, ${ROW} from old_rows where trashed_at is null
            union all select 1, ${ROW} from new_rows where trashed_at is null) as moved
          group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
          having sum(sign) <> 0 or sum(sign * total_bytes) <> 0) as r,
          unnest(asset_labels(
            array['s:' || r.status, 'r:' || coalesce(r.rating::text, '-'),
              'p:' || coalesce(nullif(r.product, ''), '-'), 'c:' || coalesce(nullif(r.campaign, ''), '-'),
              'h:' || case when r.has_people is null then '-' when r.has_people then 'yes' else 'no' end,
              case when r.must_include then 'i:yes' end,
              case r.shape when 1 then 'o:landscape' when -1 then 'o:portrait' when 0 then 'o:square' end],
            '{}', r.mood, r.style)) as label
        where label <> all ('{s:ingested,r:-,p:-,c:-,h:-}')
        group by 1, 2 having sum(r.n) <> 0 or sum(r.bytes) <> 0 order by 1, 2
      on conflict (brand_id, label) do update set n = c.n + excluded.n, bytes = c.bytes + excluded.bytes;
      return null;
    end $$`.execute(db);
}
