import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Ellipsis, Folder, Plus } from 'lucide-react';
import { useState } from 'react';
import type { DragEvent } from 'react';
import { explain } from '../data/client.ts';
import { useCollections } from '../data/collections.ts';
import type { Collection } from '../data/collections.ts';
import { openSharing, setDragging, useKeep } from '../data/keep.ts';
import { brandOnly } from '../data/nav.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { formatCount, plural } from '../i18n/format.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { addTo, deleteCollection, makeCollection, renameCollection } from './collection-acts.ts';

/** The collections of the brand: made, renamed and deleted in place, and each a place to drop cards on. */
export function Collections() {
  const b = useBrand();
  const { data, error } = useCollections(b);
  const mayWrite = useSession().verbs.includes('write');
  const navigate = useNavigate();
  const [isNaming, setNaming] = useState(false);

  async function create(name: string): Promise<void> {
    setNaming(false);
    if (name === '') return;
    const made = await makeCollection(b, name);
    if (made !== null) {
      await navigate({ to: '/collections/$collection', params: { collection: made.id }, search: brandOnly });
    }
  }

  return (
    <section aria-labelledby="collections-head" className="mt-3 flex min-h-0 flex-col max-md:hidden">
      <div className="flex h-7 items-center pl-2.5">
        <h2 id="collections-head" className="flex-1 text-label font-semibold text-muted">
          <Link to="/collections" search={brandOnly} className="hover:text-text">
            Collections
          </Link>
        </h2>
        {mayWrite ? (
          <IconButton label="New collection" small onPress={() => setNaming(true)}>
            <Plus size={15} aria-hidden />
          </IconButton>
        ) : null}
      </div>
      {isNaming ? (
        <NameField label="Name of the new collection" onDone={(name) => void create(name)} />
      ) : null}
      <ul className="min-h-0 overflow-y-auto">
        {data?.map((one) => (
          <Row key={one.id} b={b} collection={one} mayWrite={mayWrite} />
        ))}
      </ul>
      {data?.length === 0 && !isNaming ? (
        <p className="px-2.5 py-1 text-label text-muted">
          Gather assets for a purpose. One asset can be in many; no file is copied.
        </p>
      ) : null}
      {error === null || data !== undefined ? null : (
        <p className="px-2.5 py-1 text-label text-bad">{explain(error)}</p>
      )}
    </section>
  );
}

function Row(props: { readonly b: string; readonly collection: Collection; readonly mayWrite: boolean }) {
  const { b, collection, mayWrite } = props;
  const { id, name, count } = collection;
  const [isRenaming, setRenaming] = useState(false);
  const { isOver, target } = useDrop(b, collection);
  const navigate = useNavigate();
  const params: { collection?: string } = useParams({ strict: false });

  async function rename(next: string): Promise<void> {
    setRenaming(false);
    if (next !== '' && next !== name) await renameCollection(b, id, { name: next });
  }
  async function remove(): Promise<void> {
    const isGone = await deleteCollection(b, collection);
    if (isGone && params.collection === id) await navigate({ to: '/library', search: brandOnly });
  }

  if (isRenaming) {
    return (
      <li>
        <NameField label={`New name of ${name}`} value={name} onDone={(next) => void rename(next)} />
      </li>
    );
  }
  return (
    <li className="nav-row group relative" data-drop={isOver || undefined} {...(mayWrite ? target : {})}>
      <Link
        to="/collections/$collection"
        params={{ collection: id }}
        search={brandOnly}
        className="nav-item"
        activeOptions={{ exact: false, includeSearch: false }}
        onKeyDown={(event) => {
          if (event.key !== 'F2' || !mayWrite) return;
          event.preventDefault();
          setRenaming(true);
        }}
      >
        <Folder size={16} aria-hidden className="shrink-0" />
        <span className="min-w-0 flex-1 truncate" dir="auto" title={name}>
          {name}
        </span>
        <span className="nav-count" aria-label={plural(count, 'asset')}>
          {formatCount(count)}
        </span>
      </Link>
      {mayWrite ? (
        <span className="nav-more">
          <Menu
            label={`Acts on ${name}`}
            actions={[
              { id: 'rename', label: 'Rename', run: () => setRenaming(true) },
              { id: 'share', label: 'Share …', run: () => openSharing({ kind: 'collection', id, name }) },
              { id: 'delete', label: 'Delete the collection', bad: true, run: () => void remove() },
            ]}
          >
            <IconButton label={`More for ${name}`} small>
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          </Menu>
        </span>
      ) : null}
    </li>
  );
}

/** Cards from the grid may be dropped here; files from outside are the upload's. */
function useDrop(b: string, collection: Collection) {
  const [isOver, setOver] = useState(false);
  const accepts = () => useKeep.getState().dragging !== null;
  return {
    isOver,
    target: {
      onDragOver: (event: DragEvent) => {
        if (!accepts()) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        setOver(false);
        const { dragging } = useKeep.getState();
        if (dragging === null) return;
        event.preventDefault();
        setDragging(null);
        void addTo(b, collection, dragging.select);
      },
    },
  };
}

/** One line of text in place: Enter or leaving keeps it, Escape does not. */
function NameField(props: {
  readonly label: string;
  readonly value?: string;
  readonly onDone: (name: string) => void;
}) {
  const { label, value = '', onDone } = props;
  const [text, setText] = useState(value);
  return (
    <input
      aria-label={label}
      className="field my-0.5 h-8 w-full"
      // The person has just asked for this field.
      ref={(field) => field?.focus()}
      value={text}
      maxLength={200}
      placeholder="Name"
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onDone(text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(text.trim());
        if (event.key === 'Escape') onDone('');
      }}
    />
  );
}
