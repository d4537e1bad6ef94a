import type { LabelFacets } from '../data/facets.ts';
import { readAddress } from '../data/address.ts';
import type { LibraryNav } from '../data/nav.ts';
import { PEOPLE_WORDS, RATING_WORDS, STATUS_WORDS, keysOf, labelWords } from '../data/words.ts';
import { FilterList } from './filter-menu.tsx';
import type { FilterOption } from './filter-menu.tsx';

export type LabelName =
  | 'status'
  | 'rating'
  | 'hasPeople'
  | 'product'
  | 'campaign'
  | 'mood'
  | 'style'
  | 'tag'
  | RecipeLabel;
/** What the files of generated assets say of their making. */
export type RecipeLabel = 'model' | 'lora' | 'sampler' | 'generator';

const TITLES: Readonly<Record<LabelName, string>> = {
  status: 'Status',
  rating: 'Rating',
  hasPeople: 'People',
  product: 'Product',
  campaign: 'Campaign',
  mood: 'Mood',
  style: 'Style',
  tag: 'Tags',
  model: 'Model',
  lora: 'LoRA',
  sampler: 'Sampler',
  generator: 'Generator',
};

/** Kinds whose values are known beforehand are shown whole; of the others what the library has. */
const FIXED: { readonly [K in LabelName]?: Readonly<Record<string, string>> } = {
  status: STATUS_WORDS,
  rating: RATING_WORDS,
  hasPeople: PEOPLE_WORDS,
};

function optionsOf(
  name: LabelName,
  facets: LabelFacets | undefined,
  picked: readonly string[],
): FilterOption[] {
  const facet = facets?.[name];
  const counts = new Map(facet?.values.map(({ key, count }) => [key, count]));
  const fixed = FIXED[name];
  const keys = fixed === undefined ? [...new Set([...counts.keys(), ...picked])] : keysOf(fixed);
  return keys.map((key) => ({
    key,
    title: fixed?.[key] ?? labelWords(key, name === 'product' ? 'No product' : 'No campaign'),
    // A value that a cut-short count never met may have matches all the same.
    count: facet === undefined ? null : (counts.get(key) ?? (facet.more ? null : 0)),
    more: facet?.more ?? false,
  }));
}

export interface LabelFilterProps {
  readonly nav: LibraryNav;
  readonly name: LabelName;
  readonly facets: LabelFacets | undefined;
}

/** The values of one label with their counts. */
export function LabelFilter({ nav, name, facets }: LabelFilterProps) {
  const picked: readonly string[] = nav.address[name] ?? [];
  const options = optionsOf(name, facets, picked);
  const title = TITLES[name];
  if (options.length === 0) {
    return (
      <p className="px-2.5 py-2 text-muted">
        {facets === undefined ? 'Counting …' : `No ${title.toLowerCase()} is set on these assets.`}
      </p>
    );
  }
  return (
    <FilterList
      filter={{
        label: title,
        sections: [{ title, options }],
        picked,
        onPick: (keys) => nav.change({ [name]: undefined, ...readAddress({ [name]: keys }) }),
      }}
    />
  );
}
