import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronRight, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { client, queryKeys } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { useView } from '../data/view.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Failed } from './detail-section.tsx';
import { TrashContent } from './trash-list.tsx';

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
            <TrashContent
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
