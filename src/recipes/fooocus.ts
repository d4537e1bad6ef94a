import type { RecipeLora } from '../domain/recipe.ts';
import type { RecipeReader } from './contract.ts';
import { groupOf, isGroup, listOf, moreOf, numberOf, readJson, seedOf, textAt } from './json.ts';
import type { Group } from './json.ts';
import { textIn } from './text.ts';

const PLACES = ['png:parameters', 'exif:UserComment'];
const TAKEN = new Set([
  'prompt',
  'negative_prompt',
  'seed',
  'sampler',
  'scheduler',
  'steps',
  'guidance_scale',
  'resolution',
  'base_model',
  'base_model_hash',
]);

/** Fooocus' own scheme: one JSON group; its other scheme is Automatic1111's. */
export const fooocus: RecipeReader = {
  name: 'Fooocus',
  accepts: (blocks) => PLACES.some((name) => blocks.has(name)),
  read(blocks) {
    for (const name of PLACES) {
      const said = readJson(textIn(blocks, name) ?? '');
      if (!isGroup(said) || !('base_model' in said) || !('prompt' in said)) continue;
      const sides = /(\d{1,6})\D+(\d{1,6})/.exec(textAt(said['resolution']) ?? '');
      return {
        recipe: {
          tool: 'Fooocus',
          prompt: textAt(said['prompt']),
          negative: textAt(said['negative_prompt']),
          seed: seedOf(said['seed']),
          sampler: textAt(said['sampler']),
          scheduler: textAt(said['scheduler']),
          steps: numberOf(said['steps']),
          cfg: numberOf(said['guidance_scale']),
          width: numberOf(sides?.[1]),
          height: numberOf(sides?.[2]),
          model: { name: textAt(said['base_model']) ?? null, hash: textAt(said['base_model_hash']) ?? null },
          loras: [...listed(said), ...combined(said)],
          more: moreOf(said, TAKEN).filter((one) => !one.name.startsWith('lora_combined')),
        },
        used: [name],
      };
    }
    return null;
  },
};

/** `[name, weight, hash]`, or a group of the same. */
function listed(said: Group): RecipeLora[] {
  return listOf(said['loras'])
    .slice(0, 100)
    .flatMap((one) => {
      const [name, weight, hash] = Array.isArray(one)
        ? one
        : [groupOf(one)['name'], groupOf(one)['weight'], groupOf(one)['hash']];
      const known = textAt(name);
      return known === undefined
        ? []
        : [{ name: known, weight: numberOf(weight) ?? null, hash: textAt(hash) ?? null }];
    });
}

/** `lora_combined_1: "name.safetensors : 0.8"` */
function combined(said: Group): RecipeLora[] {
  return Object.entries(said).flatMap(([key, value]) => {
    const text = /^lora_combined_\d+$/.test(key) ? textAt(value) : undefined;
    const at = text?.lastIndexOf(':') ?? -1;
    if (text === undefined || at < 1) return [];
    return [{ name: text.slice(0, at).trim(), weight: numberOf(text.slice(at + 1)) ?? null, hash: null }];
  });
}
