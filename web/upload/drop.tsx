import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useCollections } from '../data/collections.ts';
import { useKeep } from '../data/keep.ts';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import { addDrop } from './adding.ts';
import { useShared } from './defaults.ts';
import { openUpload } from './open.ts';

/** Takes files dropped anywhere on the page, and says beforehand where they will go. */
export function DropOverlay() {
  const { name, slug } = useCurrentBrand();
  const mayWrite = useSession().verbs.includes('write');
  const open = useKeep((state) => state.open);
  const said = useShared(slug).collection;
  const { data: collections } = useCollections(slug);
  const collection = said === undefined ? open : (collections?.find(({ id }) => id === said[0]) ?? null);
  const [isOver, setOver] = useState(false);

  useEffect(() => {
    if (!mayWrite) return;
    // Enter and leave come for every element on the way; only their difference says whether the pointer is inside.
    let depth = 0;
    const onEnter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    };
    const onDrop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!carriesFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      openUpload();
      void addDrop(slug, event.dataTransfer);
    };
    const listeners = [
      ['dragenter', onEnter],
      ['dragleave', onLeave],
      ['dragover', onOver],
      ['drop', onDrop],
    ] as const;
    for (const [kind, listener] of listeners) addEventListener(kind, listener);
    return () => {
      for (const [kind, listener] of listeners) removeEventListener(kind, listener);
    };
  }, [mayWrite, slug]);

  if (!isOver) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-scrim p-6">
      <div className="grid size-full place-items-center rounded-lg border-2 border-dashed border-accent">
        <p className="popover flex items-center gap-3 px-6 py-4 text-head font-semibold">
          <Upload size={22} aria-hidden />
          {collection === null
            ? `Drop to upload to ${name}`
            : `Drop to upload to “${collection.name}” in ${name}`}
        </p>
      </div>
    </div>
  );
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
