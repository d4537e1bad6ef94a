import type { Input } from '../../client/index.ts';
import { STATUS_WORDS, TYPE_WORDS } from '../data/words.ts';
import { plural } from '../i18n/format.ts';

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
  if (set?.mustInclude !== undefined) parts.push(set.mustInclude ? 'Must include' : 'Not must include');
  if (addTags.length > 0) parts.push(`Add ${addTags.join(', ')}`);
  if (removeTags.length > 0) parts.push(`Remove ${removeTags.join(', ')}`);
  return parts.length === 0 ? 'Change' : parts.join('; ');
}
