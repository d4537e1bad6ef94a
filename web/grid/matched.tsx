import type { AssetCard } from '../../client/index.ts';
import { MATCH_WORDS } from '../data/words.ts';

/** Where the words of the search were found, unless the name shows it. */
export function MatchLine({ matched }: { readonly matched: NonNullable<AssetCard['matched']> }) {
  const { field, excerpt, start, end } = matched;
  return (
    <div className="card-facts" title={`${MATCH_WORDS[field]}: ${excerpt}`}>
      {MATCH_WORDS[field]}: {excerpt.slice(0, start)}
      <mark className="bg-transparent font-semibold text-text">{excerpt.slice(start, end)}</mark>
      {excerpt.slice(end)}
    </div>
  );
}
