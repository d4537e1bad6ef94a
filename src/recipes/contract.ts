import type { RecipeDraft } from '../domain/recipe.ts';

/** Blocks of one file by their names, in the order of the file. */
export type Blocks = ReadonlyMap<string, Uint8Array>;

export interface RecipeFinding {
  readonly recipe: RecipeDraft;
  /** Names of the blocks that were understood, the most telling first. */
  readonly used: readonly string[];
}

/**
 * One format of one family of generators: can I read this, and what does it say? One file each, listed in `readers.ts`.
 * Blocks are hostile: a reader never throws, never recurses with their depth, and its time grows with their length only.
 */
export interface RecipeReader {
  readonly name: string;
  /** A cheap look; `read` may still answer null. */
  accepts(blocks: Blocks): boolean;
  read(blocks: Blocks): RecipeFinding | null;
}
