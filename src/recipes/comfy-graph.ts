import { groupOf, isGroup, keyOf, listOf } from './json.ts';
import type { Group } from './json.ts';

export interface Link {
  readonly from: string;
  readonly slot: number;
}
export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly links: ReadonlyMap<string, Link>;
  readonly values: ReadonlyMap<string, unknown>;
}
/** Nodes by id. Links may lead nowhere or in circles. */
export type Graph = ReadonlyMap<string, GraphNode>;

/** Graphs of people have hundreds; more only costs time. */
export const MOST_NODES = 5000;
const MOST_INPUTS = 200;

/** The graph as it was run: `{ id: { class_type, inputs } }`, an input being a value or `[id, slot]`. */
export function graphOfPrompt(json: unknown): Graph {
  const graph = new Map<string, GraphNode>();
  for (const [id, said] of Object.entries(groupOf(json)).slice(0, MOST_NODES)) {
    const node = groupOf(said);
    const type = node['class_type'];
    if (typeof type !== 'string') continue;
    const links = new Map<string, Link>();
    const values = new Map<string, unknown>();
    for (const [name, value] of Object.entries(groupOf(node['inputs'])).slice(0, MOST_INPUTS)) {
      const link = linkOf(value);
      if (link === null) values.set(name, value);
      else links.set(name, link);
    }
    graph.set(id, { id, type, links, values });
  }
  return graph;
}

function linkOf(value: unknown): Link | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [from, slot] = value as unknown[];
  if ((typeof from !== 'string' && typeof from !== 'number') || typeof slot !== 'number') return null;
  return { from: String(from), slot };
}

/** The values of the usual nodes in the order in which the editor lists them; null stands for one that is not kept. */
const WIDGETS: Readonly<Record<string, readonly (string | null)[]>> = {
  KSampler: ['seed', null, 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
  KSamplerAdvanced: ['add_noise', 'noise_seed', null, 'steps', 'cfg', 'sampler_name', 'scheduler'],
  SamplerCustom: ['add_noise', 'noise_seed', null, 'cfg'],
  KSamplerSelect: ['sampler_name'],
  BasicScheduler: ['scheduler', 'steps', 'denoise'],
  RandomNoise: ['noise_seed', null],
  CFGGuider: ['cfg'],
  FluxGuidance: ['guidance'],
  CLIPTextEncode: ['text'],
  CheckpointLoaderSimple: ['ckpt_name'],
  UNETLoader: ['unet_name', 'weight_dtype'],
  UnetLoaderGGUF: ['unet_name'],
  LoraLoader: ['lora_name', 'strength_model', 'strength_clip'],
  LoraLoaderModelOnly: ['lora_name', 'strength_model'],
  EmptyLatentImage: ['width', 'height', 'batch_size'],
  EmptySD3LatentImage: ['width', 'height', 'batch_size'],
};
const AFTER_SEED = new Set(['fixed', 'increment', 'decrement', 'randomize']);
const MUTED = 2;

/** The graph as the editor keeps it: `nodes` with lists of values, and `links` with numbers of their own. */
export function graphOfWorkflow(json: unknown): Graph {
  const said = groupOf(json);
  const links = linksOf(said['links']);
  const graph = new Map<string, GraphNode>();
  for (const one of listOf(said['nodes']).slice(0, MOST_NODES)) {
    const node = groupOf(one);
    const { id, type, mode } = node;
    if (typeof type !== 'string' || (typeof id !== 'number' && typeof id !== 'string') || mode === MUTED)
      continue;
    const inputs = listOf(node['inputs']).slice(0, MOST_INPUTS).map(groupOf);
    const linked = new Map<string, Link>();
    for (const input of inputs) {
      const link = links.get(keyOf(input['link']));
      if (typeof input['name'] === 'string' && link !== undefined) linked.set(input['name'], link);
    }
    graph.set(String(id), { id: String(id), type, links: linked, values: valuesOf(node, inputs, linked) });
  }
  return graph;
}

/** `[number, from, slot, to, …]`, or a group of the same in newer files. */
function linksOf(said: unknown): Map<string, Link> {
  const links = new Map<string, Link>();
  for (const one of listOf(said).slice(0, MOST_NODES * 4)) {
    const group = groupOf(one);
    const [number, from, slot] = Array.isArray(one)
      ? (one as unknown[])
      : [group['id'], group['origin_id'], group['origin_slot']];
    const isSound = typeof from === 'string' || typeof from === 'number';
    if (isSound) links.set(keyOf(number), { from: String(from), slot: typeof slot === 'number' ? slot : 0 });
  }
  return links;
}

/** Values of a node that the editor lists without names, unless a link takes their place. */
function valuesOf(
  node: Group,
  inputs: readonly Group[],
  linked: ReadonlyMap<string, Link>,
): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  const listed = node['widgets_values'];
  if (isGroup(listed)) {
    for (const [name, value] of Object.entries(listed).slice(0, MOST_INPUTS)) values.set(name, value);
    return values;
  }
  const type = String(node['type']);
  const known = Object.hasOwn(WIDGETS, type) ? WIDGETS[type] : undefined;
  const items = listOf(listed).slice(0, MOST_INPUTS);
  let at = 0;
  for (const name of known ?? widgetNames(inputs)) {
    const value = items[at];
    at += 1;
    if (name !== null && value !== undefined && !linked.has(name)) values.set(name, value);
    const next = items[at];
    if (known === undefined && name?.endsWith('seed') === true && AFTER_SEED.has(keyOf(next))) at += 1;
  }
  if (values.size === 0 && items.length > 0) values.set('value', items[0]);
  // A stack of LoRAs is listed as groups of their own.
  for (const [index, item] of items.entries())
    if (isGroup(item) && 'lora' in item) values.set(`lora_${index}`, item);
  return values;
}

function widgetNames(inputs: readonly Group[]): string[] {
  return inputs.flatMap((input) => {
    const name = groupOf(input['widget'])['name'];
    return typeof name === 'string' ? [name] : [];
  });
}
