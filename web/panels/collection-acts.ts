import type { AssetSelection } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import type { Collection } from '../data/collections.ts';
import { activeStore, refreshCollections, refreshLibrary } from '../data/library.ts';
import { followStep } from '../data/steps.ts';
import { plural } from '../i18n/format.ts';
import { reportStep, toastUndo } from './toast-undo.ts';
import { toast } from './toast.tsx';

/** What a person does with collections. Each act says how it went and, where something moved, offers its undo. */

type Named = Pick<Collection, 'id' | 'name'>;

async function said<T>(failed: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    toast({ text: `${failed} ${explain(error)}`, tone: 'bad' });
    return null;
  }
}

/** A large step goes on by itself; the page shows how far it is and says how it ended. */
function follow(b: string, operation: string): void {
  void followStep(b, operation, (ended) => reportStep(b, ended));
}

export async function addTo(b: string, { id, name }: Named, select: AssetSelection): Promise<void> {
  await said('Nothing was added.', async () => {
    const { operation, matched, changed, done } = await client.call('collections.add', { b, id, select });
    if (!done && operation !== null) return follow(b, operation);
    const held = matched - changed;
    const already = held === 0 ? '' : ` ${plural(held, 'was', 'were')} in it already.`;
    if (operation === null)
      toast({ text: `“${name}” holds ${matched === 1 ? 'it' : 'all of them'} already.` });
    else toastUndo(b, operation, `${plural(changed, 'asset')} added to “${name}”.${already}`);
  });
  await refreshCollections(b);
}

export async function takeOut(b: string, { id, name }: Named, select: AssetSelection): Promise<void> {
  await said('Nothing was taken out.', async () => {
    const { operation, changed, done } = await client.call('collections.remove', { b, id, select });
    if (!done && operation !== null) return follow(b, operation);
    if (operation === null) toast({ text: `Nothing of that is in “${name}”.` });
    else toastUndo(b, operation, `${plural(changed, 'asset')} taken out of “${name}”. The files stay.`);
  });
  await refreshCollections(b);
}

export async function makeCollection(b: string, name: string): Promise<Collection | null> {
  const made = await said('The collection was not made.', () =>
    client.call('collections.create', { b, name }),
  );
  await queryClient.invalidateQueries({ queryKey: queryKeys.collections(b) });
  return made;
}

export async function renameCollection(
  b: string,
  id: string,
  change: { readonly name?: string; readonly description?: string },
): Promise<boolean> {
  const done = await said('Not changed.', () => client.call('collections.update', { b, id, ...change }));
  await queryClient.invalidateQueries({ queryKey: queryKeys.collections(b) });
  return done !== null;
}

export async function deleteCollection(b: string, { id, name }: Named): Promise<boolean> {
  const done = await said('Not deleted.', async () => {
    const { operation } = await client.call('collections.delete', { b, id });
    toastUndo(b, operation, `The collection “${name}” is deleted. Its files stay in the library.`);
    return true;
  });
  await queryClient.invalidateQueries({ queryKey: queryKeys.collections(b) });
  return done !== null;
}

/** Marks assets for the person who is signed in; pressing again takes the mark off. */
export async function setFavourite(b: string, select: AssetSelection, favourite: boolean): Promise<void> {
  await said(favourite ? 'Not marked.' : 'The mark stays.', async () => {
    await client.call('favourites.set', { b, select, favourite });
    if ('ids' in select) {
      for (const id of select.ids) {
        const store = activeStore();
        const at = store?.indexOf(id);
        const card = at === undefined ? undefined : store?.card(at);
        if (card !== undefined) store?.patch({ ...card, favourite });
        await queryClient.invalidateQueries({ queryKey: queryKeys.asset(b, id), exact: true });
      }
    }
    const seesMarks = activeStore()?.listing.filter.favourite !== undefined;
    if (!('ids' in select) || seesMarks) await refreshLibrary(b);
  });
}
