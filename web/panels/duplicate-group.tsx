import { useState } from 'react';
import type { AssetCard, Output } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { useSession } from '../data/session.tsx';
import { FileIcon } from '../grid/file-icon.tsx';
import { endingOf, formatBytes, formatDate, plural, titleCase } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Compare } from '../viewers/compare.tsx';
import { UNDO, toast } from './toast.tsx';
import { undoStep } from './toast-undo.ts';
import { checkerOf } from '../viewers/kind.ts';

export type Group = Output<'duplicates.list'>['groups'][number];
type MergePlan = Output<'duplicates.merge'>;

const BECAUSE: Readonly<Record<Group['because'], string>> = {
  pixels: 'It has the most pixels.',
  uses: 'It is used in the most productions.',
  tags: 'It has the most tags.',
  bytes: 'It is the largest file, so the least was lost in it.',
  newest: 'It is the newest.',
  id: 'The files do not differ.',
};

/** One group: which to keep, what the others are, and what happens to them. */
export function DuplicateGroup({ b, group }: { readonly b: string; readonly group: Group }) {
  const { verbs } = useSession();
  const [keepId, setKeep] = useState(group.best);
  const [shown, setShown] = useState<AssetCard | null>(null);
  const [plan, setPlan] = useState<MergePlan | null>(null);
  const keep = group.assets.find((asset) => asset.id === keepId) ?? group.assets[0];
  if (keep === undefined) return null;
  const others = group.assets.filter((asset) => asset !== keep);
  const ids = others.map((asset) => asset.id);
  const frees = others.reduce((sum, asset) => sum + asset.totalSize, 0);

  const ask = async (): Promise<void> => {
    try {
      setPlan(await client.call('duplicates.merge', { b, keep: keep.id, others: ids, plan: true }));
    } catch (error) {
      toast({ text: `Nothing was merged. ${explain(error)}`, tone: 'bad' });
    }
  };
  return (
    <section aria-label={`Duplicates of ${keep.name}`} className="rounded-lg border border-line bg-panel p-3">
      <div className="flex items-start gap-x-4 gap-y-2 pb-3 max-md:flex-wrap">
        <p className="min-w-0 flex-1 py-1 max-md:basis-full">
          <strong className="font-semibold">
            {group.kind === 'exact' ? 'Identical' : 'Nearly the same'}: {plural(group.count, 'asset')}
          </strong>{' '}
          <span className="text-muted">
            Keeping one frees {formatBytes(frees)}.{' '}
            {keep.id === group.best ? `Suggested: ${keep.name}. ${BECAUSE[group.because]}` : ''}
          </span>
        </p>
        {verbs.includes('write') ? (
          <span className="flex flex-wrap gap-2">
            <Button small onPress={() => void dismiss(b, group)}>
              Not duplicates
            </Button>
            <Button small tone="main" onPress={() => void ask()}>
              Keep one, merge {plural(others.length, 'other', 'others')}
            </Button>
          </span>
        ) : null}
      </div>
      <div
        role="radiogroup"
        aria-label="Which to keep"
        className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-3 md:grid-cols-[repeat(auto-fill,minmax(220px,1fr))]"
      >
        {group.assets.map((asset) => (
          <Member
            key={asset.id}
            name={group.id}
            asset={asset}
            isKept={asset.id === keep.id}
            onKeep={() => setKeep(asset.id)}
            onCompare={() => setShown(asset.id === keep.id ? (others[0] ?? null) : asset)}
          />
        ))}
      </div>
      <Dialog title="Compare" wide isOpen={shown !== null} onClose={() => setShown(null)}>
        {shown === null ? null : (
          <div className="h-[60dvh]">
            <Compare
              left={{ ...keep, caption: `Kept: ${factsOf(keep)}` }}
              right={{ ...shown, caption: factsOf(shown) }}
            />
          </div>
        )}
      </Dialog>
      <PlanDialog
        keep={keep}
        plan={plan}
        onClose={() => setPlan(null)}
        onMerge={() => {
          setPlan(null);
          void merge(b, { keep, others: ids });
        }}
      />
    </section>
  );
}

