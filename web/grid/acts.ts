import type { AssetSelection } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { useView } from '../data/view.ts';
import { plural } from '../i18n/format.ts';
import { toastUndo } from '../panels/toast-undo.ts';
import { toast } from '../panels/toast.tsx';

/** What a person does to cards in the grid. Each act is one operation with one undo, and says how it went. */

export async function trashCard(b: string, id: string): Promise<boolean> {
  try {
    const { operation, asset } = await client.call('assets.trash', { b, id });
    toastUndo(b, operation, `“${asset.name}” moved to the trash.`);
    dropFromSelection(id);
    await refreshLibrary(b);
    return true;
  } catch (error) {
    toast({ text: `Not moved to the trash. ${explain(error)}`, tone: 'bad' });
    return false;
  }
}

function dropFromSelection(id: string): void {
  const { selection, setSelection } = useView.getState();
  if (selection.kind !== 'ids' || !selection.ids.has(id)) return;
  setSelection({ kind: 'ids', ids: new Set([...selection.ids].filter((one) => one !== id)) });
}

export async function rateCards(
  b: string,
  select: AssetSelection | string,
  rating: number | null,
): Promise<void> {
  try {
    if (typeof select === 'string') {
      // The answer goes where every reader of this asset looks, the card among them.
      const asset = await client.call('assets.update', { b, id: select, rating });
      queryClient.setQueryData(queryKeys.asset(b, select), asset);
    } else {
      const done = await client.call('assets.bulk', { b, select, change: { set: { rating } } });
      if (done.operation !== null) toastUndo(b, done.operation, `Rated ${plural(done.changed, 'asset')}.`);
      await refreshLibrary(b);
      return;
    }
    toast({ text: rating === null ? 'Rating cleared.' : `Rated ${rating} of 5.` });
  } catch (error) {
    toast({ text: `Not rated. ${explain(error)}`, tone: 'bad' });
  }
}
