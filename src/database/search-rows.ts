import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';
import { LABELS } from './labels.ts';
import type { Condition } from './labels.ts';
import { RECIPE_WORDS } from './recipe.ts';

/** What a change of some columns means for the search. */
export interface SearchChange {
  readonly columns: readonly string[];
  /** When nothing but these tags was added to what can be read of the assets. */
  readonly addedTags?: readonly string[];
}

/** Columns of which the search rows hold nothing. */
const UNSEEN: ReadonlySet<string> = new Set(['trashed_at', 'locked']);
/** Columns whose words are found; a change of the others changes labels only. */
const READ: ReadonlySet<string> = new Set([
  'name',
  'description',
  'scene_hint',
  'tags',
  'product',
  'campaign',
  'mood',
  'style',
  'custom',
]);

/** Whether the words of a column are found. */
export function isRead(column: string): boolean {
  return READ.has(column);
}

const WORDS = sql`search_vector(a.name || ' ' || a.file_name || ' ' || array_to_string(a.tags, ' '),
  concat_ws(' ', replace(a.id, '-', ''), a.description, a.scene_hint, a.product, a.campaign, array_to_string(a.mood, ' '),
    array_to_string(a.style, ' '), (select string_agg(value, ' ') from jsonb_each_text(a.custom)), ${RECIPE_WORDS}, v.facts ->> 'text'))`;

/**
 * Search rows follow their assets, and the text found in the bytes of the current version. Without a change all is made
 * anew; with one only what follows from it: words are most of the work, and most changes of many assets touch none.
 */
export async function refreshSearchRows(
  scope: BrandScope,
  tx: BrandTx,
  { ids, change }: { ids: readonly string[]; change?: SearchChange },
): Promise<void> {
  if (change?.columns.every((column) => UNSEEN.has(column)) === true) return;
  const { set, from } = wordsOf(scope, change);
  await sql`
    update search_row s set name = a.name_key, labels = ${LABELS}, colours = a.colours, type = a.type, source = a.source,
      media_type = a.media_type, size_range = a.size_range, total_bytes = a.total_bytes ${set}
    from asset a ${from}
    where s.brand_id = ${scope.brandId} and s.asset_id = any(${[...ids]}::text[])
      and a.brand_id = ${scope.brandId} and a.id = s.asset_id`.execute(tx);
}

function wordsOf(
  scope: BrandScope,
  change: SearchChange | undefined,
): { readonly set: Condition; readonly from: Condition } {
  if (change !== undefined && !change.columns.some(isRead)) {
    return { set: sql``, from: sql`` };
  }
  if (change?.addedTags !== undefined) {
    const words = change.addedTags.join(' ');
    return { set: sql`, tsv = s.tsv || search_vector(${words}, '')`, from: sql`` };
  }
  // Each version by its key: a join read the whole table for a portion of a large step.
  const from = sql`cross join lateral (
    select v.recipe, v.facts from version v
    where v.brand_id = ${scope.brandId} and v.asset_id = a.id and v.n = a.current_version offset 0) v`;
  return { set: sql`, tsv = ${WORDS}`, from };
}
