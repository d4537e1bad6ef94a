import type { Operation } from '../../client/index.ts';
import { formatCount, plural } from '../i18n/format.ts';

interface Words {
  readonly done: string;
  /** What those are that a stopped step did not reach. */
  readonly rest: string;
}
const CHANGED: Words = { done: 'changed', rest: 'as before' };
const WORDS: Readonly<Record<string, Words>> = {
  'collections.add': { done: 'added', rest: 'not added' },
  'collections.remove': { done: 'taken out', rest: 'still in it' },
  'trash.purge': { done: 'deleted for ever', rest: 'still in the trash' },
  'operations.undo': { done: 'put back', rest: 'not put back' },
};

function wordsOf({ kind }: Operation): Words {
  return WORDS[kind] ?? CHANGED;
}

/** Assets that a step has dealt with. */
export function reached({ total, changed, skipped, failed }: Operation): number {
  return Math.min(total, changed + skipped + failed);
}

/** How a large step ended. */
export function stepText(operation: Operation): string {
  const { summary, changed, kind } = operation;
  return kind === 'trash.purge'
    ? `${plural(changed, 'asset')} deleted for ever.`
    : `${summary}: ${plural(changed, 'asset')}.`;
}

/** How far a step is, or where it stopped and what became of the rest. */
export function stateText(operation: Operation): string {
  const { state, total, changed } = operation;
  const words = wordsOf(operation);
  const far = `${formatCount(reached(operation))} of ${formatCount(total)}`;
  if (state === 'running') return `${far} done. It goes on when you close this page.`;
  if (state === 'done') return `Done: ${plural(changed, 'asset')} ${words.done}.`;
  const left = Math.max(0, total - reached(operation));
  const rest = plural(left, 'asset');
  if (state === 'failed')
    return `${far} done; something went wrong, and ${rest} ${left === 1 ? 'is' : 'are'} ${words.rest}.`;
  return `Stopped: ${plural(changed, 'asset')} ${words.done}, ${rest} ${words.rest}.`;
}
