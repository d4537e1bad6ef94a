import type { RecipeClaim } from '../domain/recipe.ts';
import { readCbor } from './cbor.ts';
import type { RecipeReader } from './contract.ts';
import { groupOf, listOf, readJson, textAt } from './json.ts';
import type { Group } from './json.ts';
import { textOf } from './text.ts';

const BLOCK = 'c2pa';
const DEEPEST = 8;
const MOST_BOXES = 2000;

/**
 * Content credentials: who is said to have made the picture and how. Only what they say is read; neither signature nor
 * hash is checked, and no address inside is ever followed.
 */
export const c2pa: RecipeReader = {
  name: 'C2PA',
  accepts: (blocks) => blocks.has(BLOCK),
  read(blocks) {
    const bytes = blocks.get(BLOCK);
    if (bytes === undefined) return null;
    const manifests = manifestsOf(bytes);
    if (manifests.length === 0) return null;
    const claim = claimOf(manifests);
    return { recipe: { tool: toolOf(claim), claim }, used: [BLOCK] };
  },
};

/** What one manifest says: its claim and its actions. */
interface Manifest {
  claim: Group;
  actions: Group[];
}

interface Box {
  readonly type: string;
  readonly content: Uint8Array;
}

/** The boxes that lie side by side in a piece (ISO 19566-5): length, type, content. */
function boxesIn(bytes: Uint8Array): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length && boxes.length < MOST_BOXES;) {
    const short = view.getUint32(at);
    const isLong = short === 1 && at + 16 <= bytes.length;
    const length = isLong ? Number(view.getBigUint64(at + 8)) : short === 0 ? bytes.length - at : short;
    const head = isLong ? 16 : 8;
    if (length < head || length > bytes.length - at) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    boxes.push({ type, content: bytes.subarray(at + head, at + length) });
    at += length;
  }
  return boxes;
}

/** A description box: sixteen bytes of type, one of switches, then the label. */
function labelOf(box: Box | undefined): string {
  if (box?.type !== 'jumd') return '';
  const end = box.content.indexOf(0, 17);
  return textOf(box.content.subarray(17, end < 0 ? box.content.length : end)).slice(0, 200);
}

/** Store, manifests, assertion stores and boxes of content, walked without recursion; the active manifest is last. */
function manifestsOf(bytes: Uint8Array): Manifest[] {
  const manifests: Manifest[] = [];
  const waiting = boxesIn(bytes).map((box) => ({ box, depth: 0, owner: null as Manifest | null }));
  for (let seen = 0; seen < MOST_BOXES; seen += 1) {
    const next = waiting.shift();
    if (next === undefined) break;
    if (next.box.type !== 'jumb' || next.depth > DEEPEST) continue;
    const [description, ...inside] = boxesIn(next.box.content);
    const label = labelOf(description);
    let { owner } = next;
    if (next.depth === 1) {
      owner = { claim: {}, actions: [] };
      manifests.push(owner);
    }
    if (owner !== null) noteContent(owner, label, inside);
    if (waiting.length > MOST_BOXES) continue;
    for (const box of inside) waiting.push({ box, depth: next.depth + 1, owner });
  }
  return manifests;
}

function noteContent(manifest: Manifest, label: string, inside: readonly Box[]): void {
  const isClaim = /^c2pa\.claim(\.v\d+)?$/.test(label);
  const isActions = /^c2pa\.actions(\.v\d+)?(__\d+)?$/.test(label);
  if (!isClaim && !isActions) return;
  const box = inside.find(({ type }) => type === 'cbor' || type === 'json');
  if (box === undefined) return;
  const said = groupOf(box.type === 'cbor' ? readCbor(box.content) : readJson(textOf(box.content)));
  if (isClaim) manifest.claim = said;
  else manifest.actions.push(...listOf(said['actions']).slice(0, 200).map(groupOf));
}

/** The active manifest speaks; what it was made from speaks where it is silent. */
function claimOf(manifests: readonly Manifest[]): RecipeClaim {
  let made: RecipeClaim['made'] = null;
  let generator: string | null = null;
  for (const { claim, actions } of manifests.toReversed()) {
    const sources = new Set(actions.map((action) => madeBy(textAt(action['digitalSourceType']))));
    made ??= sources.has('partly_ai') ? 'partly_ai' : sources.has('ai') ? 'ai' : null;
    generator ??= agentOf(actions) ?? generatorOf(claim);
  }
  return { made, generator, credentials: true };
}

/** The IPTC vocabulary of how a picture came to be. */
export function madeBy(address: string | undefined): RecipeClaim['made'] {
  const name = address?.split('/').at(-1);
  if (name === 'trainedAlgorithmicMedia') return 'ai';
  return name === 'compositeWithTrainedAlgorithmicMedia' || name === 'compositeSynthetic'
    ? 'partly_ai'
    : null;
}

/** The program of the action that made it by AI is more telling than the one that signed. */
function agentOf(actions: readonly Group[]): string | null {
  const action = actions.find((one) => madeBy(textAt(one['digitalSourceType'])) !== null);
  const agent = action?.['softwareAgent'];
  return textAt(agent) ?? textAt(groupOf(agent)['name']) ?? null;
}

function generatorOf(claim: Group): string | null {
  const info = claim['claim_generator_info'];
  const first = groupOf(Array.isArray(info) ? info[0] : info);
  const plain = textAt(claim['claim_generator'])
    ?.split(/[\s/(]/)[0]
    ?.replaceAll('_', ' ');
  return textAt(first['name']) ?? plain ?? null;
}

const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/firefly/i, 'Adobe Firefly'],
  [/dall|gpt|openai|sora/i, 'OpenAI'],
  [/imagen|gemini|google/i, 'Google AI'],
  [/designer|bing|copilot/i, 'Microsoft Designer'],
  [/midjourney/i, 'Midjourney'],
  [/stability|stable/i, 'Stability AI'],
];

/** Only what was made by AI has a generator; a photo with credentials has none. */
function toolOf({ made, generator }: RecipeClaim): string | null {
  if (made !== 'ai' || generator === null) return null;
  return TOOLS.find(([pattern]) => pattern.test(generator))?.[1] ?? generator;
}
