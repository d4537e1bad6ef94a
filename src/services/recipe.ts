import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Input, Output } from '../contract/operations.ts';
import { API_BASE } from '../contract/routes.ts';
import { findWeights, getRecipe } from '../database/recipe.ts';
import type { WeightsAsset } from '../database/recipe.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { BLOCK_BYTES, boundRecipe, weightsName } from '../domain/recipe.ts';
import type { EmbeddedBlock, Recipe, RecipeRaw, RecipeWeights } from '../domain/recipe.ts';
import type { Description, MadeRendition } from '../media/contract.ts';
import { readRecipe } from '../recipes/readers.ts';
import type { Deps } from './deps.ts';

/** A block to be kept beside the pictures. */
export type KeptBlock = Omit<MadeRendition, 'name'> & { readonly name: string };

export interface UnderstoodRecipe {
  readonly recipe: Recipe | null;
  readonly blocks: readonly KeptBlock[];
}

const NONE: UnderstoodRecipe = { recipe: null, blocks: [] };

/**
 * How a file was generated, from the blocks that the decoding process took out of it. They are small and bounded, and
 * readers walk them in linear time, so this is done here. A recipe that cannot be read never costs a file its picture.
 */
export async function understandRecipe(
  { log }: Pick<Deps, 'log'>,
  embedded: NonNullable<Description['embedded']>,
  scratch: string,
): Promise<UnderstoodRecipe> {
  if (embedded.length === 0) return NONE;
  try {
    const blocks: EmbeddedBlock[] = [];
    for (const { name, path } of embedded) {
      // A decoding process that was taken over could leave a link to any file.
      const file = await lstat(path);
      if (file.isFile() && file.size <= BLOCK_BYTES) blocks.push({ name, bytes: await readFile(path) });
    }
    const found = readRecipe(blocks);
    const recipe = found === null ? null : boundRecipe(found.recipe);
    if (found === null || recipe === null) return NONE;
    const used = found.used.flatMap((name) => blocks.find((block) => block.name === name) ?? []);
    const kept = await Promise.all(used.map((block, index) => keepBlock(block, { index, scratch })));
    return { recipe: { ...recipe, raw: kept.map(({ raw }) => raw) }, blocks: kept.map(({ block }) => block) };
  } catch (error) {
    log.warn('A recipe could not be read', { error });
    return NONE;
  }
}

async function keepBlock(
  { name, bytes }: EmbeddedBlock,
  { index, scratch }: { index: number; scratch: string },
): Promise<{ raw: RecipeRaw; block: KeptBlock }> {
  const rendition = index === 0 ? 'recipe' : `recipe-${index + 1}`;
  const { mime, ext } = formatOf(name, bytes);
  const path = join(scratch, `${rendition}.${ext}`);
  await writeFile(path, bytes);
  return {
    raw: { rendition, name: name.slice(0, 100), mime, bytes: bytes.length },
    block: { name: rendition, path, mime, ext, tool: 'recipe', toolVersion: '1' },
  };
}

/** Text only where it is text to the last byte; packets of XML go out as plain text, which runs nothing. */
function formatOf(name: string, bytes: Uint8Array): { mime: string; ext: string } {
  if (name === 'c2pa') return { mime: 'application/c2pa', ext: 'c2pa' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) return { mime: 'application/octet-stream', ext: 'bin' };
    JSON.parse(text);
    return { mime: 'application/json', ext: 'json' };
  } catch (error) {
    return error instanceof SyntaxError
      ? { mime: 'text/plain', ext: 'txt' }
      : { mime: 'application/octet-stream', ext: 'bin' };
  }
}

/** The recipe with links to weights of the brand; linked anew each time, so that what is uploaded later is found. */
export async function readAssetRecipe(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  input: Input<'assets.recipe'>,
): Promise<Output<'assets.recipe'>> {
  const { id, version } = input;
  return database.inBrand(scope, async (tx) => {
    const found = await getRecipe(scope, tx, { assetId: id, n: version });
    if (found === undefined) throw new Failure('not_found');
    const { n, recipe } = found;
    if (recipe === null) return { version: n, recipe: null };
    const named = [...recipe.loras, ...(recipe.model === null ? [] : [recipe.model])];
    const names = named.flatMap(({ name }) => (name === null ? [] : [weightsName(name)]));
    const hashes = named.flatMap(({ hash }) => hash ?? []).filter((hash) => hash.length >= SHORTEST_HASH);
    const weights = named.length === 0 ? [] : await findWeights(scope, tx, { names, hashes });
    const linked = <T extends RecipeWeights>(one: T) => ({ ...one, asset: linkOf(one, weights) });
    const base = `${API_BASE}/brands/${scope.brandId}/assets/${id}/renditions`;
    return {
      version: n,
      recipe: {
        ...recipe,
        more: [...recipe.more],
        model: recipe.model === null ? null : linked(recipe.model),
        loras: recipe.loras.map(linked),
        raw: recipe.raw.map(({ rendition, name, mime, bytes }) => ({
          name,
          mime,
          size: bytes,
          path: `${base}/${rendition}?version=${n}`,
        })),
      },
    };
  });
}

/** Eight digits name one file among thousands; fewer would be guessing. */
const SHORTEST_HASH = 8;

/** The same bytes win over the same name; the newest of several. */
function linkOf({ name, hash }: RecipeWeights, weights: readonly WeightsAsset[]) {
  const start = hash !== null && hash.length >= SHORTEST_HASH ? hash : null;
  const key = name === null ? null : weightsName(name);
  const link =
    weights.find(
      (one) => start !== null && (one.sha256.startsWith(start) || one.tensorHash.startsWith(start)),
    ) ??
    weights.find((one) => key !== null && weightsName(one.fileName) === key) ??
    weights.find((one) => key !== null && one.title.toLowerCase() === key);
  return link === undefined ? null : { id: link.id, name: link.name };
}
