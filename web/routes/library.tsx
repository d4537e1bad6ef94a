import { Suspense, useEffect, useMemo, useRef } from 'react';
import type { AssetFilter } from '../../client/index.ts';
import { isFiltering } from '../data/address.ts';
import type { Listing } from '../data/cards.ts';
import { explain } from '../data/client.ts';
import { useFacets, useMonths } from '../data/facets.ts';
import { useLibrary } from '../data/library.ts';
import { useLibraryNav } from '../data/nav.ts';
import { useCurrentBrand } from '../data/session.tsx';
import { useView } from '../data/view.ts';
import { Grid } from '../grid/grid.tsx';
import type { GridProps } from '../grid/grid.tsx';
import { formatBytes, plural } from '../i18n/format.ts';
import { applyPlan } from '../panels/bulk-run.ts';
import type { BulkPlan } from '../panels/bulk-run.ts';
import { EmptyLibrary, EmptySearch } from '../panels/filters-empty.tsx';
import { FilterBar } from '../panels/filters.tsx';
import { StoragePanel } from '../panels/storage.tsx';
import { TopBar } from '../panels/topbar.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import {
  BulkBar,
  CollectionHead,
  DetailPanel,
  EmptyCollection,
  QuickPreview,
  TrashSection,
} from './parts.tsx';
import { SidePanel } from './side-panel.tsx';
import { useGridActs } from './use-grid-acts.ts';

export function LibraryPage() {
  const brand = useCurrentBrand();
  const b = brand.slug;
  const nav = useLibraryNav();
  const { filter, sort, by } = nav;
  const listing = useMemo<Listing>(() => ({ b, filter, sort, by }), [b, filter, sort, by]);
  const { library, error, retry } = useLibrary(listing);
  const facets = useFacets(b, filter, library !== undefined && !library.isOld);
  const { acts, plan, closePlan } = useGridActs(b, nav);
  useSelectionOf(filter);
  const { full, change } = nav;
  const snapshot = library?.snapshot;

  return (
    <>
      <title>{`Media · ${brand.name} · Backlot`}</title>
      <div className="flex min-h-0 flex-1 flex-col" inert={full !== null}>
        <TopBar nav={nav} />
        <StoragePanel
          picked={nav.address.mediaType ?? []}
          onPick={(mediaType) => change({ mediaType: mediaType === null ? undefined : [mediaType] })}
        />
        {nav.collection === null ? null : (
          <Suspense fallback={<div className="h-12 shrink-0 border-b border-line bg-panel" />}>
            <CollectionHead id={nav.collection} />
          </Suspense>
        )}
        <FilterBar
          nav={nav}
          facets={facets}
          count={snapshot?.count}
          bytes={snapshot?.bytes}
          more={snapshot?.more ?? false}
          isOld={library?.isOld ?? false}
        />
        <div className="flex min-h-0 flex-1">
          {/* The bar of a selection keeps within the cards and takes its size from them. */}
          <main className="@container relative min-w-0 flex-1">
            <h1 className="sr-only">Media library</h1>
            {library === undefined ? null : library.snapshot.count > 0 ? (
              <TimedGrid library={library} acts={acts} isCovered={full !== null} openId={full ?? nav.side} />
            ) : isFiltering(nav.address) ? (
              <EmptySearch nav={nav} />
            ) : nav.collection !== null ? (
              <Suspense>
                <EmptyCollection />
              </Suspense>
            ) : (
              <EmptyLibrary />
            )}
            {library === undefined && error !== null ? <Failed error={error} retry={retry} /> : null}
            <Suspense>
              <BulkBar />
            </Suspense>
          </main>
          <SidePanel nav={nav} />
        </div>
        {/* Its closed height from the start, so that the grid does not shrink when it comes. */}
        <Suspense fallback={<div className="h-[45px] shrink-0 border-t border-line bg-panel" />}>
          <TrashSection />
        </Suspense>
      </div>
      <Suspense>
        {full === null ? null : <DetailPanel id={full} mode="full" onClose={() => nav.openFull(null)} />}
        <Preview />
      </Suspense>
      <ConfirmTrash b={b} plan={plan} onClose={closePlan} />
    </>
  );
}

/** Another filter is another set of cards: what was selected may be out of sight and must not be acted on. */
function useSelectionOf(filter: AssetFilter): void {
  const clear = useView((state) => state.clearSelection);
  const key = JSON.stringify(filter);
  const before = useRef(key);
  useEffect(() => {
    if (before.current !== key) clear();
    before.current = key;
  }, [key, clear]);
}

/** The grid with the months of its scrubber, when its order is one of time. */
function TimedGrid(props: Omit<GridProps, 'months'>) {
  const { b, filter, sort, by } = props.library.snapshot.listing;
  const months = useMonths(b, filter, by === 'none' || by === 'month' ? sort : null);
  return <Grid {...props} months={months} />;
}

function Preview() {
  const id = useView((state) => state.previewId);
  const setPreview = useView((state) => state.setPreview);
  return id === null ? null : <QuickPreview id={id} onClose={() => setPreview(null)} />;
}

/** Before everything that matches goes to the trash, the server has counted it exactly. */
function ConfirmTrash(props: {
  readonly b: string;
  readonly plan: BulkPlan | null;
  readonly onClose: () => void;
}) {
  const { b, plan, onClose } = props;
  const confirm = () => {
    onClose();
    if (plan !== null) void applyPlan(b, plan);
  };
  return (
    <Dialog
      title="Move all that match to the trash?"
      role="alertdialog"
      isOpen={plan !== null}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="main" onPress={confirm}>
            Move to trash
          </Button>
        </>
      }
    >
      {plan === null
        ? null
        : `This moves exactly ${plural(plan.matched, 'asset')} (${formatBytes(plan.bytes)}). One Undo takes it back.`}
    </Dialog>
  );
}

function Failed({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  return (
    <div className="grid h-full place-items-center p-6" role="alert">
      <div className="max-w-md">
        <h2 className="mb-2 text-head">The library could not be read</h2>
        <p className="mb-4 text-muted">{explain(error)}</p>
        <Button onPress={retry}>Try again</Button>
      </div>
    </div>
  );
}
