import type { z } from 'zod';
import type { Verb } from '../domain/access.ts';
import { accessOperations } from './access.ts';
import { assetGroupOperations } from './asset-groups.ts';
import { advisorOperations } from './advisor.ts';
import { assetOperations } from './assets.ts';
import { collectionOperations } from './collections.ts';
import { favouriteOperations } from './favourites.ts';
import { duplicateOperations } from './duplicates.ts';
import { enhanceOperations } from './enhance.ts';
import { fileOperations } from './files.ts';
import { historyOperations } from './history.ts';
import { recipeOperations } from './recipe.ts';
import type { OperationName } from './routes.ts';
import { shareOperations } from './shares.ts';
import { tagOperations } from './tags.ts';
import { savedSearchOperations } from './saved-searches.ts';
import { storageOperations } from './storage.ts';
import { systemOperations } from './system.ts';
import { trashOperations } from './trash.ts';
import { uploadOperations } from './uploads.ts';
import { zipOperations } from './zips.ts';

/** What every door needs to know of an operation. `raw` marks the few whose door is written by hand: bytes, or `json` with cookies. */
export interface OperationShape {
  /** What it does, in a few words. */
  readonly summary: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** What the caller must be allowed to do; null for links that carry their own proof. */
  readonly verb: Verb | null;
  readonly raw?: 'in' | 'out' | 'json';
}

/** The one table from which HTTP routes, OpenAPI, the typed client and the CLI are derived. */
export const OPERATIONS = {
  ...assetOperations,
  ...assetGroupOperations,
  ...savedSearchOperations,
  ...historyOperations,
  ...tagOperations,
  ...enhanceOperations,
  ...recipeOperations,
  ...zipOperations,
  ...collectionOperations,
  ...favouriteOperations,
  ...shareOperations,
  ...uploadOperations,
  ...fileOperations,
  ...trashOperations,
  ...duplicateOperations,
  ...storageOperations,
  ...advisorOperations,
  ...accessOperations,
  ...systemOperations,
} as const satisfies Record<OperationName, OperationShape>;

export type Operations = typeof OPERATIONS;
export type Input<K extends OperationName> = z.input<Operations[K]['input']>;
export type Output<K extends OperationName> = z.output<Operations[K]['output']>;
/** Operations that run as a use case behind every door. */
export type PlainOperation = {
  [K in OperationName]: Operations[K] extends { raw: string } ? never : K;
}[OperationName];
/** Operations that cross the wire as JSON both ways. */
export type JsonOperation = {
  [K in OperationName]: Operations[K] extends { raw: 'in' | 'out' } ? never : K;
}[OperationName];
