import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { AssetCard, AssetSelection, Output } from '../../client/index.ts';
import { client, explain, queryKeys } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { brandOnly } from '../data/nav.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { followStep } from '../data/steps.ts';
import { useView } from '../data/view.ts';
import { FileIcon } from '../grid/file-icon.tsx';
import { formatBytes, formatCount, formatShare, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failed, Quiet } from './detail-section.tsx';
import { reportStep, toastUndo } from './toast-undo.ts';
import { toast } from './toast.tsx';

type Advice = Output<'advisor.get'>['classes'][number];

/** What could go, from the safest to what needs a look; nothing happens before its figures were seen. */
export function Advisor() {
  const b = useBrand();
  const setOpen = useView((view) => view.setAdvisorOpen);
  const close = () => setOpen(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const query = useQuery({
    queryKey: [...queryKeys.storage(b), 'advice'],
    queryFn: ({ signal }) => client.call('advisor.get', { b }, signal),
    staleTime: 0,
  });
  const { data } = query;
  const act = async (advice: Advice) => {
    setBusy(true);
    await trash(b, advice, left);
    setBusy(false);
    await query.refetch();
  };
  return (
    <Dialog title="Free up space" wide isOpen onClose={close}>
      {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? <Quiet>Looking for what could go …</Quiet> : null}
      {data === undefined ? null : (
        <>
          <p className="pb-3 text-muted">
            {formatBytes(data.usedBytes)} of {formatBytes(data.limitBytes)} are used{inBrackets(data, 0)}.
            What goes to the trash counts until the trash is emptied.
          </p>
          {data.classes.length === 0 ? (
            <Quiet>
              Nothing stands out: no trash, no duplicates, nothing large that was unused for {data.months}{' '}
              months.
            </Quiet>
          ) : null}
          <ul className="flex flex-col gap-5">
            {data.classes.map((advice) => (
              <Class
                key={advice.key}
                advice={advice}
                months={data.months}
                after={leftOver(data, bytesOf(advice, left))}
                left={left}
                busy={busy}
                onTick={(id, on) =>
                  setLeft((old) => new Set(on ? [...old].filter((one) => one !== id) : [...old, id]))
                }
                onAct={() => void act(advice)}
                onClose={close}
              />
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

const HEADS: Readonly<
  Record<Advice['key'], { readonly title: string; readonly why: (n: number) => string }>
> = {
  trash: { title: 'The trash', why: () => 'Already thrown away. Emptying it cannot be undone.' },
  exact: { title: 'Identical files', why: () => 'The same bytes more than once. A merge keeps one.' },
  near: {
    title: 'Nearly the same pictures',
    why: () => 'Other sizes, formats or cuts of one picture. Compare before you merge.',
  },
  failed: { title: 'Unreadable files', why: () => 'Damaged or incomplete: no program could open them.' },
  unused: {
    title: 'Large and never used',
    why: (months) => `In no production, and here for more than ${plural(months, 'month')}.`,
  },
};

interface ClassProps {
  readonly advice: Advice;
  readonly months: number;
  /** What would be used after it. */
  readonly after: string;
  readonly left: ReadonlySet<string>;
  readonly busy: boolean;
  readonly onTick: (id: string, on: boolean) => void;
  readonly onAct: () => void;
  readonly onClose: () => void;
}

function Class({ advice, months, after, left, busy, onTick, onAct, onClose }: ClassProps) {
  const { key, count, isMore, items, filter } = advice;
  const head = HEADS[key];
  const frees = bytesOf(advice, left);
  return (
    <li>
      <div className="flex flex-wrap items-center justify-between gap-2 pb-2">
        <div>
          <h3 className="font-semibold">
            {head.title}{' '}
            <span className="font-normal text-muted">
              {isMore ? `more than ${formatCount(count)} assets` : plural(count, 'asset')}
            </span>
          </h3>
          <p className="text-muted">{head.why(months)}</p>
          <p role="status">
            Would free {formatBytes(frees)} and leave {after} in use
          </p>
        </div>
        <Act advice={advice} busy={busy} onAct={onAct} onClose={onClose} />
      </div>
      <ul className="grid grid-cols-2 gap-1 md:grid-cols-3">
        {items.map((asset) => (
          <Item
            key={asset.id}
            asset={asset}
            isTicked={!left.has(asset.id)}
            onTick={filter === null ? null : (on) => onTick(asset.id, on)}
          />
        ))}
      </ul>
      {count > items.length ? (
        <p className="pt-1 text-label text-muted">
          The {items.length} largest of {isMore ? 'more than ' : ''}
          {formatCount(count)}
        </p>
      ) : null}
    </li>
  );
}

function Act(props: {
  readonly advice: Advice;
  readonly busy: boolean;
  readonly onAct: () => void;
  readonly onClose: () => void;
}) {
  const { advice, busy, onAct, onClose } = props;
  const { verbs } = useSession();
  const navigate = useNavigate();
  const setTrashOpen = useView((view) => view.setTrashOpen);
  if (advice.key === 'trash') {
    const open = async () => {
      onClose();
      await navigate({ to: '/library', search: brandOnly });
      setTrashOpen(true);
    };
    return <Button onPress={() => void open()}>Look into the trash</Button>;
  }
  if (advice.filter === null) {
    const open = async () => {
      onClose();
      await navigate({ to: '/duplicates', search: brandOnly });
    };
    return <Button onPress={() => void open()}>Compare and merge</Button>;
  }
  if (!verbs.includes('write')) return null;
  return (
    <Button isDisabled={busy} onPress={onAct}>
      {busy ? 'Moving …' : 'Move to trash'}
    </Button>
  );
}

function Item(props: {
  readonly asset: AssetCard;
  readonly isTicked: boolean;
  readonly onTick: ((on: boolean) => void) | null;
}) {
  const { asset, isTicked, onTick } = props;
  const picture = (
    <span className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-sm bg-hover">
      {asset.thumbnail === null ? (
        <FileIcon mediaType={asset.mediaType} size={18} />
      ) : (
        <img src={asset.thumbnail} alt="" loading="lazy" className="size-full object-contain" />
      )}
    </span>
  );
  const words = (
    <span className="min-w-0">
      <span className="block truncate" title={asset.name} dir="auto">
        {asset.name}
      </span>
      <span className="block text-label text-muted">{formatBytes(asset.totalSize)}</span>
    </span>
  );
  return (
    <li className="min-w-0">
      <label className="flex min-h-11 items-center gap-2 rounded-md px-1 py-0.5">
        {onTick === null ? null : (
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-accent"
            checked={isTicked}
            onChange={(event) => onTick(event.target.checked)}
          />
        )}
        {picture}
        {words}
      </label>
    </li>
  );
}

/** What the act would free: everything of the class but what was unticked. */
function bytesOf(advice: Advice, left: ReadonlySet<string>): number {
  const kept = advice.items.filter((asset) => left.has(asset.id));
  return Math.max(0, advice.bytes - kept.reduce((sum, asset) => sum + asset.totalSize, 0));
}

function leftOver(data: Output<'advisor.get'>, freed: number): string {
  return `${formatBytes(data.usedBytes - freed)}${inBrackets(data, freed)}`;
}

/** The share of the storage, where it is large enough to say something. */
function inBrackets({ usedBytes, limitBytes }: Output<'advisor.get'>, freed: number): string {
  const share = formatShare(usedBytes - freed, limitBytes);
  return share === null ? '' : ` (${share})`;
}

async function trash(b: string, advice: Advice, left: ReadonlySet<string>): Promise<void> {
  if (advice.filter === null) return;
  const except = advice.items.map((asset) => asset.id).filter((id) => left.has(id));
  const select: AssetSelection = {
    filter: advice.filter,
    ...(except.length === 0 ? {} : { except }),
  };
  try {
    const done = await client.call('assets.bulk', { b, select, change: { trash: true } });
    if (done.operation === null) return;
    if (done.done) {
      const text = `${plural(done.changed, 'asset')} moved to the trash; emptying it frees ${formatBytes(done.bytes)}.`;
      toastUndo(b, done.operation, text);
    } else void followStep(b, done.operation, (ended) => reportStep(b, ended));
  } catch (error) {
    toast({ text: `Nothing was moved. ${explain(error)}`, tone: 'bad' });
  }
  await refreshLibrary(b);
}
