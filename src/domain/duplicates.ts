import type { AssetEdit, AssetInFull } from './asset.ts';

/** Hamming distances of the two 64-bit hashes of a picture; measured on resized, recoloured and cropped pictures. */
export const NEAR_DISTANCE = 8;
export const SIMILAR_DISTANCE = 14;
export const SIMILAR_DIFFERENCE = 9;

/** Kind of the operation that merges. */
export const MERGE = 'duplicates.merge';

/** A flat or nearly flat picture sets few bits, and then everything flat looks alike; half are set in any other. */
export const TELLING_BITS = 16;

/** More members than a person can compare; what comes after them begins a group of its own. */
export const GROUP_MOST = 200;

const BANDS = 4;
const BAND_BITS = 16;
/** Two hashes at a distance of at most 15 agree in one of four bands up to three bits. */
const BAND_RADIUS = Math.floor(SIMILAR_DISTANCE / BANDS);

const MASKS: readonly number[] = Array.from({ length: 2 ** BAND_BITS }, (_, mask) => mask).filter(
  (mask) => bitsOf(mask) <= BAND_RADIUS,
);

function bitsOf(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest &= rest - 1) bits += 1;
  return bits;
}

/** For each band of a hash the values that a like hash may have there; one of the four must fit. */
export function bandsNear(hash: bigint): number[][] {
  const bits = BigInt.asUintN(64, hash);
  return Array.from({ length: BANDS }, (_, at) => {
    const band = Number((bits >> BigInt((BANDS - 1 - at) * BAND_BITS)) & 0xffffn);
    return MASKS.map((mask) => band ^ mask);
  });
}

export const ALIKE_KINDS = ['exact', 'near', 'similar'] as const;
export type AlikeKind = (typeof ALIKE_KINDS)[number];

/** How two assets are alike; null when they are not. A missing distance says that nothing could be compared. */
export function kindOf(pair: {
  readonly sameBytes: boolean;
  readonly distance: number | null;
  readonly difference: number | null;
}): AlikeKind | null {
  if (pair.sameBytes) return 'exact';
  if (pair.distance === null || pair.difference === null) return null;
  if (pair.distance <= NEAR_DISTANCE) return 'near';
  return pair.distance <= SIMILAR_DISTANCE && pair.difference <= SIMILAR_DIFFERENCE ? 'similar' : null;
}

/** What the best of a group is chosen by; the first rule that tells two apart decides. */
export const BEST_RULES = ['pixels', 'uses', 'tags', 'bytes', 'newest', 'id'] as const;
export type BestRule = (typeof BEST_RULES)[number];

export type Candidate = Pick<
  AssetInFull,
  'id' | 'width' | 'height' | 'usageCount' | 'tags' | 'sizeBytes' | 'createdAt'
>;

const VALUES: Readonly<Record<BestRule, (asset: Candidate) => number | string>> = {
  pixels: (asset) => (asset.width ?? 0) * (asset.height ?? 0),
  uses: (asset) => asset.usageCount,
  tags: (asset) => asset.tags.length,
  bytes: (asset) => asset.sizeBytes,
  newest: (asset) => asset.createdAt.getTime(),
  id: (asset) => asset.id,
};

function decide(a: Candidate, b: Candidate): { readonly better: Candidate; readonly rule: BestRule } {
  for (const rule of BEST_RULES) {
    const [left, right] = [VALUES[rule](a), VALUES[rule](b)];
    if (left !== right) return { better: left > right ? a : b, rule };
  }
  return { better: a, rule: 'id' };
}

/** The member worth keeping, and the rule that put it before the next best; null for an empty group. */
export function bestOf<T extends Candidate>(
  members: readonly T[],
): { readonly best: T; readonly rule: BestRule } | null {
  const order = members.toSorted((a, b) => (decide(a, b).better === a ? -1 : 1));
  const [best, second] = order;
  if (best === undefined) return null;
  return { best, rule: second === undefined ? 'id' : decide(best, second).rule };
}

const union = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())];

/**
 * What the kept asset takes over in a merge: tags, moods and styles of all; what it has not said itself from the first
 * of the others that has. Only what differs from what it holds.
 */
export function carriedFields(keep: AssetInFull, others: readonly AssetInFull[]): AssetEdit {
  const first = <T>(own: T, pick: (asset: AssetInFull) => T): T =>
    isSaid(own) ? own : (others.map(pick).find(isSaid) ?? own);
  const all = [keep, ...others];
  const wanted: AssetEdit = {
    tags: union(all.map((asset) => asset.tags)),
    mood: union(all.map((asset) => asset.mood)),
    style: union(all.map((asset) => asset.style)),
    description: first(keep.description, (asset) => asset.description),
    sceneHint: first(keep.sceneHint, (asset) => asset.sceneHint),
    product: first(keep.product, (asset) => asset.product),
    campaign: first(keep.campaign, (asset) => asset.campaign),
    rating: first(keep.rating, (asset) => asset.rating),
    hasPeople: first(keep.hasPeople, (asset) => asset.hasPeople),
    mustInclude: all.some((asset) => asset.mustInclude),
    custom: Object.assign({}, ...[...others].reverse().map((asset) => asset.custom), keep.custom) as Readonly<
      Record<string, string>
    >,
  };
  const held = keep as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => JSON.stringify(held[name]) !== JSON.stringify(value)),
  );
}

function isSaid(value: unknown): boolean {
  return value !== null && value !== '';
}
