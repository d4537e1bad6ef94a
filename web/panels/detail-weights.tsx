import type { AssetDetail } from '../../client/index.ts';
import { FactList, Words } from './detail-facts.tsx';
import { WEIGHT_GROUPS, factGroups, wordFacts } from './detail-fact-words.ts';

/** What a set of model weights is for, how it is called for in a prompt, and what it was trained on. */
export function DetailWeights({ asset }: { readonly asset: AssetDetail }) {
  const groups = factGroups(asset.facts).filter(({ title }) => WEIGHT_GROUPS.has(title));
  return (
    <>
      {groups.map(({ title, lines }, at) => (
        <section key={title} aria-label={title}>
          {/* The first has the title of the whole part above it. */}
          {at === 0 ? null : <h4 className="mt-3 mb-1 font-semibold">{title}</h4>}
          <FactList lines={lines} />
        </section>
      ))}
      {wordFacts(asset.facts).map(({ title, words }) => (
        <Words key={title} title={title} words={words} />
      ))}
    </>
  );
}

/** Whether the file told anything beyond being weights. */
export function tellsWeights({ facts, mediaType }: AssetDetail): boolean {
  return mediaType === 'weights' && factGroups(facts).some(({ title }) => WEIGHT_GROUPS.has(title));
}
