import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronRight, RotateCcw, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { AssetCard, Output } from '../../client/index.ts';
import { client, explain, queryKeys } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { useView } from '../data/view.ts';
import { FileIcon } from '../grid/file-icon.tsx';
import { formatBytes, plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { PurgeDialog, restoreAsset } from './detail-actions.tsx';
import { Failed, Quiet } from './detail-section.tsx';
import { toast } from './toast.tsx';

const PAGE = 50;

/** The trash at the foot of the library: what is in it, what it weighs and how long it stays. */
export function TrashSection() {
  const b = useBrand();
  const isOpen = useView((view) => view.trashOpen);
  const setOpen = useView((view) => view.setTrashOpen);
  const section = useRef<HTMLElement>(null);
  const query = useInfiniteQuery({
    queryKey: queryKeys.trash(b),
    queryFn: ({ pageParam, signal }) =>
      client.call(
        'trash.list',
        { b, limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const first = query.data?.pages[0];
  useEffect(() => {
    if (isOpen) section.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);

  return (
    <section ref={section} aria-label="Trash" className="shrink-0 border-t border-line bg-panel">
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex h-11 w-full items-center gap-2 px-4 text-left hover:bg-hover"
        >
          <ChevronRight size={14} aria-hidden className={`text-muted ${isOpen ? 'rotate-90' : ''}`} />
          <Trash2 size={15} aria-hidden className="text-muted" />
          <span className="font-semibold">Trash</span>
          {first === undefined ? null : (
            <span className="min-w-0 truncate font-normal text-muted">
              {first.count === 0 ? 'Empty' : `${plural(first.count, 'asset')} · ${formatBytes(first.bytes)}`}
            </span>
          )}
        </button>
      </h2>
      {isOpen ? (
        <div className="max-h-[42dvh] overflow-y-auto px-4 pb-4">
          {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
          {first === undefined ? null : (
            <Content
              b={b}
              count={first.count}
              bytes={first.bytes}
              keepDays={first.keepDays}
              items={query.data?.pages.flatMap((page) => page.items) ?? []}
            />
          )}
          {query.hasNextPage ? (
            <Button small isDisabled={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
              Show more
            </Button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

type Trashed = Output<'trash.list'>['items'][number];

interface ContentProps {
  readonly b: string;
  readonly count: number;
  readonly bytes: number;
  readonly keepDays: number;
  readonly items: readonly Trashed[];
}

function Content({ b, count, bytes, keepDays, items }: ContentProps) {
  const { verbs } = useSession();
  const [purging, setPurging] = useState<AssetCard | null>(null);
  const [emptying, setEmptying] = useState(false);
  if (count === 0) {
    return (
      <Quiet>
        What you move to the trash waits here for {plural(keepDays, 'day')} and can be restored until then.
      </Quiet>
    );
  }
  const mayDelete = verbs.includes('delete');
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 pb-2">
        <p className="text-muted">
          {formatBytes(bytes)} count against your storage until they are deleted, {plural(keepDays, 'day')}{' '}
          after they came here.
        </p>
        {mayDelete ? (
          <Button tone="bad" onPress={() => setEmptying(true)}>
            Empty trash
          </Button>
        ) : null}
      </div>
      <ul>
        {items.map((asset) => (
          <Row
            key={asset.id}
            asset={asset}
            onRestore={verbs.includes('write') ? () => void restoreAsset(b, asset) : null}
            onPurge={mayDelete ? () => setPurging(asset) : null}
          />
        ))}
      </ul>
      <PurgeDialog b={b} asset={purging} onClose={() => setPurging(null)} onGone={() => setPurging(null)} />
      <EmptyDialog b={b} count={count} bytes={bytes} isOpen={emptying} onClose={() => setEmptying(false)} />
    </>
  );
}

function Row(props: {
  readonly asset: Trashed;
  readonly onRestore: (() => void) | null;
  readonly onPurge: (() => void) | null;
}) {
  const { asset, onRestore, onPurge } = props;
  return (
    <li className="flex items-center gap-3 border-t border-line py-1.5">
      <span className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-sm bg-hover">
        {asset.thumbnail === null ? (
          <FileIcon mediaType={asset.mediaType} size={18} />
        ) : (
          <img src={asset.thumbnail} alt="" loading="lazy" className="size-full object-contain" />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate" title={asset.name} dir="auto">
          {asset.name}
        </span>
        <span className="block truncate text-label text-muted">
          {formatBytes(asset.totalSize)} · {daysText(asset.daysLeft)}
          {asset.reason === null ? '' : ` · ${asset.reason}`}
          {asset.trashedBy === null ? '' : ` by ${asset.trashedBy}`}
          {asset.usedBy.length === 0 ? '' : ` · kept, since it is used in ${asset.usedBy.join(', ')}`}
        </span>
      </span>
      {onRestore === null ? null : (
        <Button small tone="quiet" aria-label={`Restore ${asset.name}`} onPress={onRestore}>
          <RotateCcw size={14} aria-hidden /> Restore
        </Button>
      )}
      {onPurge === null ? null : (
        <IconButton small label={`Delete ${asset.name} for ever`} onPress={onPurge}>
          <Trash2 size={15} aria-hidden className="text-bad" />
        </IconButton>
      )}
    </li>
  );
}

function daysText(days: number | null): string {
  if (days === null) return 'no date set';
  return days <= 0 ? 'deleted for ever today' : `${plural(days, 'day')} left`;
}

function EmptyDialog(props: {
  readonly b: string;
  readonly count: number;
  readonly bytes: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { b, count, bytes, isOpen, onClose } = props;
  const [busy, setBusy] = useState(false);

  async function empty(): Promise<void> {
    setBusy(true);
    try {
      const done = await client.call('trash.empty', { b });
      const kept =
        done.kept === 0 ? '' : ` ${plural(done.kept, 'asset')} stayed because productions use them.`;
      toast({
        text: `${plural(done.purged, 'asset')} deleted; ${formatBytes(done.bytes)} are free again.${kept}`,
      });
    } catch (error) {
      toast({ text: `The trash was not emptied. ${explain(error)}`, tone: 'bad' });
    }
    setBusy(false);
    onClose();
    await refreshLibrary(b);
  }

  return (
    <Dialog
      role="alertdialog"
      title="Empty the trash?"
      isOpen={isOpen}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep them</Button>
          <Button tone="bad" isDisabled={busy} onPress={() => void empty()}>
            {busy ? 'Deleting …' : `Delete ${plural(count, 'asset')} for ever`}
          </Button>
        </>
      }
    >
      <p>
        <strong>{plural(count, 'asset')}</strong> with {formatBytes(bytes)} will be deleted. This cannot be
        undone. Assets that productions use stay.
      </p>
    </Dialog>
  );
}
