import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { Operation } from '../../client/index.ts';
import { client, queryKeys } from '../data/client.ts';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import { formatDate, formatDateTime, formatRelative, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Quiet } from './detail-section.tsx';
import { StepFailures, retryStep } from './step-failures.tsx';
import { undoStep } from './toast-undo.ts';

/** Every step taken in the brand, the newest first, each to be taken back as far as nobody has changed its assets. */
export function Activity() {
  const brand = useCurrentBrand();
  const b = brand.slug;
  const query = useInfiniteQuery({
    queryKey: [...queryKeys.brand(b), 'activity'],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        'operations.list',
        { b, limit: 50, ...(pageParam === null ? {} : { after: pageParam }) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <title>{`Activity · ${brand.name} · Backlot`}</title>
      <div className="mx-auto max-w-3xl p-6 max-md:p-4">
        <h1 className="text-head">Activity</h1>
        <p className="mt-1 mb-4 text-muted">
          What was done in {brand.name}, by whom, and a way back. Undo leaves alone what somebody has changed
          since.
        </p>
        {query.isPending ? <Quiet>Reading …</Quiet> : null}
        {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
        {query.isSuccess && items.length === 0 ? (
          <Quiet>Nothing has happened here yet. Uploads, edits and deletions appear as they are made.</Quiet>
        ) : null}
        {daysOf(items).map(([day, list]) => (
          <section key={day} className="mb-5">
            <h2 className="sticky top-0 bg-bg py-1.5 text-label font-semibold text-muted">{day}</h2>
            <ol className="flex flex-col rounded-lg border border-line bg-panel">
              {list.map((item) => (
                <Step key={item.id} b={b} item={item} />
              ))}
            </ol>
          </section>
        ))}
        {query.hasNextPage ? (
          <Button isDisabled={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            Show older steps
          </Button>
        ) : null}
      </div>
    </main>
  );
}

/** A step that is done needs no word. */
const STATES: Readonly<Record<Operation['state'], string>> = {
  done: '',
  running: ' · running',
  cancelled: ' · stopped',
  failed: ' · broken off',
};

function Step({ b, item }: { readonly b: string; readonly item: Operation }) {
  const { verbs } = useSession();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    await undoStep(b, item.id);
    await queries.invalidateQueries({ queryKey: [...queryKeys.brand(b), 'activity'] });
    setBusy(false);
  };
  const retry = async () => {
    setBusy(true);
    await retryStep(b, item.id);
    await queries.invalidateQueries({ queryKey: [...queryKeys.brand(b), 'activity'] });
    setBusy(false);
  };
  const hasFailed = item.failed > 0 && item.state === 'done' && item.undoneAt === null;
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 border-b border-line px-3 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className={`break-words ${item.undoneAt === null ? '' : 'text-muted line-through'}`} dir="auto">
          {item.summary}
        </p>
        <p className="text-label text-muted">
          {item.actor}, <time title={formatDateTime(item.at)}>{formatRelative(item.at)}</time>
          {item.changed > 1 ? ` · ${plural(item.changed, 'asset')}` : ''}
          {STATES[item.state]}
          {item.undoneAt === null ? '' : ` · undone ${formatRelative(item.undoneAt)}`}
        </p>
      </div>
      {hasFailed && verbs.includes('write') ? (
        <Button
          small
          isDisabled={busy}
          aria-label={`Try again what failed: ${item.summary}`}
          onPress={() => void retry()}
        >
          Try again
        </Button>
      ) : null}
      {item.undoable && item.state !== 'running' && verbs.includes('write') ? (
        <Button small isDisabled={busy} aria-label={`Undo: ${item.summary}`} onPress={() => void undo()}>
          <RotateCcw size={14} aria-hidden /> Undo
        </Button>
      ) : null}
      {hasFailed ? (
        <div className="w-full">
          <StepFailures b={b} operation={item} />
        </div>
      ) : null}
    </li>
  );
}

function daysOf(items: readonly Operation[]): readonly (readonly [string, readonly Operation[]])[] {
  const days = new Map<string, Operation[]>();
  for (const item of items) {
    const day = formatDate(item.at);
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days];
}