function Member(props: {
  readonly name: string;
  readonly asset: AssetCard;
  readonly isKept: boolean;
  readonly onKeep: () => void;
  readonly onCompare: () => void;
}) {
  const { name, asset, isKept, onKeep, onCompare } = props;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label className={`block rounded-md border-2 ${isKept ? 'border-accent' : 'border-transparent'}`}>
        <span className="relative grid aspect-video place-items-center overflow-hidden rounded-sm bg-hover">
          {asset.thumbnail === null ? (
            <FileIcon mediaType={asset.mediaType} size={26} />
          ) : (
            <img
              src={asset.thumbnail}
              alt=""
              loading="lazy"
              data-checker={checkerOf(asset)}
              className="absolute inset-0 size-full object-contain"
            />
          )}
        </span>
        <span className="flex items-center gap-2 px-1 py-1">
          <input
            type="radio"
            name={name}
            className="size-4 shrink-0 accent-accent"
            checked={isKept}
            onChange={onKeep}
            aria-label={`Keep ${asset.name}`}
          />
          <span className="min-w-0 flex-1 truncate" title={asset.name} dir="auto">
            {asset.name}
          </span>
        </span>
      </label>
      <span className="px-1 text-label text-muted">{factsOf(asset)}</span>
      <span className="px-1 text-label text-muted">
        {[
          asset.usageCount === 0 ? 'never used' : `used in ${plural(asset.usageCount, 'production')}`,
          asset.tags.length === 0 ? 'no tags' : plural(asset.tags.length, 'tag'),
          formatDate(asset.createdAt),
        ].join(' · ')}
      </span>
      <Button small tone="quiet" aria-label={`Compare ${asset.name}`} onPress={onCompare}>
        Compare
      </Button>
    </div>
  );
}

function factsOf(asset: AssetCard): string {
  const size = asset.width === null || asset.height === null ? '' : `${asset.width} × ${asset.height} · `;
  return `${size}${formatBytes(asset.size)} · ${endingOf(asset.fileName)}`;
}

const ROWS: Readonly<Record<MergePlan['rows'][number]['what'], readonly [string, string]>> = {
  uses: ['use in a production', 'uses in productions'],
  collections: ['place in a collection', 'places in collections'],
  favourites: ['favourite', 'favourites'],
  links: ['share link', 'share links'],
};

/** What is kept, before anything is moved. */
function PlanDialog(props: {
  readonly keep: AssetCard;
  readonly plan: MergePlan | null;
  readonly onClose: () => void;
  readonly onMerge: () => void;
}) {
  const { keep, plan, onClose, onMerge } = props;
  const rows = plan?.rows.filter((row) => row.count > 0) ?? [];
  return (
    <Dialog
      role="alertdialog"
      title={`Keep ${keep.name}`}
      isOpen={plan !== null}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="main" onPress={onMerge}>
            Merge
          </Button>
        </>
      }
    >
      {plan === null ? null : (
        <div className="flex flex-col gap-2">
          <p>
            {plural(plan.trashed, 'asset')} with {formatBytes(plan.bytes)} will move to the trash. One Undo
            takes all of it back.
          </p>
          {rows.length + plan.fields.length === 0 ? (
            <p className="text-muted">They have nothing that the kept one does not have.</p>
          ) : (
            <>
              <p className="font-semibold">The kept one takes over:</p>
              <ul className="list-disc pl-5">
                {rows.map(({ what, count }) => (
                  <li key={what}>{plural(count, ...ROWS[what])}</li>
                ))}
                {plan.fields.map(({ field, to }) => (
                  <li key={field} className="break-words">
                    {titleCase(field)}: {Array.isArray(to) ? to.join(', ') : valueText(to)}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return JSON.stringify(value);
}

async function refresh(b: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: queryKeys.duplicates(b) });
  await refreshLibrary(b);
}

async function merge(
  b: string,
  step: { readonly keep: AssetCard; readonly others: readonly string[] },
): Promise<void> {
  const { keep, others } = step;
  try {
    const done = await client.call('duplicates.merge', { b, keep: keep.id, others: [...others] });
    const { operation } = done;
    if (operation === null) return;
    toast({
      text: `${plural(done.trashed, 'asset')} merged into ${keep.name}; emptying the trash frees ${formatBytes(done.bytes)}.`,
      action: { label: UNDO, run: () => void undoStep(b, operation) },
    });
  } catch (error) {
    toast({ text: `Nothing was merged. ${explain(error)}`, tone: 'bad' });
  }
  await refresh(b);
}

async function dismiss(b: string, group: Group, dismissed = true): Promise<void> {
  const ids = group.assets.map((asset) => asset.id);
  try {
    await client.call('duplicates.dismiss', { b, ids, dismissed });
    if (dismissed) {
      toast({
        text: `${plural(ids.length, 'asset')} will not be shown as duplicates of each other again.`,
        action: { label: UNDO, run: () => void dismiss(b, group, false) },
      });
    }
  } catch (error) {
    toast({ text: explain(error), tone: 'bad' });
  }
  await refresh(b);
}
