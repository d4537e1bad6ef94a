import { Check, Folder, Plus } from 'lucide-react';
import { useState } from 'react';
import { Autocomplete, Input, ListBox, ListBoxItem, TextField } from 'react-aria-components';
import { useCollections, useCollectionsOf } from '../data/collections.ts';
import { pickCollection, useKeep } from '../data/keep.ts';
import type { Kept } from '../data/keep.ts';
import { useBrand } from '../data/session.tsx';
import { formatCount, plural } from '../i18n/format.ts';
import { Dialog } from '../ui/dialog.tsx';
import { addTo, makeCollection, takeOut } from './collection-acts.ts';

const NEW = 'new';

/** Where shall these go? Typing narrows, Enter takes the first, and a name that is not there yet is made. */
export function CollectionPicker() {
  const picking = useKeep((state) => state.picking);
  return (
    <Dialog
      title={picking === null ? 'Collection' : `Add ${plural(picking.count, 'asset')} to a collection`}
      isOpen={picking !== null}
      onClose={() => pickCollection(null)}
    >
      {picking === null ? null : <Choices kept={picking} />}
    </Dialog>
  );
}

function Choices({ kept }: { readonly kept: Kept }) {
  const b = useBrand();
  const [text, setText] = useState('');
  const { data = [], isPending } = useCollections(b);
  const single = 'ids' in kept.select && kept.select.ids.length === 1 ? (kept.select.ids[0] ?? null) : null;
  const { data: holding = [] } = useCollectionsOf(b, single);
  const inIt = new Set(holding.map(({ id }) => id));
  const wanted = text.trim().toLocaleLowerCase();
  const found = data.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  const isNew = wanted !== '' && !data.some(({ name }) => name.toLocaleLowerCase() === wanted);

  async function choose(key: string): Promise<void> {
    pickCollection(null);
    const target = key === NEW ? await makeCollection(b, text.trim()) : data.find(({ id }) => id === key);
    if (target === undefined || target === null) return;
    await (inIt.has(target.id) ? takeOut(b, target, kept.select) : addTo(b, target, kept.select));
  }

  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <TextField aria-label="Find or name a collection" autoFocus>
        <div className="field">
          <Input
            className="h-8 w-full outline-none"
            placeholder="Find or name a collection"
            maxLength={200}
          />
        </div>
      </TextField>
      <ListBox
        aria-label="Collections"
        className="mt-2 max-h-80 overflow-auto outline-none"
        onAction={(key) => void choose(String(key))}
        renderEmptyState={() => (
          <p className="px-2 py-3 text-muted">
            {isPending ? 'Reading the collections …' : 'There is no collection yet. Type a name to make one.'}
          </p>
        )}
      >
        {found.map(({ id, name, count }) => (
          <ListBoxItem key={id} id={id} textValue={name} className="option">
            {inIt.has(id) ? (
              <Check size={15} aria-label="In it; choosing takes it out" className="shrink-0 text-accent" />
            ) : (
              <Folder size={15} aria-hidden className="shrink-0 text-muted" />
            )}
            <span className="min-w-0 flex-1 truncate" dir="auto">
              {name}
            </span>
            <span className="text-label text-muted">{formatCount(count)}</span>
          </ListBoxItem>
        ))}
        {isNew ? (
          <ListBoxItem id={NEW} textValue={`Make ${text}`} className="option">
            <Plus size={15} aria-hidden className="shrink-0 text-accent" />
            <span className="min-w-0 truncate">Make “{text.trim()}”</span>
          </ListBoxItem>
        ) : null}
      </ListBox>
    </Autocomplete>
  );
}
