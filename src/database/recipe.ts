import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { BrandTx } from './database.ts';

/** Words of a version's recipe (alias `v`) that can be searched. Figures stand beside their names: `seed 42`. */
export const RECIPE_WORDS = sql`concat_ws(' ', v.recipe ->> 'prompt', v.recipe ->> 'negative', v.recipe -> 'model' ->> 'name',
  (select string_agg(l ->> 'name', ' ') from jsonb_array_elements(v.recipe -> 'loras') l), v.recipe ->> 'tool',
  v.recipe ->> 'sampler', v.recipe ->> 'scheduler', 'seed ' || (v.recipe ->> 'seed'), 'steps ' || (v.recipe ->> 'steps'))`;

export interface VersionRecipe {
  readonly n: number;
  readonly recipe: Recipe | null;
}

/** Of the asked version, or the current one; undefined without such a version. */
export async function getRecipe(
  scope: BrandScope,
  tx: BrandTx,
  which: { assetId: string; n: number | undefined },
): Promise<VersionRecipe | undefined> {
  const { rows } = await sql<VersionRecipe>`
    select v.n, v.recipe from asset a
    join version v on v.brand_id = a.brand_id and v.asset_id = a.id and v.n = coalesce(${which.n ?? null}::int, a.current_version)
    where a.brand_id = ${scope.brandId} and a.id = ${which.assetId} and a.purging_at is null`.execute(tx);
  return rows[0];
}

/** An asset that holds weights, with what recipes may call it. */
export interface WeightsAsset {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly fileName: string;
  /** As its trainer called it; empty when unknown. */
  readonly title: string;
  /** Hex, of the whole file and of the tensors alone. */
  readonly sha256: string;
  readonly tensorHash: string;
}

/**
 * Live weights of the brand that one of the names (without folder and ending, lower case) or beginnings of hashes may
 * mean, the newest first.
 */
export async function findWeights(
  scope: BrandScope,
  tx: BrandTx,
  of: { names: readonly string[]; hashes: readonly string[] },
): Promise<WeightsAsset[]> {
  const starts = of.hashes.map((hash) => `${hash}%`);
  const { rows } = await sql<WeightsAsset>`
    select w.id, w.name, w.type, w."fileName", w.title, w.sha256, w."tensorHash" from (
      select a.id, a.name, a.type, a.file_name as "fileName", a.created_at,
        coalesce(a.facts ->> 'title', '') as title, encode(a.sha256, 'hex') as sha256,
        lower(coalesce(a.facts -> 'more' ->> 'tensorHash', '')) as "tensorHash"
      from asset a
      where a.brand_id = ${scope.brandId} and a.media_type = 'weights' and a.trashed_at is null and a.purging_at is null) w
    where regexp_replace(lower(w."fileName"), '\\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$', '') = any(${[...of.names]}::text[])
      or lower(w.title) = any(${[...of.names]}::text[])
      or w.sha256 like any(${starts}::text[]) or w."tensorHash" like any(${starts}::text[])
    order by w.created_at desc, w.id limit 200`.execute(tx);
  return rows;
}
