import type { Facts } from './contract.ts';
import { moreFacts } from './finite.ts';
import { oneLine } from './one-line.ts';
import { recordOf } from './record.ts';
import { parseJson } from './json.ts';

const MOST_PROMPTS = 500;

export interface Preset {
  readonly more: NonNullable<Facts['more']>;
  /** The prompts themselves, for search. */
  readonly text: string;
}

/** Recognises lists of prompts and graphs that make pictures by their shape; null for any other JSON. */
export function presetIn(json: string): Preset | null {
  let value: unknown;
  try {
    value = parseJson(json.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
  return graphIn(recordOf(value)) ?? promptsIn(value);
}

/** Styles as a table: name, prompt, negative prompt. */
export function presetTable(csv: string): Preset | null {
  const [head = '', ...rows] = csv.split(/\r?\n/);
  if (!/^"?name"?,"?prompt"?(,"?negative_prompt"?)?\s*$/i.test(head.replace(/^\ufeff/, ''))) return null;
  const filled = rows.filter((row) => row.trim() !== '').length;
  return { more: moreFacts({ presetKind: 'Styles', prompts: filled }), text: csv };
}

/** A saved graph has nodes and links; one for the queue has numbered nodes with a class. */
function graphIn(value: Record<string, unknown>): Preset | null {
  const { nodes, links } = value;
  const saved = Array.isArray(nodes) && Array.isArray(links) ? nodes.map(recordOf) : null;
  const queued = Object.values(value).map(recordOf);
  const isQueued = queued.length > 0 && queued.every((node) => typeof node['class_type'] === 'string');
  const found = saved ?? (isQueued ? queued : null);
  if (found === null || found.length === 0) return null;
  const kinds = found.map((node) => oneLine(node['class_type'] ?? node['type'], 80));
  if (kinds.every((kind) => kind === undefined)) return null;
  const words = found.flatMap((node) => [
    ...Object.values(recordOf(node['inputs'])),
    ...(Array.isArray(node['widgets_values']) ? node['widgets_values'] : []),
  ]);
  const text = [...new Set([...kinds, ...words.map((word) => oneLine(word, 2000))])]
    .filter(Boolean)
    .join('\n');
  return { more: moreFacts({ presetKind: 'ComfyUI workflow', nodes: found.length }), text };
}

/** One prompt or several, with the fields that the tools write. */
function promptsIn(value: unknown): Preset | null {
  const list = Array.isArray(value) ? value : [value, ...Object.values(recordOf(value))];
  const prompts = list
    .slice(0, MOST_PROMPTS)
    .map(recordOf)
    .filter((item) => typeof item['prompt'] === 'string' || typeof item['positive_prompt'] === 'string');
  if (prompts.length === 0) return null;
  // A chat or a form may have a field of that name: a preset says more of how a picture is made.
  const known =
    /^(negative_?prompt|negative|steps|cfg(_scale)?|sampler(_name)?|seed|model|width|height|loras?)$/i;
  if (!prompts.some((item) => Object.keys(item).some((key) => known.test(key)))) return null;
  const keys = [
    'name',
    'title',
    'prompt',
    'positive_prompt',
    'negative_prompt',
    'negative',
    'model',
    'sampler',
  ];
  const text = prompts
    .flatMap((item) => keys.map((key) => oneLine(item[key], 4000)))
    .filter(Boolean)
    .join('\n');
  return { more: moreFacts({ presetKind: 'Prompt preset', prompts: prompts.length }), text };
}
