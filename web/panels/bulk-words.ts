import type { Input } from '../../client/index.ts';
import { STATUS_WORDS, TYPE_WORDS } from '../data/words.ts';
import { plural, titleCase } from '../i18n/format.ts';

const TEXTS = [
  ['product', 'Product'],
  ['campaign', 'Campaign'],
  ['sceneHint', 'Scene hint'],
  ['description', 'Description'],
] as const;

function clip(text: string): string {
  const letters = [...text];
  return letters.length > 40 ? `${letters.slice(0, 39).join('')}…` : text;
}

export function peopleWord(has: boolean | null): string {
  return has === null ? 'unknown' : has ? 'yes' : 'no';
}

export type BulkChange = NonNullable<Input<'assets.bulk'>['change']>;

/** What a change did, with its exact count. */
export function doneText(change: BulkChange, count: number): string {
  const assets = plural(count, 'asset');
  if (change.trash === true) return `${assets} moved to the trash.`;
  return `${actText(change)}: ${assets} changed.`;
}

/** What a change is, as a title. */
export function actText({ trash, set, addTags = [], removeTags = [] }: BulkChange): string {
  if (trash === true) return 'Move to trash';
  const parts: string[] = [];
  if (set?.type !== undefined) parts.push(`Type ${TYPE_WORDS[set.type]}`);
  if (set?.status !== undefined) parts.push(`Status ${STATUS_WORDS[set.status]}`);
  if (set?.mediaType !== undefined) parts.push(`Media type ${titleCase(set.mediaType)}`);
  if (set?.rating !== undefined)
    parts.push(set.rating === null ? 'Clear the rating' : `Rate ${set.rating} of 5`);
  for (const [name, label] of TEXTS) {
    const text = set?.[name];
    if (text !== undefined)
      parts.push(text === '' ? `Empty ${label.toLowerCase()}` : `${label} “${clip(text)}”`);
  }
  if (set?.hasPeople !== undefined) parts.push(`Has people: ${peopleWord(set.hasPeople)}`);
  if (set?.mustInclude !== undefined) parts.push(set.mustInclude ? 'Must include' : 'Not must include');
  if (addTags.length > 0) parts.push(`Add ${addTags.join(', ')}`);
  if (removeTags.length > 0) parts.push(`Remove ${removeTags.join(', ')}`);
  return parts.length === 0 ? 'Change' : parts.join('; ');
}
