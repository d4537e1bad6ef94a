import type { RecipeDraft, RecipeLora } from '../domain/recipe.ts';
import type { RecipeReader } from './contract.ts';
import { groupOf, isGroup, listOf, numberOf, readJson, seedOf, textAt } from './json.ts';
import { textIn } from './text.ts';

const PLACES = ['png:parameters', 'exif:UserComment', 'exif:ImageDescription', 'png:Parameters'];
const NEGATIVE = 'Negative prompt:';

/** The text block of Automatic1111's web interface, which Forge, SD.Next and many others write too. */
export const a1111: RecipeReader = {
  name: 'Automatic1111',
  accepts: (blocks) => PLACES.some((name) => blocks.has(name)),
  read(blocks) {
    for (const name of PLACES) {
      const text = textIn(blocks, name)?.trim();
      if (text === undefined || text === '' || isGroup(readJson(text))) continue;
      const recipe = parametersOf(text, name.endsWith('arameters'));
      if (recipe !== null) return { recipe, used: [name] };
    }
    return null;
  },
};

/** Prompt, negative prompt and one last line of settings; only the keyword itself vouches for a text without that line. */
export function parametersOf(text: string, isNamed: boolean): RecipeDraft | null {
  const lines = text.split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^\s*Steps: \d/.test(line));
  if (last < 0 && !isNamed) return null;
  const words = (last < 0 ? lines : lines.slice(0, last)).join('\n');
  const settings = settingsOf(last < 0 ? '' : lines.slice(last).join('\n'));
  const at = negativeStart(words);
  const prompt = at < 0 ? words : words.slice(0, at);
  const negative = at < 0 ? undefined : words.slice(at + NEGATIVE.length);
  const size = /^(\d+)x(\d+)$/.exec(settings.get('Size') ?? '');
  const version = settings.get('Version');
  return {
    tool: toolOf(version),
    prompt,
    negative,
    seed: seedOf(settings.get('Seed')),
    sampler: settings.get('Sampler'),
    scheduler: settings.get('Schedule type'),
    steps: numberOf(settings.get('Steps')),
    cfg: numberOf(settings.get('CFG scale')),
    width: numberOf(size?.[1]),
    height: numberOf(size?.[2]),
    model: modelOf(settings),
    loras: [...lorasInPrompt(prompt), ...lorasInHashes(settings), ...lorasInResources(settings)],
    more: [...settings].filter(([name]) => !TAKEN.has(name)).map(([name, value]) => ({ name, value })),
  };
}

const TAKEN = new Set([
  'Seed',
  'Sampler',
  'Schedule type',
  'Steps',
  'CFG scale',
  'Size',
  'Model',
  'Model hash',
  'Lora hashes',
  'Hashes',
  'Civitai resources',
  'Civitai metadata',
]);

/** At the start of a line: a prompt may hold the words as well. */
function negativeStart(words: string): number {
  if (words.startsWith(NEGATIVE)) return 0;
  const at = words.indexOf(`\n${NEGATIVE}`);
  return at < 0 ? -1 : at + 1;
}

/** Forge counts as `f2.0.1…`, SD.Next names itself, the original has `v1.10.0`. */
function toolOf(version: string | undefined): string {
  if (version === undefined) return 'Automatic1111';
  if (/^(f\d|neo|classic)/i.test(version)) return 'Forge';
  if (/comfy/i.test(version)) return 'ComfyUI';
  return /sd\.?next/i.test(version) ? 'SD.Next' : 'Automatic1111';
}

/** `Name: value, Name: "value, with commas", Name: {"json": 1}`, taken apart in one pass. */
export function settingsOf(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const part of partsOf(text)) {
    const colon = part.indexOf(':');
    const name = part.slice(0, Math.max(0, colon)).trim();
    if (colon < 0 || name === '' || name.length > 60 || settings.size >= 200) continue;
    const value = part.slice(colon + 1).trim();
    const plain = value.startsWith('"') ? textAt(readJson(value)) : undefined;
    if (!settings.has(name)) settings.set(name, plain ?? value);
  }
  return settings;
}

/** Commas part settings unless they stand in quotes or brackets. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let [from, depth, isQuoted] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (isQuoted && letter === '\\') at += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') depth = Math.max(0, depth - 1);
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

function modelOf(settings: ReadonlyMap<string, string>): RecipeDraft['model'] {
  const hashes = groupOf(readJson(settings.get('Hashes') ?? ''));
  const resource = resourcesOf(settings).find((one) => one['type'] === 'checkpoint');
  return {
    name: settings.get('Model') ?? textAt(resource?.['modelName']) ?? null,
    hash: settings.get('Model hash') ?? textAt(hashes['model']) ?? null,
  };
}

/** `<lora:name:0.8>`; a missing weight is one. */
export function lorasInPrompt(prompt: string): RecipeLora[] {
  return [...prompt.matchAll(/<(?:lora|lyco):([^:<>\n]{1,200})(?::([^<>\n]{0,60}))?>/gi)].map(
    ([, name = '', rest = '1']) => ({ name, weight: weightOf(rest), hash: null }),
  );
}

/** `0.8`, `0.8:0.6` (model and text), `te=0.5:unet=0.7`. */
function weightOf(text: string): number | null {
  const first = /(?:unet=)?(-?\d+(?:\.\d+)?|-?\.\d+)/.exec(text)?.[1];
  return numberOf(first) ?? null;
}

/** `Lora hashes: "name: 1a2b, other: 3c4d"` and the entries `lora:name` of `Hashes`. */
function lorasInHashes(settings: ReadonlyMap<string, string>): RecipeLora[] {
  const listed = [...settingsOf(settings.get('Lora hashes') ?? '')];
  const hashes = Object.entries(groupOf(readJson(settings.get('Hashes') ?? '')));
  const named = hashes.flatMap(([key, hash]) => {
    const name = /^(?:lora|lyco):(.+)$/i.exec(key)?.[1];
    return name === undefined || typeof hash !== 'string' ? [] : [[name, hash] as const];
  });
  return [...listed, ...named].map(([name, hash]) => ({ name, weight: null, hash }));
}

function lorasInResources(settings: ReadonlyMap<string, string>): RecipeLora[] {
  return resourcesOf(settings).flatMap((one) => {
    const name = textAt(one['modelName']);
    return one['type'] === 'lora' && name !== undefined
      ? [{ name, weight: numberOf(one['weight']) ?? null, hash: null }]
      : [];
  });
}

function resourcesOf(settings: ReadonlyMap<string, string>) {
  return listOf(readJson(settings.get('Civitai resources') ?? ''))
    .slice(0, 100)
    .map(groupOf);
}
