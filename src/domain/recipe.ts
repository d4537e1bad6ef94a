import { labelText } from './labels.ts';
import type { LabelKind } from './labels.ts';

/** A piece of metadata inside a file, as its container holds it; packed text is unpacked. */
export interface EmbeddedBlock {
  /**
   * Where it stood: `png:KEYWORD`, `exif:UserComment`, `exif:ImageDescription`, `exif:Make`, `exif:Model`,
   * `xmp`, `c2pa`.
   */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Larger blocks are not read: no generator writes that much, and reading costs time and memory. */
export const BLOCK_BYTES = 8 * 1024 * 1024;
export const MOST_BLOCKS = 32;

/** Weights that a recipe names: a LoRA or the model itself. */
export interface RecipeWeights {
  readonly name: string | null;
  /** As the generator wrote it: lower-case hex, often only the beginning of a sha256. */
  readonly hash: string | null;
}
export interface RecipeLora extends RecipeWeights {
  readonly name: string;
  readonly weight: number | null;
}

/** What a file says of how it came to be. Nothing here is proved: signatures are not checked. */
export interface RecipeClaim {
  readonly made: 'ai' | 'partly_ai' | null;
  readonly generator: string | null;
  /** Whether it carries content credentials (C2PA), or only says so in its metadata. */
  readonly credentials: boolean;
}

/** A block that was understood, kept bit for bit as a rendition of the version. */
export interface RecipeRaw {
  readonly rendition: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
}

/** How a picture was generated, as its file tells it. Unknown is null. */
export interface Recipe {
  readonly tool: string | null;
  readonly prompt: string | null;
  readonly negative: string | null;
  /** Text, since seeds have up to 64 bits. */
  readonly seed: string | null;
  readonly sampler: string | null;
  readonly scheduler: string | null;
  readonly steps: number | null;
  readonly cfg: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly model: RecipeWeights | null;
  readonly loras: readonly RecipeLora[];
  /** Whatever else the tool wrote, under its own words. */
  readonly more: readonly { readonly name: string; readonly value: string }[];
  readonly claim: RecipeClaim | null;
  readonly raw: readonly RecipeRaw[];
}

/** What a reader makes of blocks before anything is bounded. */
export type RecipeDraft = { readonly [K in keyof Omit<Recipe, 'raw'>]?: Recipe[K] | undefined };

const PROMPT_LETTERS = 20_000;
const NAME_LETTERS = 300;
const VALUE_LETTERS = 1000;
const MOST_LORAS = 50;
const MOST_MORE = 40;
const MAX_NUMBER = 1e9;

/** Every field within its bounds and fit for storage; null when nothing is known at all. */
export function boundRecipe(draft: RecipeDraft): Omit<Recipe, 'raw'> | null {
  const recipe = {
    tool: line(draft.tool),
    prompt: clean(draft.prompt, PROMPT_LETTERS),
    negative: clean(draft.negative, PROMPT_LETTERS),
    seed: line(draft.seed, 40),
    sampler: line(draft.sampler),
    scheduler: line(draft.scheduler),
    steps: whole(draft.steps),
    cfg: within(draft.cfg),
    width: whole(draft.width),
    height: whole(draft.height),
    model: boundModel(draft.model),
    loras: boundLoras(draft.loras ?? []),
    more: (draft.more ?? []).slice(0, MOST_MORE).flatMap((one) => {
      const [name, value] = [line(one.name, 100), clean(one.value, VALUE_LETTERS)];
      return name === null || value === null ? [] : [{ name, value }];
    }),
    claim: boundClaim(draft.claim),
  };
  const known = Object.values(recipe).some((value) => value !== null && !isEmptyList(value));
  return known ? recipe : null;
}

function boundModel(model: RecipeWeights | null | undefined): RecipeWeights | null {
  const [name, hash] = [line(model?.name), hex(model?.hash)];
  return name === null && hash === null ? null : { name, hash };
}

/** One LoRA may be named twice, in the prompt and in a list of hashes. */
function boundLoras(loras: readonly RecipeLora[]): RecipeLora[] {
  const found = new Map<string, RecipeLora>();
  for (const lora of loras) {
    const name = line(lora.name);
    if (name === null) continue;
    const key = weightsName(name);
    const before = found.get(key);
    if (before === undefined && found.size >= MOST_LORAS) continue;
    found.set(key, {
      name: before?.name ?? name,
      weight: before?.weight ?? within(lora.weight),
      hash: before?.hash ?? hex(lora.hash),
    });
  }
  return [...found.values()];
}

function boundClaim(claim: RecipeClaim | null | undefined): RecipeClaim | null {
  if (claim === null || claim === undefined) return null;
  return { made: claim.made, generator: line(claim.generator), credentials: claim.credentials };
}

/** Whether a file with this recipe was made by a generator, as far as it tells. */
export function saysGenerated({ tool, prompt, claim }: Omit<Recipe, 'raw'>): boolean {
  return claim?.made === 'ai' || tool !== null || prompt !== null;
}

const LABEL_LETTERS = 100;

/** What made it, as labels to find it by: model, LoRAs, sampler and generator. */
export function recipeLabels(recipe: Omit<Recipe, 'raw'>): string[] {
  const said: readonly (readonly [LabelKind, string | null | undefined])[] = [
    ['model', recipe.model?.name],
    ...recipe.loras.map(({ name }) => ['lora', name] as const),
    ['sampler', recipe.sampler],
    ['generator', recipe.tool],
  ];
  const labels = said.flatMap(([kind, name]) => {
    // Readers know the names of generators, so they are spelled alike; models and samplers are not.
    const value = (kind === 'generator' ? (name ?? '') : weightsName(name ?? '')).slice(0, LABEL_LETTERS);
    return value === '' ? [] : [labelText(kind, value)];
  });
  return [...new Set(labels)].toSorted();
}

/** How weights are compared by name: without folders, ending and case. */
export function weightsName(name: string): string {
  const file = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return file
    .replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$/i, '')
    .trim()
    .toLowerCase();
}

/** What may stand in a database and on a page: no control characters, no halves of letters. */
function clean(text: string | null | undefined, max: number): string | null {
  if (text === null || text === undefined) return null;
  const said = text
    .slice(0, max * 2)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\t\n]/gu, '')
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .trim();
  if (said === '') return null;
  return said.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

function line(text: string | null | undefined, max = NAME_LETTERS): string | null {
  return clean(text?.slice(0, max * 2).replaceAll(/\s+/g, ' '), max);
}

function hex(text: string | null | undefined): string | null {
  const digits =
    text
      ?.trim()
      .replace(/^(0x|sha256:|autov[123]:)/i, '')
      .toLowerCase() ?? '';
  return /^[0-9a-f]{6,64}$/.test(digits) ? digits : null;
}

function within(value: number | null | undefined): number | null {
  return typeof value === 'number' && Math.abs(value) <= MAX_NUMBER ? value : null;
}

function whole(value: number | null | undefined): number | null {
  const number = within(value);
  return number === null || number < 1 || !Number.isInteger(number) ? null : number;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
