import { Link, useSearch } from '@tanstack/react-router';
import { Ellipsis, ListFilter } from 'lucide-react';
import { useState } from 'react';
import type { SavedSearch } from '../../client/index.ts';
import { readAddress } from '../data/address.ts';
import { client, explain } from '../data/client.ts';
import {
  addressOfSearch,
  placeOfSearch,
  refreshSearches,
  useSavedSearches,
  useSearchCount,
} from '../data/searches.ts';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import { countText } from '../i18n/format.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { NameSearch } from './filter-save.tsx';
import { UNDO, toast } from './toast.tsx';

/** Saved searches in the sidebar, each with what it finds now. */
export function SavedSearches() {
  const { slug } = useCurrentBrand();
  const searches = useSavedSearches(slug);
  if (searches === undefined || searches.length === 0) return null;
  return (
    <section aria-label="Saved searches" className="mt-3 flex min-h-0 flex-col max-md:hidden">
      <h2 className="px-2.5 pb-1 text-label font-semibold text-muted">Saved searches</h2>
      <ul className="min-h-0 overflow-auto">
        {searches.map((saved) => (
          <SavedRow key={saved.id} b={slug} saved={saved} />
        ))}
      </ul>
    </section>
  );
}

function SavedRow({ b, saved }: { readonly b: string; readonly saved: SavedSearch }) {
  const { smart, brand } = readAddress(useSearch({ strict: false }));
  const { verbs } = useSession();
  const counted = useSearchCount(b, saved.filter);
  const [renaming, setRenaming] = useState(false);
  return (
    <li className="group relative flex items-center">
      <Link
        {...placeOfSearch(saved)}
        search={{ ...addressOfSearch(saved), ...(brand === undefined ? {} : { brand }) }}
        className="nav-item min-w-0"
        // Room for the menu that lies over its end.
        style={{ paddingInlineEnd: 34 }}
        activeProps={{ 'data-status': smart === saved.id ? 'active' : undefined }}
        data-status={smart === saved.id ? 'active' : undefined}
        aria-current={smart === saved.id ? 'page' : undefined}
      >
        <ListFilter size={16} aria-hidden className="shrink-0" />
        <span className="min-w-0 flex-1 truncate" dir="auto">
          {saved.name}
        </span>
        <span className="text-label text-muted">
          {counted === undefined ? '' : countText(counted.count, counted.more)}
        </span>
      </Link>
      {verbs.includes('write') ? (
        <span className="absolute right-0">
          <Menu
            label={`Choices for ${saved.name}`}
            actions={[
              { id: 'rename', label: 'Rename', run: () => setRenaming(true) },
              { id: 'delete', label: 'Delete saved search', bad: true, run: () => void remove(b, saved) },
            ]}
          >
            <IconButton small label={`Choices for ${saved.name}`}>
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          </Menu>
        </span>
      ) : null}
      {renaming ? (
        <NameSearch
          title="Rename the saved search"
          act="Rename"
          name={saved.name}
          onClose={() => setRenaming(false)}
          onSave={async (name) => {
            await client.call('searches.update', { b, id: saved.id, name });
            await refreshSearches(b);
          }}
        />
      ) : null}
    </li>
  );
}

/** It holds no assets; what it says is enough to make it again. */
async function remove(b: string, saved: SavedSearch): Promise<void> {
  const { id, name, filter, sort, by } = saved;
  try {
    await client.call('searches.delete', { b, id });
    await refreshSearches(b);
    const undo = async () => {
      await client.call('searches.create', { b, name, filter, sort, by });
      await refreshSearches(b);
    };
    toast({
      text: `The saved search “${name}” is deleted; its assets stay.`,
      action: {
        label: UNDO,
        run: () =>
          void undo().catch((error: unknown) =>
            toast({ text: `“${name}” did not come back. ${explain(error)}`, tone: 'bad' }),
          ),
      },
    });
  } catch (error) {
    toast({ text: `“${name}” stays. ${explain(error)}`, tone: 'bad' });
  }
}
