import type { RecipeDraft } from '../domain/recipe.ts';
import type { Blocks, RecipeReader } from './contract.ts';
import { seedOf } from './json.ts';
import { textIn } from './text.ts';
import { xmpProperty } from './xmp.ts';

const JOB = /\bJob ID:\s*([0-9a-f]{8}-[0-9a-f-]{27})/i;

/** Midjourney: the prompt with its flags and the job's id as description, in PNG text, EXIF or XMP. */
export const midjourney: RecipeReader = {
  name: 'Midjourney',
  accepts: (blocks) => ['png:Description', 'exif:ImageDescription', 'xmp'].some((name) => blocks.has(name)),
  read(blocks) {
    for (const { name, text } of descriptions(blocks)) {
      const job = JOB.exec(text)?.[1] ?? guidOf(blocks);
      const isOurs = JOB.test(text) || (job !== undefined && /\s--\w/.test(text));
      if (isOurs) return { recipe: recipeOf(text, job), used: [name] };
    }
    return null;
  },
};

function* descriptions(blocks: Blocks): Generator<{ name: string; text: string }> {
  for (const name of ['png:Description', 'exif:ImageDescription']) {
    const text = textIn(blocks, name);
    if (text !== null) yield { name, text };
  }
  const text = xmpProperty(textIn(blocks, 'xmp') ?? '', 'dc:description');
  if (text !== undefined) yield { name: 'xmp', text };
}

/** Midjourney writes the job's id as the picture's number; cameras and others do not. */
function guidOf(blocks: Blocks): string | undefined {
  const packet = textIn(blocks, 'xmp') ?? '';
  const guid =
    xmpProperty(packet, 'Iptc4xmpExt:DigImageGUID') ?? xmpProperty(packet, 'Iptc4xmpExt:DigitalImageGUID');
  return guid !== undefined && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(guid) ? guid : undefined;
}

function recipeOf(text: string, job: string | undefined): RecipeDraft {
  const said = text.replace(JOB, '').trim();
  const start = said.search(/(?:^|\s)--[a-z]/i);
  const prompt = start < 0 ? said : said.slice(0, start);
  const flags = start < 0 ? new Map<string, string>() : flagsOf(said.slice(start));
  const version = flags.get('v') ?? flags.get('version');
  const niji = flags.get('niji');
  const name = niji === undefined ? (version === undefined ? null : `Midjourney ${version}`) : `Niji ${niji}`;
  return {
    tool: 'Midjourney',
    prompt,
    negative: flags.get('no'),
    seed: seedOf(flags.get('seed')),
    model: name === null ? null : { name, hash: null },
    more: [
      ...[...flags]
        .filter(([flag]) => !TAKEN.has(flag))
        .map(([flag, value]) => ({ name: words(flag), value })),
      ...(job === undefined ? [] : [{ name: 'Job ID', value: job }]),
    ],
  };
}

const TAKEN = new Set(['v', 'version', 'niji', 'no', 'seed']);
const WORDS: Readonly<Record<string, string>> = {
  ar: 'Aspect ratio',
  s: 'Stylize',
  stylize: 'Stylize',
  c: 'Chaos',
  chaos: 'Chaos',
  q: 'Quality',
  quality: 'Quality',
  w: 'Weird',
  weird: 'Weird',
  sref: 'Style reference',
  cref: 'Character reference',
  oref: 'Omni reference',
  p: 'Profile',
};

function words(flag: string): string {
  const known = Object.hasOwn(WORDS, flag) ? WORDS[flag] : undefined;
  return known ?? flag.charAt(0).toUpperCase() + flag.slice(1);
}

/** `--ar 16:9 --raw --seed 7`; a flag without a value is on. */
function flagsOf(text: string): Map<string, string> {
  const flags = new Map<string, string>();
  for (const part of text.split(/(?:^|\s)--(?=[a-z])/i).slice(1, 60)) {
    const [, flag = '', value = ''] = /^([a-z]+)\s*([\s\S]*)$/i.exec(part) ?? [];
    flags.set(flag.toLowerCase(), value.trim() === '' ? 'Yes' : value.trim());
  }
  return flags;
}
