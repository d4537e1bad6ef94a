import type { RecipeLora } from '../domain/recipe.ts';
import { weightsName } from '../domain/recipe.ts';
import type { RecipeReader } from './contract.ts';
import { groupOf, isGroup, listOf, moreOf, numberOf, readJson, seedOf, textAt } from './json.ts';
import type { Group } from './json.ts';
import { textIn } from './text.ts';

const PLACES = ['png:parameters', 'exif:UserComment'];
const TAKEN = new Set([
  'prompt',
  'negativeprompt',
  'seed',
  'sampler',
  'scheduler',
  'steps',
  'cfgscale',
  'width',
  'height',
  'model',
]);

/** SwarmUI: one JSON group of parameters, another of the weights with their hashes. */
export const swarmui: RecipeReader = {
  name: 'SwarmUI',
  accepts: (blocks) => PLACES.some((name) => blocks.has(name)),
  read(blocks) {
    for (const name of PLACES) {
      const file = readJson(textIn(blocks, name) ?? '');
      const said = isGroup(file) ? file['sui_image_params'] : undefined;
      if (!isGroup(file) || !isGroup(said)) continue;
      const hashes = hashesOf(file['sui_models']);
      const model = textAt(said['model']);
      return {
        recipe: {
          tool: 'SwarmUI',
          prompt: textAt(said['prompt']),
          negative: textAt(said['negativeprompt']),
          seed: seedOf(said['seed']),
          sampler: textAt(said['sampler']),
          scheduler: textAt(said['scheduler']),
          steps: numberOf(said['steps']),
          cfg: numberOf(said['cfgscale']),
          width: numberOf(said['width']),
          height: numberOf(said['height']),
          model: model === undefined ? null : { name: model, hash: hashes.get(weightsName(model)) ?? null },
          loras: lorasOf(said, hashes),
          more: moreOf(said, TAKEN),
        },
        used: [name],
      };
    }
    return null;
  },
};

function hashesOf(models: unknown): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const one of listOf(models).slice(0, 200).map(groupOf)) {
    const [name, hash] = [textAt(one['name']), textAt(one['hash'])];
    if (name !== undefined && hash !== undefined) hashes.set(weightsName(name), hash);
  }
  return hashes;
}

function lorasOf(said: Group, hashes: ReadonlyMap<string, string>): RecipeLora[] {
  const weights = listOf(said['loraweights']);
  return listOf(said['loras'])
    .slice(0, 100)
    .flatMap((one, at) => {
      const name = textAt(one);
      if (name === undefined) return [];
      return [{ name, weight: numberOf(weights[at]) ?? null, hash: hashes.get(weightsName(name)) ?? null }];
    });
}
