import type { RecipeDraft, RecipeLora } from '../domain/recipe.ts';
import type { RecipeReader } from './contract.ts';
import { groupOf, isGroup, listOf, moreOf, numberOf, readJson, seedOf, textAt } from './json.ts';
import type { Group } from './json.ts';
import { textIn } from './text.ts';

const NOW = 'png:invokeai_metadata';
const GRAPH = 'png:invokeai_graph';
const WORKFLOW = 'png:invokeai_workflow';
const BEFORE = 'png:sd-metadata';
const DREAMS = ['png:Dream', 'png:dream'];

/** InvokeAI in its three generations: a metadata group, the older `sd-metadata`, and the line of its first command. */
export const invokeai: RecipeReader = {
  name: 'InvokeAI',
  accepts: (blocks) => [NOW, BEFORE, ...DREAMS].some((name) => blocks.has(name)),
  read(blocks) {
    const now = readJson(textIn(blocks, NOW) ?? '');
    if (isGroup(now)) {
      const used = [NOW, WORKFLOW, GRAPH].filter((name) => blocks.has(name));
      return { recipe: fromMetadata(now), used };
    }
    const before = readJson(textIn(blocks, BEFORE) ?? '');
    if (isGroup(before)) return { recipe: fromOld(before), used: [BEFORE] };
    const dream = DREAMS.find((name) => blocks.has(name));
    const recipe = dream === undefined ? null : fromDream(textIn(blocks, dream) ?? '');
    return dream === undefined || recipe === null ? null : { recipe, used: [dream] };
  },
};

const TAKEN = new Set([
  'positive_prompt',
  'negative_prompt',
  'seed',
  'scheduler',
  'steps',
  'cfg_scale',
  'width',
  'height',
  'model',
  'loras',
]);

function fromMetadata(said: Group): RecipeDraft {
  return {
    tool: 'InvokeAI',
    prompt: textAt(said['positive_prompt']),
    negative: textAt(said['negative_prompt']),
    seed: seedOf(said['seed']),
    sampler: textAt(said['scheduler']),
    steps: numberOf(said['steps']),
    cfg: numberOf(said['cfg_scale']),
    width: numberOf(said['width']),
    height: numberOf(said['height']),
    model: weightsOf(said['model']),
    loras: listOf(said['loras']).slice(0, 100).flatMap(loraOf),
    more: moreOf(said, TAKEN),
  };
}

function weightsOf(said: unknown): { name: string | null; hash: string | null } {
  const group = groupOf(said);
  return {
    name: textAt(said) ?? textAt(group['name']) ?? textAt(group['model_name']) ?? null,
    hash: textAt(group['hash']) ?? null,
  };
}

/** The weights are called `model` now and `lora` in older files. */
function loraOf(said: unknown): RecipeLora[] {
  const group = groupOf(said);
  const { name, hash } = weightsOf(group['model'] ?? group['lora']);
  return name === null ? [] : [{ name, hash, weight: numberOf(group['weight']) ?? null }];
}

function fromOld(said: Group): RecipeDraft {
  const image = groupOf(said['image']);
  const prompts = Array.isArray(image['prompt']) ? image['prompt'].slice(0, 50) : [image['prompt']];
  const text = prompts
    .map((one) => textAt(one) ?? textAt(groupOf(one)['prompt']) ?? '')
    .filter((one) => one !== '')
    .join('\n');
  return {
    tool: 'InvokeAI',
    ...partedPrompt(text),
    seed: seedOf(image['seed']),
    sampler: textAt(image['sampler']),
    steps: numberOf(image['steps']),
    cfg: numberOf(image['cfg_scale']),
    width: numberOf(image['width']),
    height: numberOf(image['height']),
    model: {
      name: textAt(said['model_weights']) ?? textAt(said['model']) ?? null,
      hash: textAt(said['model_hash']) ?? null,
    },
    more: moreOf({ 'App version': said['app_version'] }, new Set()),
  };
}

/** `"a boat [fog]" -s50 -S1234 -W512 -H640 -C7.5 -A k_lms` */
function fromDream(text: string): RecipeDraft | null {
  const end = text.lastIndexOf('"');
  if (!text.startsWith('"') || end < 1) return null;
  const flags = text.slice(end + 1);
  const flag = (name: string): string | undefined =>
    new RegExp(`\\s-${name}\\s?(\\S{1,60})`).exec(flags)?.[1];
  return {
    tool: 'InvokeAI',
    ...partedPrompt(text.slice(1, end)),
    seed: seedOf(flag('S')),
    sampler: flag('A'),
    steps: numberOf(flag('s')),
    cfg: numberOf(flag('C')),
    width: numberOf(flag('W')),
    height: numberOf(flag('H')),
  };
}

/** Early prompts carry what is not wanted in square brackets. */
function partedPrompt(text: string): { prompt: string; negative: string | undefined } {
  const unwanted = [...text.matchAll(/\[([^[\]]{1,5000})\]/g)].map(([, words = '']) => words);
  if (unwanted.length === 0) return { prompt: text, negative: undefined };
  return { prompt: text.replaceAll(/\[([^[\]]{1,5000})\]/g, '').trim(), negative: unwanted.join(', ') };
}
