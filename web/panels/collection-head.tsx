import { Link } from '@tanstack/react-router';
import { Folder, FolderOpen, Share2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { BacklotError } from '../../client/index.ts';
import { useCollection } from '../data/collections.ts';
import { openSharing, useKeep } from '../data/keep.ts';
import { brandOnly } from '../data/nav.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { plural } from '../i18n/format.ts';
import { openUpload } from '../upload/open.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import { renameCollection } from './collection-acts.ts';

/** Which collection this is, and what can be done with it as a whole. */
export function CollectionHead({ id }: { readonly id: string }) {
  const b = useBrand();
  const { data, error } = useCollection(b, id);
  const mayWrite = useSession().verbs.includes('write');
  const [isEditing, setEditing] = useState(false);
  const name = data?.name;
  useEffect(() => {
    if (name !== undefined) useKeep.setState({ open: { id, name } });
    return () => useKeep.setState({ open: null });
  }, [id, name]);
  const isAbsent = error instanceof BacklotError && error.status === 404;
  if (isAbsent) {
    return (
      <p className="flex items-center gap-3 border-b border-line px-4 py-2" role="alert">
        This collection does not exist, or it has been deleted.
        <Link to="/library" search={brandOnly} className="btn btn-small">
          Open the library
        </Link>
      </p>
    );
  }
  return (
    <div className="flex min-h-12 items-center gap-3 border-b border-line bg-panel px-4 py-1.5">
      <Folder size={18} aria-hidden className="shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-title font-semibold" dir="auto">
          {data?.name ?? ' '}
        </h2>
        <p className="truncate text-label text-muted" dir="auto">
          {data === undefined
            ? ' '
            : [plural(data.count, 'asset'), data.description].filter((part) => part !== '').join(' · ')}
        </p>
      </div>
      {data !== undefined && mayWrite ? (
        <>
          <Button small onPress={() => setEditing(true)}>
            Edit
          </Button>
          <Button
            small
            onPress={() => openSharing({ kind: 'collection', id, name: data.name })}
            aria-label={`Share ${data.name}`}
          >
            <Share2 size={14} aria-hidden /> Share
          </Button>
          {isEditing ? <EditDialog b={b} {...data} onClose={() => setEditing(false)} /> : null}
        </>
      ) : null}
    </div>
  );
}

function EditDialog(props: {
  readonly b: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly onClose: () => void;
}) {
  const { b, id, onClose } = props;
  const [name, setName] = useState(props.name);
  const [description, setDescription] = useState(props.description);
  async function save(): Promise<void> {
    const isDone = await renameCollection(b, id, { name: name.trim(), description });
    if (isDone) onClose();
  }
  return (
    <Dialog
      title="Edit the collection"
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="main" isDisabled={name.trim() === ''} onPress={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} maxLength={200} />
      <TextArea
        label="Description"
        className="mt-3"
        hint="Recipients of a share link read it too."
        value={description}
        onChange={setDescription}
        maxLength={2000}
      />
    </Dialog>
  );
}

/** Nothing in it yet: how things get in. */
export function EmptyCollection() {
  return (
    <div className="grid h-full place-items-center overflow-auto p-6 text-center">
      <div className="flex max-w-md flex-col items-center">
        <FolderOpen size={36} strokeWidth={1.5} aria-hidden className="mb-4 text-muted" />
        <h2 className="mb-2 text-head">This collection is empty</h2>
        <p className="mb-5 text-muted">
          Drag cards from the library onto its name, select some and choose “Collection …”, or drop files
          here.
        </p>
        <div className="flex gap-2">
          <Link to="/library" search={brandOnly} className="btn">
            Open the library
          </Link>
          <Button tone="main" onPress={() => openUpload()}>
            Upload files
          </Button>
        </div>
      </div>
    </div>
  );
}
