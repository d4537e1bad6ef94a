import { useInfiniteQuery } from '@tanstack/react-query';
import { client, queryKeys } from '../data/client.ts';
import { formatDateTime, formatRelative, titleCase } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Quiet } from './detail-section.tsx';
import { changeText, kindText } from './history-words.ts';

/** Who did what to an asset and when, the newest first, with each value before and after. */
export function History({ b, id }: { readonly b: string; readonly id: string }) {
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
