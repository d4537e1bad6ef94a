import type { RecipeReader } from './contract.ts';
import { groupOf, isGroup, moreOf, numberOf, readJson, seedOf, textAt } from './json.ts';
import type { Group } from './json.ts';
import { textIn } from './text.ts';

const COMMENT = 'png:Comment';
const TAKEN = new Set([
  'prompt',
  'uc',
  'seed',
  'sampler',
  'noise_schedule',
  'steps',
  'scale',
  'width',
  'height',
]);

/** NovelAI: settings as JSON in the comment, the prompt also as description, the model as source. */
export const novelai: RecipeReader = {
  name: 'NovelAI',
  accepts: (blocks) => blocks.has('png:Software') || blocks.has('exif:UserComment'),
  read(blocks) {
    const isNamed = /novelai/i.test(textIn(blocks, 'png:Software') ?? '');
    const inExif = groupOf(readJson(textIn(blocks, 'exif:UserComment') ?? ''));
    const isWrapped = /novelai/i.test(textAt(inExif['Software']) ?? '');
    if (!isNamed && !isWrapped) return null;
    const said = readJson((isNamed ? textIn(blocks, COMMENT) : textAt(inExif['Comment'])) ?? '');
    const description = isNamed ? textIn(blocks, 'png:Description') : textAt(inExif['Description']);
    if (!isGroup(said)) return null;
    const source = isNamed ? textIn(blocks, 'png:Source') : textAt(inExif['Source']);
    return {
      recipe: {
        tool: 'NovelAI',
        prompt: textAt(said['prompt']) ?? caption(said['v4_prompt']) ?? description,
        negative: textAt(said['uc']) ?? caption(said['v4_negative_prompt']),
        seed: seedOf(said['seed']),
        sampler: textAt(said['sampler']),
        scheduler: textAt(said['noise_schedule']),
        steps: numberOf(said['steps']),
        cfg: numberOf(said['scale']),
        width: numberOf(said['width']),
        height: numberOf(said['height']),
        model: modelOf(source ?? undefined),
        more: moreOf(said, TAKEN),
      },
      used: isNamed ? [COMMENT] : ['exif:UserComment'],
    };
  },
};

function caption(said: unknown): string | undefined {
  const group: Group = groupOf(groupOf(said)['caption']);
  return textAt(group['base_caption']);
}

/** `NovelAI Diffusion V4 4F49EC75`: the name and the start of its hash. */
function modelOf(source: string | undefined): { name: string; hash: string | null } | undefined {
  if (source === undefined) return undefined;
  const hash = /\s([0-9A-F]{8})$/.exec(source)?.[1];
  return hash === undefined ? { name: source, hash: null } : { name: source.slice(0, -9), hash };
}
