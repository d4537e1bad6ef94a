import { Failure } from './failures.ts';

/** What a caller may do, noun-less: the operation table names one of these for each operation. */
export const VERBS = ['read', 'write', 'delete', 'admin'] as const;
export type Verb = (typeof VERBS)[number];

export const ROLES = ['owner', 'editor', 'contributor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const ROLE_VERBS: Readonly<Record<Role, readonly Verb[]>> = {
  owner: ['read', 'write', 'delete', 'admin'],
  editor: ['read', 'write', 'delete'],
  contributor: ['read', 'write'],
  viewer: ['read'],
};

export function verbsOf(role: Role): readonly Verb[] {
  return ROLE_VERBS[role];
}

export interface Brand {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** Who is asking, as proved by a session or a key. */
export interface Actor {
  readonly kind: 'owner' | 'key' | 'system';
  readonly id: string;
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** The only brand that the credential opens; null opens every brand of the workspace. */
  readonly brandId: string | null;
  /** The same brand as its credential names it, so that a path can be checked without a look-up. */
  readonly brand?: Brand;
}

const PROOF: unique symbol = Symbol('made by access.ts');

/**
 * Proof that the actor may work in one brand. Every database function on brand data takes it first, and only
 * `enterBrand` can make one: request input cannot.
 */
export interface BrandScope {
  readonly [PROOF]: true;
  readonly brandId: string;
  readonly actor: Actor;
}

/** A foreign brand and an absent one answer alike, so that ids cannot be probed. */
export function enterBrand(actor: Actor, brand: Brand | undefined, verb: Verb): BrandScope {
  if (brand === undefined || (actor.brandId !== null && actor.brandId !== brand.id)) {
    throw new Failure('not_found');
  }
  requireVerb(actor, verb);
  return Object.freeze({ [PROOF]: true as const, brandId: brand.id, actor });
}

export function requireVerb(actor: Actor, verb: Verb): void {
  if (!actor.verbs.includes(verb)) throw new Failure('not_permitted', { details: { needed: verb } });
}

/** The program itself, in jobs that were written by a permitted operation of the brand. */
export const SYSTEM: Actor = Object.freeze({
  kind: 'system',
  id: 'system',
  name: 'Backlot',
  verbs: VERBS,
  brandId: null,
});

export function enterBrandAsSystem(brandId: string): BrandScope {
  return enterBrand(SYSTEM, { id: brandId, slug: '', name: '' }, 'admin');
}
