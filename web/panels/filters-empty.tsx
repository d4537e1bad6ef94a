import { SearchX, Upload } from 'lucide-react';
import { DROP_FILTERS } from '../data/address.ts';
import type { LibraryNav } from '../data/nav.ts';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import { openUpload } from '../upload/open.ts';
import { PickButtons } from '../upload/pick.tsx';
import { Button } from '../ui/button.tsx';
import { chipsOf } from './filter-chips.tsx';

/** Nothing is here yet: the way to begin. */
export function EmptyLibrary() {
  const { name } = useCurrentBrand();
  const { verbs } = useSession();
  if (!verbs.includes('write')) {
    return <p className="grid h-full place-items-center text-muted">There is nothing in this library yet.</p>;
  }
  return (
    <div className="h-full p-4">
      <div className="grid h-full place-items-center rounded-lg border-2 border-dashed border-line p-6 text-center">
        <div className="flex max-w-md flex-col items-center">
          <Upload size={36} strokeWidth={1.5} aria-hidden className="mb-4 text-muted" />
          <h2 className="mb-2 text-head">Nothing in {name} yet</h2>
          <p className="mb-5 text-muted">
            Drop files or folders anywhere on this page, paste them, or choose them. Pictures, video, sound,
            fonts, 3D models, weights and documents are all welcome.
          </p>
          <PickButtons name="empty" isMain onFiles={openUpload} />
        </div>
      </div>
    </div>
  );
}

/** Nothing matches: which filters are on, each to be dropped by itself. */
export function EmptySearch({ nav }: { readonly nav: LibraryNav }) {
  const chips = chipsOf(nav.address);
  return (
    <div className="grid h-full place-items-center overflow-auto p-6 text-center">
      <div className="flex max-w-lg flex-col items-center">
        <SearchX size={36} strokeWidth={1.5} aria-hidden className="mb-4 text-muted" />
        <h2 className="mb-2 text-head">Nothing matches</h2>
        <p className="mb-5 text-muted">
          {chips.length === 1
            ? 'One filter is on. Drop it to see more:'
            : `${chips.length} filters are on and all must hold. Drop one to see more:`}
        </p>
        <div className="flex flex-wrap justify-center gap-2">
          {chips.map((chip) => (
            <Button key={chip.key} onPress={() => nav.change(chip.without)}>
              Without {chip.text}
            </Button>
          ))}
          {chips.length > 1 ? (
            <Button tone="main" onPress={() => nav.change({ ...DROP_FILTERS, smart: undefined })}>
              Clear all
            </Button>
          ) : null}
        </div>
      </div>
    </div>
  );
}
