import { listMatchSources } from '../database/matched.ts';
import type { BrandTx } from '../database/database.ts';
import type { BrandScope } from '../domain/access.ts';
import type { Asset } from '../domain/asset.ts';
import { matchOf } from '../domain/matched.ts';
import type { Matched } from '../domain/matched.ts';
import { parseText } from '../domain/search-query.ts';
import type { TextQuery } from '../domain/search-query.ts';

/** Why each row of a page was found. What cards hold is looked at first; the rest is read for what is left. */
export async function explainMatches(
  scope: BrandScope,
  tx: BrandTx,
  { q, rows }: { q: string | undefined; rows: readonly Asset[] },
): Promise<ReadonlyMap<string, Matched>> {
  const text = parseText(q);
  const found = new Map<string, Matched>();
  if (text.kind === 'none') return found;
  for (const asset of rows) {
    const matched = matchOf(text, cardFields(asset));
    if (matched !== null) found.set(asset.id, matched);
  }
  const ids = rows.filter(({ id }) => !found.has(id)).map(({ id }) => id);
  if (ids.length === 0) return found;
  const sources = await listMatchSources(scope, tx, { ids, words: wordsOf(text) });
  for (const { id, mood, style, custom, prompt, text: piece } of sources) {
    const matched = matchOf(text, {
      mood: mood.join(', '),
      style: style.join(', '),
      custom: Object.entries(custom)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', '),
      prompt,
      text: piece,
    });
    if (matched !== null) found.set(id, matched);
  }
  return found;
}

function wordsOf(text: TextQuery): readonly string[] {
  return text.kind === 'words' ? text.words : text.kind === 'short' ? [text.start] : [];
}

function cardFields(asset: Asset) {
  return {
    id: asset.id,
    name: asset.name,
    tags: asset.tags.join(', '),
    description: asset.description,
    sceneHint: asset.sceneHint,
    product: asset.product,
    campaign: asset.campaign,
    fileName: asset.fileName,
  };
}
