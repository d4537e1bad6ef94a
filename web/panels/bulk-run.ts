import { client, explain } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { followStep } from '../data/steps.ts';
import { selectionInput, useView } from '../data/view.ts';
import type { Selection } from '../data/view.ts';
import { reportStep, toastUndo } from './toast-undo.ts';
import { toast } from './toast.tsx';
import type { BulkChange } from './bulk-words.ts';
import { doneText } from './bulk-words.ts';

/** A change of everything that matches, counted by the server and waiting for a yes. */
export interface BulkPlan {
  readonly plan: string;
  readonly matched: number;
  readonly bytes: number;
  readonly change: BulkChange;
}

/**
 * Runs a change on the selection. Listed assets are changed at once; for "all matching" the server first counts exactly
 * and the plan comes back to be confirmed.
 */
export async function startBulk(
  b: string,
  selection: Selection,
  change: BulkChange,
): Promise<BulkPlan | null> {
  const select = selectionInput(selection);
  if (select === null) return null;
  try {
    if (selection.kind === 'all') {
      const { plan, matched, bytes } = await client.call('assets.bulk', { b, select, change, plan: true });
      if (plan !== null && matched > 0) return { plan, matched, bytes, change };
      toast({ text: 'Nothing matches any more; nothing was changed.' });
    } else {
      await report(b, change, await client.call('assets.bulk', { b, select, change }));
    }
  } catch (error) {
    toast({ text: `Nothing was changed. ${explain(error)}`, tone: 'bad' });
  }
  return null;
}

export async function applyPlan(b: string, { plan, change }: BulkPlan): Promise<void> {
  try {
    await report(b, change, await client.call('assets.bulk', { b, apply: plan }));
  } catch (error) {
    toast({ text: `Nothing was changed. ${explain(error)}`, tone: 'bad' });
  }
}

interface Outcome {
  readonly operation: string | null;
  readonly changed: number;
  readonly failed: number;
  readonly done: boolean;
}

async function report(b: string, change: BulkChange, outcome: Outcome): Promise<void> {
  const { operation, changed, failed, done } = outcome;
  if (!done && operation !== null) {
    if (change.trash === true) useView.getState().clearSelection();
    void followStep(b, operation, (ended) => reportStep(b, ended));
    return;
  }
  const text = doneText(change, changed);
  // Which could not be changed, and the way to try just them again, stand where large changes are followed.
  if (operation !== null && failed > 0) void followStep(b, operation, () => undefined);
  else if (operation === null || changed === 0) toast({ text });
  else toastUndo(b, operation, text);
  // What went to the trash can no longer be selected; other changes leave the selection for the next one.
  if (change.trash === true) useView.getState().clearSelection();
  await refreshLibrary(b);
}
