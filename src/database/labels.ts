import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { COLOUR_TOLERANCE, cellsNear } from '../domain/colour.ts';
import { LABEL_KIND_NAMES, RATINGS, labelText } from '../domain/labels.ts';
import type { LabelKind } from '../domain/labels.ts';
import type { AssetQuery } from '../domain/search-query.ts';

export type Condition = RawBuilder<unknown>;

/** The labels of the asset row under the alias `a`; the triggers of the counters make the same ones. */
export const LABELS = sql`asset_labels(
  array['s:' || a.status, 'r:' || coalesce(a.rating::text, '-'),
    'p:' || coalesce(nullif(a.product, ''), '-'), 'c:' || coalesce(nullif(a.campaign, ''), '-'),
    'h:' || case when a.has_people is null then '-' when a.has_people then 'yes' else 'no' end,
    case when a.must_include then 'i:yes' end,
    case when a.width > a.height then 'o:landscape' when a.width < a.height then 'o:portrait'
      when a.width = a.height then 'o:square' end],
  a.tags, a.mood, a.style)`;

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
  };
}

/**
 * Conditions on labels and colours: on the search rows (alias `s`), where an index finds them, or on the assets
 * (alias `a`), for walks along another order.
 */
export function labelConditions(query: AssetQuery, where: 'search' | 'asset'): Condition[] {
  const column = where === 'search' ? sql`s.labels` : LABELS;
  const asked = askedValues(query);
  const conditions: Condition[] = [];
  const add = (kind: LabelKind, values: readonly string[]) => {
    const labels = values.map((value) => labelText(kind, value));
    const compare = kind === 'tag' && query.tagMode === 'all' ? sql`@>` : sql`&&`;
    conditions.push(sql`${column} ${compare} ${labels}::text[]`);
  };
  for (const kind of LABEL_KIND_NAMES) {
    const values = asked[kind];
    if (values !== undefined && values.length > 0) add(kind, values);
  }
  const { minRating, colour } = query;
  if (minRating !== undefined) {
    add(
      'rating',
      RATINGS.filter((stars) => Number(stars) >= minRating),
    );
  }
  if (colour !== undefined) {
    const near = cellsNear(colour, query.colourTolerance ?? COLOUR_TOLERANCE.usual);
    conditions.push(sql`${where === 'search' ? sql`s.colours` : sql`a.colours`} && ${near}::smallint[]`);
  }
  return conditions;
}

/** The same query without what it asks of one kind. */
export function withoutLabel(query: AssetQuery, kind: LabelKind): AssetQuery {
  return { ...query, [kind]: undefined, ...(kind === 'rating' ? { minRating: undefined } : {}) };
}

/** Whether a query asks anything of a kind. */
export function asksLabel(query: AssetQuery, kind: LabelKind): boolean {
  return (askedValues(query)[kind]?.length ?? 0) > 0 || (kind === 'rating' && query.minRating !== undefined);
}
