import { useState } from 'react';
import type { ReactNode } from 'react';
import { useLabelFacets } from '../data/facets.ts';
import type { LabelFacets } from '../data/facets.ts';
import type { AddressChange, LibraryNav } from '../data/nav.ts';
import { useCurrentBrand } from '../data/session.tsx';
import { readAddress } from '../data/address.ts';
import type { LibraryAddress } from '../data/address.ts';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { FilterList } from './filter-menu.tsx';
import type { FilterSpec } from './filter-menu.tsx';
import { LabelFilter } from './filter-labels.tsx';
import type { LabelName, RecipeLabel } from './filter-labels.tsx';

export interface MoreFiltersProps {
  readonly nav: LibraryNav;
}

/** One label in a menu of its own; its counts are asked for when it opens. */
export function LabelMenuBody({ nav, name }: MoreFiltersProps & { readonly name: LabelName }) {
  const facets = useLabelFacets(useCurrentBrand().slug, nav.filter);
  return (
    <>
      {name === 'tag' ? (
        <div className="px-2.5 py-2">
          <Switch
            isSelected={nav.address.tagMode === 'all'}
            onChange={(all) => nav.change({ tagMode: all ? 'all' : undefined })}
          >
            All picked tags at once
          </Switch>
        </div>
      ) : null}
      <LabelFilter nav={nav} name={name} facets={facets} />
    </>
  );
}

/** Every filter that has no menu of its own. */
export function MoreFilters({ nav, lists }: MoreFiltersProps & { readonly lists: readonly FilterSpec[] }) {
  const facets = useLabelFacets(useCurrentBrand().slug, nav.filter);
  const label = (name: LabelName) => <LabelFilter nav={nav} name={name} facets={facets} />;
  return (
    <div className="grid grid-cols-3 gap-x-4 gap-y-3 p-2 max-md:grid-cols-1 max-md:p-0">
      <Part title="Status">{label('status')}</Part>
      <Part title="Rating">{label('rating')}</Part>
      <Part title="People">{label('hasPeople')}</Part>
      <Part title="Campaign">{label('campaign')}</Part>
      <Part title="Mood">{label('mood')}</Part>
      <Part title="Style">{label('style')}</Part>
      {RECIPE_LABELS.filter(([name]) => isTold(nav, facets, name)).map(([name, title]) => (
        <Part key={name} title={title}>
          {label(name)}
        </Part>
      ))}
      {lists.map((filter) => (
        <Part key={filter.label} title={filter.label}>
          <FilterList filter={filter} />
        </Part>
      ))}
      <Part title="Use and age">
        <UseAndAge nav={nav} />
      </Part>
      <Part title="Picture">
        <Shape nav={nav} />
        <Colour nav={nav} />
      </Part>
      <Part title="Measures">
        <Range nav={nav} title="Width, px" least="minWidth" most="maxWidth" />
        <Range nav={nav} title="Height, px" least="minHeight" most="maxHeight" />
        <Range nav={nav} title="Duration, s" least="minDuration" most="maxDuration" />
        <Range nav={nav} title="Size, MB" least="minSize" most="maxSize" unit={1_000_000} />
      </Part>
    </div>
  );
}

const RECIPE_LABELS = [
  ['generator', 'Generator'],
  ['model', 'Model'],
  ['lora', 'LoRA'],
  ['sampler', 'Sampler'],
] as const satisfies readonly (readonly [RecipeLabel, string])[];

/** Only a library with generated assets has room for these. */
function isTold(nav: LibraryNav, facets: LabelFacets | undefined, name: RecipeLabel): boolean {
  return (nav.address[name]?.length ?? 0) > 0 || (facets?.[name]?.values.length ?? 0) > 0;
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="px-2.5 pb-1 text-label font-semibold text-muted">{title}</h3>
      <div className="flex max-h-52 flex-col gap-2 overflow-auto">{children}</div>
    </section>
  );
}

const USES = {
  any: 'Used or not',
  never: 'Never used',
  'within-30': 'Used in the last 30 days',
  'within-365': 'Used in the last year',
  'unused-90': 'Not used for 90 days',
  'unused-365': 'Not used for a year',
} as const;
type UseKey = keyof typeof USES;

function useKeyOf({ neverUsed, usedWithin, unusedFor }: LibraryAddress): UseKey | null {
  if (neverUsed === true) return 'never';
  const key =
    usedWithin !== undefined
      ? `within-${usedWithin}`
      : unusedFor !== undefined
        ? `unused-${unusedFor}`
        : 'any';
  return Object.keys(USES).find((known): known is UseKey => known === key) ?? null;
}

function useChange(key: UseKey): AddressChange {
  const [kind, count] = key.split('-');
  return {
    neverUsed: kind === 'never' ? true : undefined,
    usedWithin: kind === 'within' ? Number(count) : undefined,
    unusedFor: kind === 'unused' ? Number(count) : undefined,
  };
}

