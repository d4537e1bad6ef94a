import { plural } from '../i18n/format.ts';
import type { LeaveOut, Reason } from './entries.ts';

/** What was not taken of a choice: how many for each reason, and the first name. */
export type LeftOut = ReadonlyMap<Reason, { readonly count: number; readonly name: string }>;

export function countLeftOut(): { readonly leaveOut: LeaveOut; readonly leftOut: LeftOut } {
  const leftOut = new Map<Reason, { count: number; name: string }>();
  return {
    leftOut,
    leaveOut(reason, name) {
      const known = leftOut.get(reason);
      if (known === undefined) leftOut.set(reason, { count: 1, name });
      else known.count += 1;
    },
  };
}

const WORDS: Readonly<Record<Reason, readonly [string, string]>> = {
  hidden: ['hidden entry', 'hidden entries'],
  system: ['system file', 'system files'],
  empty: ['empty file', 'empty files'],
  unreadable: ['unreadable file', 'unreadable files'],
};

/** One line: `Left out: 2 hidden entries, 1 empty file (notes.txt).` */
export function leftOutText(leftOut: LeftOut): string {
  const parts = [...leftOut].map(([reason, { count, name }]) => {
    const many = plural(count, ...WORDS[reason]);
    return count === 1 ? `${many} (${name})` : many;
  });
  return parts.length === 0 ? '' : `Left out: ${parts.join(', ')}.`;
}
