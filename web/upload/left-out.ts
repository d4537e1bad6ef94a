import { plural } from '../i18n/format.ts';
import { toast } from '../panels/toast.tsx';

/** Says how many entries of a choice were not taken, and why; says nothing when all were. */
export function tellLeftOut(counts: { readonly hidden: number; readonly unreadable: number }): void {
  const { hidden, unreadable } = counts;
  if (hidden > 0) {
    const many = plural(hidden, 'hidden entry', 'hidden entries');
    toast({ text: `${many} of the folder ${was(hidden)} left out.` });
  }
  if (unreadable > 0) {
    const text = `${plural(unreadable, 'file')} could not be read and ${was(unreadable)} left out.`;
    toast({ text, tone: 'bad' });
  }
}

function was(count: number): string {
  return count === 1 ? 'was' : 'were';
}
