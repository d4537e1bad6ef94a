import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { COLOUR_TOLERANCE, cellsNear } from '../domain/colour.ts';
import { LABEL_KIND_NAMES, RATINGS, UNSAID, labelText } from '../domain/labels.ts';
import type { LabelKind } from '../domain/labels.ts';
import type { AssetQuery } from '../domain/search-query.ts';

export type Condition = RawBuilder<unknown>;

const FALSE = sql`false`;

/** The labels of the asset row under the alias `a`; the triggers of the counters make the same ones. */
export const LABELS = sql`asset_labels(
  array['s:' || a.status, 'r:' || coalesce(a.rating::text, '-'),
    'p:' || coalesce(nullif(a.product, ''), '-'), 'c:' || coalesce(nullif(a.campaign, ''), '-'),
    'h:' || case when a.has_people is null then '-' when a.has_people then 'yes' else 'no' end,
    case when a.must_include then 'i:yes' end,
    case when a.width > a.height then 'o:landscape' when a.width < a.height then 'o:portrait'
      when a.width = a.height then 'o:square' end],
  a.tags, a.mood, a.style) || a.recipe_labels`;

/** What an asset begins with, before anybody has looked into it. */
export function newLabels(asset: {
  readonly product: string;
  readonly campaign: string;
  readonly mustInclude: boolean;
  readonly tags: readonly string[];
}): string[] {
  return [
    's:ingested',
    'r:-',
    `p:${asset.product || '-'}`,
    `c:${asset.campaign || '-'}`,
    'h:-',
    ...(asset.mustInclude ? ['i:yes'] : []),
    ...asset.tags.map((tag) => `t:${tag}`),
  ];
}

/** Values asked for of each kind; any of them will do. */
function askedValues(query: AssetQuery): Readonly<Record<LabelKind, readonly string[] | undefined>> {
  const lower = (values: readonly string[] | undefined) => values?.map((value) => value.toLowerCase());
  return {
    status: query.status,
    rating: query.rating,
    product: query.product,
    campaign: query.campaign,
    hasPeople: query.hasPeople,
    orientation: query.orientation === undefined ? undefined : [query.orientation],
    mustInclude: query.mustInclude === true ? ['yes'] : undefined,
    mood: lower(query.mood),
    style: lower(query.style),
    tag: lower(query.tag),
    model: lower(query.model),
    lora: lower(query.lora),
    sampler: lower(query.sampler),
    generator: query.generator,
  };
}

/** Values asked for of each kind, the least rating among them. */
function askedLabels(query: AssetQuery): (readonly [LabelKind, readonly string[]])[] {
  const asked = askedValues(query);
  const { minRating } = query;
  const list = LABEL_KIND_NAMES.flatMap((kind) => {
    const values = asked[kind] ?? [];
    return values.length === 0 ? [] : [[kind, values] as const];
  });
  if (minRating === undefined) return list;
  return [...list, ['rating', RATINGS.filter((stars) => Number(stars) >= minRating)]];
}

/** Conditions on labels and colours of the search rows (alias `s`), where an index finds them. */
export function labelConditions(query: AssetQuery): Condition[] {
  const conditions = askedLabels(query).map(([kind, values]) => {
    const labels = values.map((value) => labelText(kind, value));
    return sql`s.labels ${isAllAsked(kind, query) ? sql`@>` : sql`&&`} ${labels}::text[]`;
  });
  return [...conditions, ...colourCondition(query, sql`s.colours`)];
}

/**
 * The same on the columns of the assets (alias `a`), for walks along another order. Making the labels of each row on the
 * way costs fifty times as much, and the planner, which knows nothing of them, would rather read the whole library.
 */
export function columnConditions(query: AssetQuery): Condition[] {
  const conditions = askedLabels(query).map(([kind, values]) =>
    isAllAsked(kind, query) ? sql`a.tags @> ${[...values]}::text[]` : ON_COLUMNS[kind](values),
  );
  return [...conditions, ...colourCondition(query, sql`a.colours`)];
}

function isAllAsked(kind: LabelKind, query: AssetQuery): boolean {
  return kind === 'tag' && query.tagMode === 'all';
}

function colourCondition({ colour, colourTolerance }: AssetQuery, column: Condition): Condition[] {
  if (colour === undefined) return [];
  return [sql`${column} && ${cellsNear(colour, colourTolerance ?? COLOUR_TOLERANCE.usual)}::smallint[]`];
}

const anyText = (column: string) => (values: readonly string[]) =>
  sql`${sql.ref(column)} = any(${values.flatMap((value) => (value === UNSAID ? [value, ''] : [value]))}::text[])`;
/** What a recipe says is kept as labels already. */
const ofRecipe = (kind: LabelKind) => (values: readonly string[]) =>
  sql`a.recipe_labels && ${values.map((value) => labelText(kind, value))}::text[]`;
const overlap = (column: string) => (values: readonly string[]) =>
  sql`${sql.ref(column)} && ${[...values]}::text[]`;
/** What each value means in a column, where it is more than a word in it. */
const anyOf = (meanings: Readonly<Record<string, Condition>>) => (values: readonly string[]) =>
  sql`(${sql.join(
    values.map((value) => meanings[value] ?? FALSE),
    sql` or `,
  )})`;

const ON_COLUMNS: Readonly<Record<LabelKind, (values: readonly string[]) => Condition>> = {
  status: anyText('a.status'),
  rating: anyOf(
    Object.fromEntries(
      RATINGS.map((stars) => [
        stars,
        stars === UNSAID ? sql`a.rating is null` : sql`a.rating = ${Number(stars)}::smallint`,
      ]),
    ),
  ),
  product: anyText('a.product'),
  campaign: anyText('a.campaign'),
  hasPeople: anyOf({
    yes: sql`a.has_people`,
    no: sql`not a.has_people`,
    unknown: sql`a.has_people is null`,
  }),
  orientation: anyOf({
    landscape: sql`a.width > a.height`,
    portrait: sql`a.width < a.height`,
    square: sql`a.width = a.height`,
  }),
  mustInclude: anyOf({ yes: sql`a.must_include` }),
  mood: overlap('a.mood'),
  style: overlap('a.style'),
  tag: overlap('a.tags'),
  model: ofRecipe('model'),
  lora: ofRecipe('lora'),
  sampler: ofRecipe('sampler'),
  generator: ofRecipe('generator'),
};

/** The same query without what it asks of one kind. */
export function withoutLabel(query: AssetQuery, kind: LabelKind): AssetQuery {
  return { ...query, [kind]: undefined, ...(kind === 'rating' ? { minRating: undefined } : {}) };
}

/** Whether a query asks anything of a kind. */
export function asksLabel(query: AssetQuery, kind: LabelKind): boolean {
  return (askedValues(query)[kind]?.length ?? 0) > 0 || (kind === 'rating' && query.minRating !== undefined);
}
