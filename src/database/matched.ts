import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';
import type { Condition } from './labels.ts';
import { RECIPE_WORDS } from './recipe.ts';

/** Fields of a page's rows that cards do not carry, and the piece of the text in the bytes where a word stands. */
export interface MatchSource {
  readonly id: string;
  readonly mood: readonly string[];
  readonly style: readonly string[];
  readonly custom: Readonly<Record<string, string>>;
  /** Prompts, model and LoRAs of its recipe. */
  readonly prompt: string;
  readonly text: string;
}

/** Texts can be long: only the piece round the first place of the word travels. */
const PIECE = 240;

export async function listMatchSources(
  scope: BrandScope,
  tx: BrandTx,
  of: { readonly ids: readonly string[]; readonly words: readonly string[] },
): Promise<MatchSource[]> {
  const piece = (text: Condition) => sql`coalesce((
      select substr(t.text, greatest(1, t.at - ${PIECE / 4}), ${PIECE})
      from (select s.text, strpos(lower(s.text), word) as at
        from unnest(${[...of.words]}::text[]) as word, (select ${text} as text) s) t
      where t.at > 0 limit 1), '')`;
  const { rows } = await sql<MatchSource>`
    select a.id, a.mood, a.style, a.custom, ${piece(RECIPE_WORDS)} as prompt, ${piece(sql`v.facts ->> 'text'`)} as text
    from asset a join version v on v.brand_id = a.brand_id and v.asset_id = a.id and v.n = a.current_version
    where a.brand_id = ${scope.brandId} and a.id = any(${[...of.ids]}::text[])`.execute(tx);
  return rows;
}
