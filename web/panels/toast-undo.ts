import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { plural } from '../i18n/format.ts';
import { UNDO, toast } from './toast.tsx';

/** A toast whose Undo takes a journaled operation back. */
export function toastUndo(brand: string, operation: string, text: string): void {
  toast({ text, action: { label: UNDO, run: () => void undoStep(brand, operation) } });
}

/** Takes a journaled operation back and says how far that went. */
export async function undoStep(brand: string, operation: string): Promise<void> {
  try {
    const { changed, skipped } = await client.call('operations.undo', { b: brand, id: operation });
    const left =
      skipped === 0 ? '' : ` ${plural(skipped, 'asset')} had been changed since and stayed as they are.`;
    toast({ text: `Undone for ${plural(changed, 'asset')}.${left}`, tone: 'good' });
  } catch (error) {
    toast({ text: `Not undone. ${explain(error)}`, tone: 'bad' });
  }
  await queryClient.invalidateQueries({ queryKey: queryKeys.brand(brand) });
}
