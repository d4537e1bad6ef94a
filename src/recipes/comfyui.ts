import { graphOfPrompt, graphOfWorkflow } from './comfy-graph.ts';
import type { Graph } from './comfy-graph.ts';
import { walkGraph } from './comfy-walk.ts';
import type { Blocks, RecipeReader } from './contract.ts';
import { groupOf, listOf, readJson } from './json.ts';
import { textIn } from './text.ts';

/** Pictures that are no PNG carry the graphs in two fields meant for the camera, with their names in front. */
const PROMPTS = ['png:prompt', 'exif:Model', 'exif:Make', 'exif:ImageDescription', 'exif:UserComment'];
const WORKFLOWS = ['png:workflow', 'exif:Make', 'exif:Model', 'exif:ImageDescription', 'exif:UserComment'];

/** ComfyUI: the graph that ran, and the graph as the editor keeps it; the first one says what really was. */
export const comfyui: RecipeReader = {
  name: 'ComfyUI',
  accepts: (blocks) => PROMPTS.some((name) => blocks.has(name)) || blocks.has('png:workflow'),
  read(blocks) {
    const prompt = find(blocks, PROMPTS, { prefix: 'prompt:', isOne: isPrompt });
    const workflow = find(blocks, WORKFLOWS, { prefix: 'workflow:', isOne: isWorkflow });
    if (prompt === null && workflow === null) return null;
    const graph = prompt === null ? graphOfWorkflow(workflow?.json) : graphOfPrompt(prompt.json);
    const recipe = walkGraph(graph);
    return {
      recipe: { ...recipe, tool: 'ComfyUI', more: [...(recipe.more ?? []), ...countsOf(graph)] },
      used: [...new Set([workflow, prompt].flatMap((one) => (one === null ? [] : [one.name])))],
    };
  },
};

interface Found {
  readonly name: string;
  readonly json: unknown;
}

function find(
  blocks: Blocks,
  names: readonly string[],
  of: { prefix: string; isOne: (json: unknown) => boolean },
): Found | null {
  for (const name of names) {
    const text = textIn(blocks, name)?.trim();
    if (text === undefined) continue;
    const isPrefixed = text.slice(0, 20).toLowerCase().startsWith(of.prefix);
    // Letters of cameras are no JSON; what follows a name is.
    const json = readJson(isPrefixed ? text.slice(of.prefix.length) : text);
    if (json !== undefined && of.isOne(json)) return { name, json };
  }
  return null;
}

function isPrompt(json: unknown): boolean {
  return Object.values(groupOf(json))
    .slice(0, 50)
    .some((node) => typeof groupOf(node)['class_type'] === 'string');
}

function isWorkflow(json: unknown): boolean {
  return listOf(groupOf(json)['nodes'])
    .slice(0, 50)
    .some((node) => typeof groupOf(node)['type'] === 'string');
}

/** How much of the graph is the program's own, since other nodes may do anything. */
function countsOf(graph: Graph): { name: string; value: string }[] {
  const counts = new Map<string, number>();
  let unknown = 0;
  for (const { type } of graph.values()) {
    if (OWN.has(type) || OWN_FAMILIES.test(type)) continue;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    unknown += 1;
  }
  const names = [...counts].slice(0, 20).map(([type, count]) => (count > 1 ? `${type} × ${count}` : type));
  const rest = counts.size > names.length ? ', …' : '';
  return [
    { name: 'Nodes', value: String(graph.size) },
    ...(unknown === 0
      ? []
      : [{ name: 'Nodes of extensions', value: `${unknown}: ${names.join(', ')}${rest}` }]),
  ];
}

const OWN_FAMILIES =
  /^(CLIP(?!Seg)|Conditioning|KSampler|VAE|Lora|UNET|Latent|Empty\w*Latent|ControlNet|Image(Scale|Upscale|Batch|Invert|Crop|Pad|Blend|Blur|Quantize|Sharpen|Composite)|ModelSampling|ModelMerge|unCLIP|Load|Save|Preview|Primitive)/;
const OWN = new Set([
  'CheckpointLoaderSimple',
  'CheckpointLoader',
  'DualCLIPLoader',
  'TripleCLIPLoader',
  'QuadrupleCLIPLoader',
  'DiffControlNetLoader',
  'FreeU',
  'FreeU_V2',
  'HyperTile',
  'PatchModelAddDownscale',
  'SamplerCustom',
  'SamplerCustomAdvanced',
  'BasicGuider',
  'CFGGuider',
  'DualCFGGuider',
  'BasicScheduler',
  'KarrasScheduler',
  'AlignYourStepsScheduler',
  'Flux2Scheduler',
  'SplitSigmas',
  'RandomNoise',
  'DisableNoise',
  'FluxGuidance',
  'SetLatentNoiseMask',
  'RepeatLatentBatch',
  'RebatchLatents',
  'UpscaleModelLoader',
  'ImageUpscaleWithModel',
  'StyleModelLoader',
  'StyleModelApply',
  'MaskToImage',
  'ImageToMask',
  'GrowMask',
  'Canny',
  'CreateVideo',
  'Note',
  'MarkdownNote',
  'Reroute',
]);
