import { Link, useNavigate } from '@tanstack/react-router';
import { Folder, Plus, Star } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../data/client.ts';
import { useCollections } from '../data/collections.ts';
import type { Collection } from '../data/collections.ts';
import { brandOnly } from '../data/nav.ts';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import { plural } from '../i18n/format.ts';
import { makeCollection } from '../panels/collection-acts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

/** All collections by their faces; on a phone the way to them. */
export function CollectionsPage() {
  const brand = useCurrentBrand();
  const { data, error, refetch } = useCollections(brand.slug);
  const mayWrite = useSession().verbs.includes('write');
  const [isMaking, setMaking] = useState(false);
  return (
    <main className="min-h-0 flex-1 overflow-y-auto p-6 max-md:p-4">
      <title>{`Collections · ${brand.name} · Backlot`}</title>
      <header className="mb-5 flex flex-wrap items-center gap-2">
        <h1 className="flex-1 text-head">Collections</h1>
        <Link
          to="/library"
          search={(old) => ({ ...brandOnly(old), favourite: true as const })}
          className="btn md:hidden"
        >
          <Star size={15} aria-hidden /> Favourites
        </Link>
        {mayWrite ? (
          <Button tone="main" onPress={() => setMaking(true)}>
            <Plus size={15} aria-hidden /> New
          </Button>
        ) : null}
      </header>
      {error === null || data !== undefined ? null : (
        <div role="alert">
          <p className="mb-3 text-muted">{explain(error)}</p>
          <Button onPress={() => void refetch()}>Try again</Button>
        </div>
      )}
      {data?.length === 0 ? (
        <p className="text-muted">
          There is none yet. A collection gathers assets for a purpose; one asset can be in many, and no file
          is copied.
        </p>
      ) : null}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(220px,42vw),1fr))] gap-4">
        {data?.map((one) => (
          <Face key={one.id} collection={one} />
        ))}
      </ul>
      {isMaking ? <MakeDialog b={brand.slug} onClose={() => setMaking(false)} /> : null}
    </main>
  );
}

function Face({ collection }: { readonly collection: Collection }) {
  const { id, name, count, covers } = collection;
  return (
    <li>
      <Link
        to="/collections/$collection"
        params={{ collection: id }}
        search={brandOnly}
        className="block rounded-lg border border-line bg-panel hover:bg-hover"
      >
        <span
          className={`grid aspect-[4/3] gap-px overflow-hidden rounded-t-lg bg-bg ${covers.length > 1 ? 'grid-cols-2' : ''}`}
        >
          {covers.length === 0 ? (
            <span className="grid place-items-center text-muted">
              <Folder size={28} strokeWidth={1.5} aria-hidden />
            </span>
          ) : (
            covers.map((cover) => (
              <img
                key={cover.id}
                src={cover.thumbnail}
                alt=""
                loading="lazy"
                className="size-full min-h-0 object-cover"
                {...(cover.colour === null ? {} : { style: { backgroundColor: cover.colour } })}
              />
            ))
          )}
        </span>
        <span className="block p-2.5">
          <span className="block truncate font-medium" dir="auto">
            {name}
          </span>
          <span className="text-label text-muted">{plural(count, 'asset')}</span>
        </span>
      </Link>
    </li>
  );
}

function MakeDialog({ b, onClose }: { readonly b: string; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  async function make(): Promise<void> {
    const made = await makeCollection(b, name.trim());
    if (made === null) return;
    onClose();
    await navigate({ to: '/collections/$collection', params: { collection: made.id }, search: brandOnly });
  }
  return (
    <Dialog title="New collection" isOpen onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void make();
        }}
      >
        <TextField label="Name" value={name} onChange={setName} maxLength={200} autoFocus />
        <Button type="submit" tone="main" isDisabled={name.trim() === ''}>
          Make the collection
        </Button>
      </form>
    </Dialog>
  );
}
