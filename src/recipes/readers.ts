import type { EmbeddedBlock, RecipeDraft } from '../domain/recipe.ts';
import { a1111 } from './a1111.ts';
import { c2pa } from './c2pa.ts';
import { comfyui } from './comfyui.ts';
import type { Blocks, RecipeFinding, RecipeReader } from './contract.ts';
import { fooocus } from './fooocus.ts';
import { invokeai } from './invokeai.ts';
import { midjourney } from './midjourney.ts';
import { novelai } from './novelai.ts';
import { swarmui } from './swarmui.ts';
import { xmpClaim } from './xmp-claim.ts';

/** All readers. Where several understand a file, earlier ones win field by field: they say it plainest. */
export const RECIPE_READERS: readonly RecipeReader[] = [
  a1111,
  swarmui,
  fooocus,
  invokeai,
  novelai,
  comfyui,
  midjourney,
  c2pa,
  xmpClaim,
];

/** What the blocks of a file say of how it was made; null when nobody understands them. */
export function readRecipe(list: readonly EmbeddedBlock[]): RecipeFinding | null {
  const blocks: Blocks = new Map(list.map(({ name, bytes }) => [name, bytes]));
  const findings = RECIPE_READERS.flatMap((reader) => {
    const found = reader.accepts(blocks) ? reader.read(blocks) : null;
    return found === null ? [] : [found];
  });
  if (findings.length === 0) return null;
  const used = [...new Set(findings.flatMap((found) => found.used))];
  const recipe = findings.reduceRight<RecipeDraft>(
    (merged, found) => ({ ...merged, ...known(found.recipe) }),
    {},
  );
  return { recipe, used };
}

/** Fields that are said; silence of one reader does not hide what another one knows. */
function known(recipe: RecipeDraft): RecipeDraft {
  const entries = Object.entries(recipe).filter(
    ([, value]) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries) as RecipeDraft;
}
