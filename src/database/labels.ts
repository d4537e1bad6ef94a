import { sql } from 'kysely';

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