const AGES = {
  any: 'Added at any time',
  '1': 'Added today',
  '7': 'Added in 7 days',
  '30': 'Added in 30 days',
  '365': 'Added in a year',
} as const;
type AgeKey = keyof typeof AGES;

function UseAndAge({ nav }: MoreFiltersProps) {
  const { address, change } = nav;
  const age = Object.keys(AGES).find((key): key is AgeKey => key === String(address.createdWithin ?? 'any'));
  const choices = <K extends string>(words: Readonly<Record<K, string>>) =>
    (Object.keys(words) as K[])
      .toSorted((a, z) => (a === 'any' ? -1 : z === 'any' ? 1 : 0))
      .map((value) => ({ value, label: words[value] }));
  return (
    <div className="flex flex-col gap-2 px-2.5">
      <Select
        label="Use"
        hideLabel
        small
        value={useKeyOf(address)}
        placeholder="Another use"
        choices={choices(USES)}
        onChange={(key) => change(useChange(key))}
      />
      <Select
        label="Age"
        hideLabel
        small
        value={age ?? null}
        placeholder="Another age"
        choices={choices(AGES)}
        onChange={(key) => change({ createdWithin: key === 'any' ? undefined : Number(key) })}
      />
      <Switch
        isSelected={address.mustInclude === true}
        onChange={(on) => change({ mustInclude: on ? true : undefined })}
      >
        Must include
      </Switch>
    </div>
  );
}

const SHAPES = { any: 'Any shape', landscape: 'Landscape', portrait: 'Portrait', square: 'Square' } as const;

function Shape({ nav }: MoreFiltersProps) {
  return (
    <div className="px-2.5">
      <Select
        label="Shape"
        hideLabel
        small
        value={nav.address.orientation ?? 'any'}
        choices={(Object.keys(SHAPES) as (keyof typeof SHAPES)[]).map((value) => ({
          value,
          label: SHAPES[value],
        }))}
        onChange={(key) => nav.change({ orientation: key === 'any' ? undefined : key })}
      />
    </div>
  );
}

const USUAL_TOLERANCE = 20;

/** The browser's own colour field; the search begins when it is left, not with every step through the rainbow. */
function Colour({ nav }: MoreFiltersProps) {
  const { colour, colourTolerance = USUAL_TOLERANCE } = nav.address;
  const [draft, setDraft] = useState<string | null>(null);
  const [reach, setReach] = useState<number | null>(null);
  const apply = () => {
    if (draft !== null) nav.change({ colour: draft });
    setDraft(null);
  };
  const applyReach = () => {
    if (reach !== null) nav.change({ colourTolerance: reach === USUAL_TOLERANCE ? undefined : reach });
    setReach(null);
  };
  return (
    <div className="flex flex-col gap-2 px-2.5">
      <label className="flex items-center gap-2">
        <input
          type="color"
          className="h-8 w-12 rounded-sm border border-edge bg-transparent"
          value={draft ?? colour ?? '#808080'}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={apply}
        />
        {colour === undefined ? 'Main colour' : colour}
      </label>
      {colour === undefined ? null : (
        <label className="flex flex-col text-label text-muted">
          How far from it
          <input
            type="range"
            min={6}
            max={60}
            step={2}
            className="accent-accent"
            value={reach ?? colourTolerance}
            onChange={(event) => setReach(Number(event.target.value))}
            onBlur={applyReach}
            onPointerUp={applyReach}
          />
        </label>
      )}
    </div>
  );
}

type Least = 'minWidth' | 'minHeight' | 'minDuration' | 'minSize';
type Most = 'maxWidth' | 'maxHeight' | 'maxDuration' | 'maxSize';

function Range(
  props: MoreFiltersProps & {
    readonly title: string;
    readonly least: Least;
    readonly most: Most;
    readonly unit?: number;
  },
) {
  const { nav, title, least, most, unit = 1 } = props;
  const field = (name: Least | Most, word: string) => {
    const value = nav.address[name];
    const save = (text: string) => {
      const said = text.trim() === '' ? undefined : String(Number(text.replace(',', '.')) * unit);
      const next = readAddress({ [name]: said })[name];
      if (next !== value) nav.change({ [name]: next });
    };
    return (
      <input
        key={value ?? 'none'}
        type="text"
        inputMode="decimal"
        aria-label={`${title}, ${word}`}
        placeholder={word}
        defaultValue={value === undefined ? '' : String(value / unit)}
        className="field h-8 w-full min-w-0"
        onBlur={(event) => save(event.target.value)}
        onKeyDown={(event) => (event.key === 'Enter' ? save(event.currentTarget.value) : undefined)}
      />
    );
  };
  return (
    <div className="px-2.5">
      <span className="text-label text-muted">{title}</span>
      <div className="flex items-center gap-1">
        {field(least, 'from')}
        {field(most, 'to')}
      </div>
    </div>
  );
}
