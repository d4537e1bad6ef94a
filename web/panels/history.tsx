import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Output } from '../../client/index.ts';
import { client, queryKeys } from '../data/client.ts';
import { useSession } from '../data/session.tsx';
import { formatDateTime, formatRelative, plural, titleCase } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Quiet } from './detail-section.tsx';
import { undoStep } from './toast-undo.ts';
import { changeText, kindText } from './history-words.ts';

type Item = Output<'assets.history'>['items'][number];

/** Who did what to an asset and when, the newest first, with each value before and after. */
export function History({ b, id }: { readonly b: string; readonly id: string }) {
  const { verbs } = useSession();
  const query = useInfiniteQuery({
    queryKey: queryKeys.history(b, id),
    queryFn: ({ pageParam, signal }) =>
      client.call(
        'assets.history',
        { b, id, limit: 30, ...(pageParam === null ? {} : { after: pageParam }) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  if (query.isPending) return <Quiet>Reading the history …</Quiet>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Quiet>Nothing has been changed since it arrived.</Quiet>;
  return (
    <>
      <ol className="flex flex-col gap-3">
        {items.map((item) => (
          <li key={`${item.operation}${item.at}`}>
            <p>
              <span className="font-medium">{kindText(item.kind)}</span>
              <span className="text-muted">
                {' '}
                by {item.actor},{' '}
                <time dateTime={item.at} title={formatDateTime(item.at)}>
                  {formatRelative(item.at)}
                </time>
              </span>
            </p>
            {item.undoable && verbs.includes('write') ? <Undo b={b} item={item} /> : null}
            <ul className="text-label text-muted">
              {item.changes.map((change) => (
                <li key={change.field} className="break-words">
                  {titleCase(change.field)}: {changeText(change.from)} →{' '}
                  <span className="text-text">{changeText(change.to)}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {query.hasNextPage ? (
        <Button
          small
          className="mt-3"
          isDisabled={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          Show older changes
        </Button>
      ) : null}
    </>
  );
}

/** Takes the step back; one that changed many is taken back for all of them, and says so. */
function Undo({ b, item }: { readonly b: string; readonly item: Item }) {
  const [busy, setBusy] = useState(false);
  const text = item.changed > 1 ? `Undo for all ${plural(item.changed, 'asset')}` : 'Undo';
  const undo = async () => {
    setBusy(true);
    await undoStep(b, item.operation);
    setBusy(false);
  };
  return (
    <Button small tone="quiet" className="-ml-2 text-accent" isDisabled={busy} onPress={() => void undo()}>
      {text}
    </Button>
  );
}
