import type { Operation } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { followStep, forgetStep } from '../data/steps.ts';
import { plural } from '../i18n/format.ts';
import { stepText } from './step-words.ts';
import { UNDO, toast } from './toast.tsx';

/** A toast whose Undo takes a journaled operation back. */
export function toastUndo(brand: string, operation: string, text: string): void {
  toast({ text, action: { label: UNDO, run: () => void undoStep(brand, operation) } });
}

/** Takes a journaled operation back and says how far that went. */
export async function undoStep(brand: string, operation: string): Promise<void> {
  try {
    const done = await client.call('operations.undo', { b: brand, id: operation });
    forgetStep(operation);
    if (done.done) toastUndone(done);
    else void followStep(brand, done.operation, (ended) => reportStep(brand, ended));
  } catch (error) {
    toast({ text: `Not undone. ${explain(error)}`, tone: 'bad' });
  }
  await queryClient.invalidateQueries({ queryKey: queryKeys.brand(brand) });
}

function toastUndone({ changed, skipped }: { readonly changed: number; readonly skipped: number }): void {
  const left =
    skipped === 0
      ? ''
      : ` ${plural(skipped, 'asset')} had been changed since and stayed as ${skipped === 1 ? 'it is' : 'they are'}.`;
  // A step on a collection as a whole changes no asset.
  const done = changed + skipped === 0 ? 'Undone.' : `Undone for ${plural(changed, 'asset')}.`;
  toast({ text: `${done}${left}`, tone: 'good' });
}

/** Says how a large step ended; one that stopped, or left some assets as they were, keeps its place on the page. */
export function reportStep(brand: string, operation: Operation): void {
  if (operation.state !== 'done' || operation.failed > 0) return;
  if (operation.kind === 'operations.undo') toastUndone(operation);
  else if (!operation.undoable) toast({ text: stepText(operation), tone: 'good' });
  else toastUndo(brand, operation.id, stepText(operation));
}
