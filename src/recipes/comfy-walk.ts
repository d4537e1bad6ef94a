import type { RecipeDraft, RecipeLora, RecipeWeights } from '../domain/recipe.ts';
import type { Graph, GraphNode, Link } from './comfy-graph.ts';
import { groupOf, keyOf, numberOf, seedOf, textAt } from './json.ts';

/** Nodes that one walk looks at; every walk goes by breadth, so neither depth nor circles matter. */
const MOST_STEPS = 2000;
const MOST_SAMPLERS = 40;
const MOST_TEXTS = 20;

type Follow = (node: GraphNode, input: string) => boolean;

/** Every node on the way up from some links, the nearest first, each once. */
function* upstream(graph: Graph, links: readonly Link[], follow: Follow): Generator<GraphNode> {
  const seen = new Set<string>();
  const queue = [...links];
  for (let at = 0; at < queue.length && seen.size < MOST_STEPS; at += 1) {
    const node = graph.get(queue[at]?.from ?? '');
    if (node === undefined || seen.has(node.id)) continue;
    seen.add(node.id);
    yield node;
    for (const [name, link] of node.links) if (follow(node, name)) queue.push(link);
  }
}

/** What the graph says of the picture, walked up from where it was sampled first. */
export function walkGraph(graph: Graph): RecipeDraft {
  const samplers = [...graph.values()].filter(isSampler).slice(0, MOST_SAMPLERS);
  const sampler = samplers.find((one) => !comesFromSampler(graph, one)) ?? samplers[0];
  if (sampler === undefined) return withoutSampler(graph);
  const helpers = [sampler, ...upstream(graph, linksOf(sampler, HELPERS), (_, name) => HELPERS.has(name))];
  const value = (names: readonly string[]): unknown => firstValue(graph, helpers, names);
  const size = sizeOf(graph, sampler);
  return {
    prompt: textOn(graph, helpers, 'positive'),
    negative: textOn(graph, helpers, 'negative'),
    seed: seedOf(value(['seed', 'noise_seed'])),
    sampler: textAt(value(['sampler_name', 'sampler'])),
    scheduler: textAt(value(['scheduler'])),
    steps: numberOf(value(['steps'])),
    cfg: numberOf(value(['cfg'])),
    width: size?.width,
    height: size?.height,
    ...weightsOf(graph, helpers),
    more: [
      ...guidanceOf(graph, helpers),
      ...(samplers.length > 1 ? [{ name: 'Samplers', value: String(samplers.length) }] : []),
    ],
  };
}

const HELPERS = new Set([
  'guider',
  'sampler',
  'sigmas',
  'noise',
  'sampler_opts',
  'basic_pipe',
  'pipe',
  'settings',
]);
const LATENTS = new Set(['latent_image', 'latent', 'samples', 'latents', 'optional_latent']);

function isSampler(node: GraphNode): boolean {
  const { links, values } = node;
  const has = (name: string): boolean => links.has(name) || values.has(name);
  if (links.has('guider') && (links.has('sigmas') || links.has('sampler'))) return true;
  const isTold = links.has('positive') || links.has('basic_pipe');
  return isTold && (has('steps') || has('sigmas') || has('seed') || has('noise_seed'));
}

/** A second pass refines what a first one made. */
function comesFromSampler(graph: Graph, sampler: GraphNode): boolean {
  const isPicture = (name: string): boolean => LATENTS.has(name) || name === 'image' || name === 'pixels';
  for (const node of upstream(graph, linksOf(sampler, LATENTS), (_, name) => isPicture(name))) {
    if (node.id !== sampler.id && isSampler(node)) return true;
  }
  return false;
}

function linksOf(node: GraphNode, names: ReadonlySet<string>): Link[] {
  return [...node.links].flatMap(([name, link]) => (names.has(name) ? [link] : []));
}

