import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { AssetCard } from '../../client/index.ts';
import { useSession } from '../data/session.tsx';
import { FileIcon } from '../grid/file-icon.tsx';
import { formatBytes, plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { PurgeDialog, restoreAsset } from './detail-actions.tsx';
import { Quiet } from './detail-section.tsx';
import { ChosenBar, GoneDialog } from './trash-many.tsx';
import type { Trashed } from './trash-many.tsx';

export interface TrashContentProps {
  readonly b: string;
  readonly count: number;
  readonly bytes: number;
  readonly keepDays: number;
  readonly items: readonly Trashed[];
}

/** What lies in the trash, each by itself or several ticked at once. */
export function TrashContent({ b, count, bytes, keepDays, items }: TrashContentProps) {
  const { verbs } = useSession();
  const [purging, setPurging] = useState<AssetCard | null>(null);
  const [emptying, setEmptying] = useState(false);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  // What is gone meanwhile is no longer meant.
  const chosen = items.filter(({ id }) => ticked.has(id));
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
      {verbs.includes('write') ? (
        <ChosenBar b={b} items={items} chosen={chosen} mayDelete={mayDelete} setTicked={setTicked} />
      ) : null}
      <ul>
        {items.map((asset) => (
          <Row
            key={asset.id}
            asset={asset}
            tick={
              verbs.includes('write')
                ? { isTicked: ticked.has(asset.id), set: (on) => setTicked(withTick(ticked, asset.id, on)) }
                : null
            }
            onRestore={verbs.includes('write') ? () => void restoreAsset(b, asset) : null}
            onPurge={mayDelete ? () => setPurging(asset) : null}
          />
        ))}
      </ul>
      <PurgeDialog b={b} asset={purging} onClose={() => setPurging(null)} onGone={() => setPurging(null)} />
      <GoneDialog
        b={b}
        ids={null}
        count={count}
        bytes={bytes}
        isOpen={emptying}
        onClose={() => setEmptying(false)}
      />
    </>
  );
}

function Row(props: {
  readonly asset: Trashed;
  readonly tick: { readonly isTicked: boolean; readonly set: (on: boolean) => void } | null;
  readonly onRestore: (() => void) | null;
  readonly onPurge: (() => void) | null;
}) {
  const { asset, tick, onRestore, onPurge } = props;
  return (
    <li className="flex items-center gap-3 border-t border-line py-1.5">
      {tick === null ? null : (
        <label className="-my-1.5 -mr-2 grid size-8 shrink-0 place-items-center max-md:size-11">
          <input
            type="checkbox"
            aria-label={`Select ${asset.name}`}
            className="size-4 accent-accent"
            checked={tick.isTicked}
            onChange={(event) => tick.set(event.target.checked)}
          />
        </label>
      )}
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

function withTick(ticked: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(ticked);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
