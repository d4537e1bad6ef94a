import type { Facts } from './contract.ts';
import { knownOnly, MAX_SIDE, moreFacts, sane } from './finite.ts';
import { oneLine } from './one-line.ts';
import { recordOf } from './record.ts';
import type { WeightsHeader } from './safetensors.ts';
import { baseModelOf, isAdapter, kindOfWeights } from './weights-kind.ts';
import { parseJson } from './json.ts';

const MOST_TAGS = 20;
const TRIGGER_TAGS = 5;
/** A tag on so many of the training pictures that it stands for the subject. */
const TRIGGER_SHARE = 0.9;

export interface WeightsFacts {
  readonly facts: Facts;
  readonly text: string;
}

export function weightsFacts(header: WeightsHeader): WeightsFacts {
  const { tensors, metadata } = header;
  const kind = kindOfWeights(header);
  const tags = trainedTags(metadata['ss_tag_frequency']);
  const said = (...keys: string[]): string | undefined =>
    keys.map((key) => oneLine(metadata[key], 600)).find((word) => word !== undefined && word !== 'None');
  const count = (key: string, max = 1e9): number | undefined => sane(metadata[key], max);
  const more = moreFacts({
    weightsKind: kind.name,
    baseModel: baseModelOf(header),
    triggerWords: said('modelspec.trigger_phrase', 'trigger_words', 'ss_trigger_words') ?? triggersOf(tags),
    trainedTags: oneLine(tags.names.slice(0, MOST_TAGS).join(', '), 1000),
    usageHint: said('modelspec.usage_hint'),
    tensorHash: said('sshs_model_hash', 'modelspec.hash_sha256')?.replace(/^0x/, ''),
    rank: isAdapter(kind) ? (count('ss_network_dim', 65_536) ?? rankOf(header)) : undefined,
    networkAlpha: isAdapter(kind) ? count('ss_network_alpha', 65_536) : undefined,
    numberType: dtypesOf(header),
    parameters: tensors.reduce((sum, tensor) => sum + sizeOf(tensor.shape), 0),
    tensors: tensors.length,
    trainedOn: said('ss_sd_model_name', 'modelspec.merged_from'),
    trainingPictures: count('ss_num_train_images'),
    trainingSteps: count('ss_steps') ?? count('ss_max_train_steps'),
    epochs: count('ss_epoch', 1e6) ?? count('ss_num_epochs', 1e6),
    resolution: said('modelspec.resolution') ?? resolutionOf(said('ss_resolution')),
    clipSkip: count('ss_clip_skip', 100),
    author: said('modelspec.author'),
    licence: said('modelspec.license'),
    made: said('modelspec.date'),
    description: said('modelspec.description'),
    comment: said('ss_training_comment'),
  });
  const title = said('modelspec.title', 'ss_output_name', 'name');
  const words = [
    title,
    kind.name,
    more['baseModel'],
    more['triggerWords'],
    more['trainedTags'],
    more['author'],
  ];
  const text = [...words, more['description'], more['usageHint'], more['comment']].filter(Boolean).join('\n');
  return { facts: knownOnly<Facts>({ title, more }), text };
}

interface Tags {
  /** Most frequent first. */
  readonly names: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
}

/** `{ folder: { tag: times } }` as the trainer wrote it down. */
function trainedTags(json: string | undefined): Tags {
  const counts = new Map<string, number>();
  if (json === undefined) return { names: [], counts };
  for (const folder of Object.values(recordOf(parsed(json)))) {
    for (const [tag, times] of Object.entries(recordOf(folder))) {
      const name = oneLine(tag, 80);
      const value = sane(times, 1e9);
      if (name !== undefined && value !== undefined) counts.set(name, (counts.get(name) ?? 0) + value);
    }
  }
  const names = [...counts].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  return { names, counts };
}

/** Without a stated phrase: the tags that were on nearly every training picture. */
function triggersOf({ names, counts }: Tags): string | undefined {
  const most = counts.get(names[0] ?? '') ?? 0;
  const always = names.filter((name) => (counts.get(name) ?? 0) >= most * TRIGGER_SHARE);
  return oneLine(always.slice(0, TRIGGER_TAGS).join(', '));
}

/** The narrow side of the first pair of low-rank matrices. */
function rankOf({ tensors }: WeightsHeader): number | undefined {
  const down = tensors.find(({ name }) => /lora[._](down|A)\.|hada_w1_b|lora\.down/.test(name));
  return sane(down === undefined ? undefined : Math.min(...down.shape.slice(0, 2)), 65_536);
}

function dtypesOf({ tensors }: WeightsHeader): string | undefined {
  const sizes = new Map<string, number>();
  for (const { dtype, shape } of tensors) sizes.set(dtype, (sizes.get(dtype) ?? 0) + sizeOf(shape));
  const names = [...sizes].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  return oneLine(names.join(', '), 100);
}

function sizeOf(shape: readonly number[]): number {
  const size = shape.reduce((product, side) => product * side, 1);
  return Number.isFinite(size) && size <= 1e13 ? size : 0;
}

/** The trainer writes a tuple: `(1024, 1024)`. */
function resolutionOf(text: string | undefined): string | undefined {
  const sides = text?.match(/\d+/g)?.map((side) => sane(side, MAX_SIDE));
  if (sides === undefined || sides.length === 0 || sides.includes(undefined)) return undefined;
  return `${sides[0]}x${sides[1] ?? sides[0]}`;
}

function parsed(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    return null;
  }
}