/** The first of these inputs that any of the nodes holds, or that leads to a node with one plain value. */
function firstValue(graph: Graph, nodes: readonly GraphNode[], names: readonly string[]): unknown {
  for (const node of nodes) {
    for (const name of names) {
      const plain = node.values.get(name);
      if (plain !== undefined && typeof plain !== 'object') return plain;
      const link = node.links.get(name);
      const found = link === undefined ? undefined : valueBehind(graph, link, names);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

const PLAIN = ['value', 'int', 'number', 'float', 'Number', 'a'];

function valueBehind(graph: Graph, link: Link, names: readonly string[]): unknown {
  let looked = 0;
  for (const node of upstream(graph, [link], () => true)) {
    for (const name of [...names, ...PLAIN]) {
      const plain = node.values.get(name);
      if (typeof plain === 'number' || typeof plain === 'string') return plain;
    }
    looked += 1;
    if (looked > 20) return undefined;
  }
  return undefined;
}

type Side = 'positive' | 'negative';

const TEXTS = [
  'text',
  'wildcard_text',
  'text_g',
  'text_l',
  'clip_g',
  'clip_l',
  't5xxl',
  'prompt',
  'string',
  'string_a',
  'string_b',
  'text1',
  'text2',
  'text_1',
  'text_2',
  'value',
];
/** Inputs of a conditioning that carry no words. */
const WORDLESS =
  /^(model|clip|vae|image|pixels|mask|latent|latent_image|samples|control_?net|style_model|ipadapter|seed|noise|width|height|strength|steps|cfg)/;

/** The words on one side of the sampler, of several encoders and joined pieces in the order in which they stand. */
function textOn(graph: Graph, helpers: readonly GraphNode[], side: Side): string | undefined {
  const holder = helpers.find((node) => startsOf(node, side).length > 0);
  const waiting = holder === undefined ? [] : startsOf(holder, side).toReversed();
  const seen = new Set<string>();
  const texts: string[] = [];
  for (let steps = 0; steps < MOST_STEPS && texts.length < MOST_TEXTS; steps += 1) {
    const next = waiting.pop();
    if (next === undefined) break;
    if (typeof next === 'string') {
      if (!texts.includes(next)) texts.push(next);
      continue;
    }
    const node = graph.get(next.from);
    if (node === undefined || seen.has(node.id)) continue;
    seen.add(node.id);
    waiting.push(...wordsOf(node, side).toReversed());
  }
  return texts.length === 0 ? undefined : texts.join('\n');
}

function startsOf(node: GraphNode, side: Side): (string | Link)[] {
  const link = node.links.get(side) ?? (side === 'positive' ? node.links.get('conditioning') : undefined);
  return [link ?? textAt(node.values.get(side)) ?? []].flat();
}

/** Words of a node and links that lead to more of them, in the order of its inputs. */
function wordsOf(node: GraphNode, side: Side): (string | Link)[] {
  if (/ZeroOut/.test(node.type)) return [];
  const own =
    textAt(node.values.get(`text_${side}`)) ??
    textAt(node.values.get(side)) ??
    textAt(node.values.get('populated_text'));
  if (own !== undefined) return [own];
  const told = TEXTS.flatMap((name) => node.links.get(name) ?? textAt(node.values.get(name)) ?? []);
  const others = [...node.links].flatMap(([name, link]) =>
    !TEXTS.includes(name) && leadsToWords(node, name, side) ? [link] : [],
  );
  return [...told, ...others];
}

function leadsToWords(node: GraphNode, name: string, side: Side): boolean {
  if (/ZeroOut/.test(node.type)) return false;
  // What passes both sides through keeps them apart by name.
  if (node.links.has('positive') || node.links.has('negative')) return name === side;
  return !WORDLESS.test(name);
}

const NO_MODEL = /^(positive|negative|conditioning|latent|samples|image|pixels|vae|text|mask|control_?net)/;
const MODEL_NAMES = [
  'ckpt_name',
  'unet_name',
  'base_ckpt_name',
  'diffusion_model',
  'model_name',
  'gguf_name',
];
const MODEL_LINKS = new Set([
  'model',
  'lora_stack',
  'optional_lora_stack',
  'pipe',
  'basic_pipe',
  'base_model',
]);

function weightsOf(graph: Graph, helpers: readonly GraphNode[]): Pick<RecipeDraft, 'model' | 'loras'> {
  const starts = helpers.flatMap((node) => linksOf(node, MODEL_LINKS));
  let model: RecipeWeights | undefined;
  const loras: RecipeLora[] = [];
  for (const node of upstream(graph, starts, (_, name) => !NO_MODEL.test(name))) {
    // The chain is met from its end.
    loras.unshift(...lorasIn(node));
    const name = MODEL_NAMES.map((one) => textAt(node.values.get(one))).find((one) => one !== undefined);
    if (name !== undefined) model ??= { name, hash: null };
  }
  return { model, loras };
}

/** `lora_name` with `strength_model`; stacks number them, and some keep a group for each. */
function lorasIn(node: GraphNode): RecipeLora[] {
  const loras: RecipeLora[] = [];
  for (const [key, value] of node.values) {
    const number = /^lora(?:_name)?(?:_?(\d+))?$/.exec(key);
    if (number === null) continue;
    const group = groupOf(value);
    const name = textAt(value) ?? textAt(group['lora']);
    const isOff = group['on'] === false || /^off$/i.test(keyOf(node.values.get(`switch_${number[1] ?? ''}`)));
    if (name === undefined || /^none$/i.test(name) || isOff) continue;
    const at = number[1] === undefined ? '' : `_${number[1]}`;
    const weight =
      group['strength'] ??
      ['strength_model', 'model_weight', 'lora_wt', 'model_str', 'strength', 'lora_model_strength']
        .map((one) => node.values.get(one + at) ?? (at === '' ? undefined : node.values.get(one)))
        .find((one) => one !== undefined);
    loras.push({ name, weight: numberOf(weight) ?? null, hash: null });
  }
  return loras;
}

function sizeOf(graph: Graph, sampler: GraphNode): { width: number; height: number } | undefined {
  const isWay = (name: string): boolean => LATENTS.has(name) || name === 'pixels' || name === 'image';
  for (const node of upstream(graph, linksOf(sampler, LATENTS), (_, name) => isWay(name))) {
    const width = numberOf(firstValue(graph, [node], ['width', 'empty_latent_width']));
    const height = numberOf(firstValue(graph, [node], ['height', 'empty_latent_height']));
    if (width !== undefined && height !== undefined) return { width, height };
  }
  return undefined;
}

/** Distilled models are steered beside the words. */
function guidanceOf(graph: Graph, helpers: readonly GraphNode[]): { name: string; value: string }[] {
  const starts = helpers.flatMap((node) => linksOf(node, new Set(['positive', 'conditioning'])));
  for (const node of upstream(graph, starts, (one, name) => leadsToWords(one, name, 'positive'))) {
    const guidance = numberOf(node.values.get('guidance'));
    if (guidance !== undefined) return [{ name: 'Guidance', value: String(guidance) }];
  }
  return [];
}

/** Nodes that ask a service carry everything themselves; the first one with a prompt speaks. */
function withoutSampler(graph: Graph): RecipeDraft {
  for (const node of graph.values()) {
    const prompt = textAt(node.values.get('prompt')) ?? textAt(node.values.get('positive'));
    if (prompt === undefined) continue;
    return {
      prompt,
      negative: textAt(node.values.get('negative_prompt')) ?? textAt(node.values.get('negative')),
      seed: seedOf(node.values.get('seed')),
      steps: numberOf(node.values.get('steps')),
      width: numberOf(node.values.get('width')),
      height: numberOf(node.values.get('height')),
      model: {
        name: textAt(node.values.get('model')) ?? textAt(node.values.get('model_name')) ?? null,
        hash: null,
      },
    };
  }
  return {};
}
