import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Generated assets are found by what made them: model, LoRAs, sampler and generator are labels like any other. They
 * come from the recipe of the current version and are kept on the asset, so that counters can follow them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table asset add column recipe_labels text[] not null default '{}';

    create function recipe_name(name text) returns text language sql immutable parallel safe
      return left(trim(lower(regexp_replace(regexp_replace(name, '^.*[/\\\\]', ''),
        '\\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$', '', 'i'))), 100);

    -- New rows have no recipe yet, so only changes and deletions count. By name they run after the counters of the
    -- other labels: every writer locks in the same order.
    create function count_recipes_update() returns trigger language plpgsql as $$
    begin
      insert into label_count as c
        select r.brand_id, label, sum(r.sign), sum(r.sign * r.total_bytes) from (
          select brand_id, -1 as sign, total_bytes, recipe_labels from old_rows
          where trashed_at is null and recipe_labels <> '{}'
          union all select brand_id, 1, total_bytes, recipe_labels from new_rows
          where trashed_at is null and recipe_labels <> '{}') as r, unnest(r.recipe_labels) as label
        group by 1, 2 having sum(r.sign) <> 0 or sum(r.sign * r.total_bytes) <> 0 order by 1, 2
      on conflict (brand_id, label) do update set n = c.n + excluded.n, bytes = c.bytes + excluded.bytes;
      return null;
    end $$;
    create trigger count_recipes_update after update on asset
      referencing old table as old_rows new table as new_rows
      for each statement execute function count_recipes_update();

    create function count_recipes_delete() returns trigger language plpgsql as $$
    begin
      insert into label_count as c
        select brand_id, label, -count(*), -sum(total_bytes) from old_rows, unnest(recipe_labels) as label
        where trashed_at is null group by 1, 2 order by 1, 2
      on conflict (brand_id, label) do update set n = c.n + excluded.n, bytes = c.bytes + excluded.bytes;
      return null;
    end $$;
    create trigger count_recipes_delete after delete on asset
      referencing old table as old_rows
      for each statement execute function count_recipes_delete();

    update asset a set recipe_labels = found.labels from (
      select v.brand_id, v.asset_id, v.n, array(
        select distinct label from (
          select 'g:' || recipe_name(v.recipe -> 'model' ->> 'name') as label
          union all select 'l:' || recipe_name(lora ->> 'name') from jsonb_array_elements(v.recipe -> 'loras') as lora
          union all select 'n:' || recipe_name(v.recipe ->> 'sampler')
          union all select 'w:' || left(v.recipe ->> 'tool', 100)) as made
        where length(label) > 2 order by label) as labels
      from version v where v.recipe is not null) as found
    where found.brand_id = a.brand_id and found.asset_id = a.id and found.n = a.current_version
      and found.labels <> '{}';
    update asset_search s set labels = s.labels || a.recipe_labels from asset a
    where a.brand_id = s.brand_id and a.id = s.asset_id and a.recipe_labels <> '{}';
  `.execute(db);
}
