import { useState } from 'react';
import type { SubmitEvent } from 'react';
import type { SavedSearch } from '../../client/index.ts';
import { client, explain } from '../data/client.ts';
import type { LibraryNav } from '../data/nav.ts';
import { isChanged, openSearch, refreshSearches, useSavedSearches } from '../data/searches.ts';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { toast } from './toast.tsx';

/** Saves what filters now; under a saved search it says whether the page still shows that. */
export function SaveSearch({ nav }: { readonly nav: LibraryNav }) {
  const { slug: b } = useCurrentBrand();
  const { verbs } = useSession();
  const searches = useSavedSearches(b);
  const [naming, setNaming] = useState(false);
  const saved = searches?.find(({ id }) => id === nav.address.smart);
  const changed = saved !== undefined && isChanged(saved, nav);
  const canWrite = verbs.includes('write');
  const { filter, sort, by } = nav;
  const create = async (name: string) => {
    const made = await client.call('searches.create', { b, name, filter, sort, by });
    await refreshSearches(b);
    nav.change({ smart: made.id }, true);
  };
  return (
    <>
      {saved === undefined ? null : (
        <span className="min-w-0 truncate text-muted" role="status">
          <strong className="font-semibold text-text" dir="auto">
            {saved.name}
          </strong>
          {changed ? ', changed' : ''}
        </span>
      )}
      {saved !== undefined && changed && canWrite ? (
        <Button small onPress={() => void update(b, saved, nav)}>
          Save changes
        </Button>
      ) : null}
      {saved !== undefined && changed ? (
        <Button small tone="quiet" onPress={() => nav.change(openSearch(saved))}>
          Back to saved
        </Button>
      ) : null}
      {canWrite && (saved === undefined || changed) ? (
        <Button small tone="quiet" onPress={() => setNaming(true)}>
          {saved === undefined ? 'Save this search' : 'Save as new'}
        </Button>
      ) : null}
      {naming ? (
        <NameSearch
          title="Save this search"
          act="Save search"
          name={saved === undefined ? '' : `${saved.name} 2`}
          onClose={() => setNaming(false)}
          onSave={create}
        />
      ) : null}
    </>
  );
}

async function update(b: string, saved: SavedSearch, { filter, sort, by }: LibraryNav): Promise<void> {
  try {
    await client.call('searches.update', { b, id: saved.id, filter, sort, by });
    await refreshSearches(b);
    toast({ text: `“${saved.name}” finds this from now on.`, tone: 'good' });
  } catch (error) {
    toast({ text: `“${saved.name}” is as it was. ${explain(error)}`, tone: 'bad' });
  }
}

export interface NameSearchProps {
  readonly title: string;
  readonly act: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly onSave: (name: string) => Promise<void>;
}

/** Asks for a name; a refused one stays in the field with the reason under it. */
export function NameSearch({ title, act, name: before, onClose, onSave }: NameSearchProps) {
  const [name, setName] = useState(before);
  const [error, setError] = useState<string>();
  const save = async () => {
    try {
      await onSave(name.trim());
      onClose();
    } catch (reason) {
      setError(explain(reason));
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') void save();
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          // The dialog was opened to type this name.
          autoFocus
          value={name}
          onChange={(text) => {
            setName(text);
            setError(undefined);
          }}
          maxLength={100}
          error={error}
          hint="It follows the library: assets that match later are in it too."
        />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="main" type="submit" isDisabled={name.trim() === ''}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
