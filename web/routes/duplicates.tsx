import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Output } from '../../client/index.ts';
import { client, queryKeys } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { formatBytes, plural } from '../i18n/format.ts';
import { DuplicateGroup } from '../panels/duplicate-group.tsx';
import { Failed, Quiet } from '../panels/detail-section.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';

type Kind = 'all' | 'exact' | 'near';
const KINDS = [
  { value: 'all', label: 'All duplicates' },
  { value: 'exact', label: 'Identical files' },
  { value: 'near', label: 'Nearly the same' },
] as const;

/** Groups of what is there more than once: look, compare, keep the best of each. */
export function Duplicates() {
  const b = useBrand();
  const [kind, setKind] = useState<Kind>('all');
  const query = useInfiniteQuery({
    queryKey: [...queryKeys.duplicates(b), kind],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        'duplicates.list',
        {
          b,
          limit: 10,
          ...(kind === 'all' ? {} : { kind }),
          ...(pageParam === null ? {} : { after: pageParam }),
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const pages = query.data?.pages ?? [];
  const groups = pages.flatMap((page) => page.groups);
  const totals = pages[0]?.totals;
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <title>Duplicates · Backlot</title>
      <div className="mx-auto flex max-w-6xl flex-col gap-4 px-6 py-6 max-md:px-4">
        <header className="flex flex-wrap items-center justify-between gap-3">
          <div>
            <h1 className="text-head">Duplicates</h1>
            <p className="text-muted" role="status">
              {totals === undefined ? 'Looking …' : summary(totals)}
            </p>
          </div>
          <Select label="Show" hideLabel value={kind} choices={KINDS} onChange={setKind} />
        </header>
        {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
        {query.isSuccess && groups.length === 0 ? (
          <Quiet>
            Nothing is here twice. New uploads are compared by themselves, and what turns out to be the same
            shows up here.
          </Quiet>
        ) : null}
        <ul className="flex flex-col gap-4">
          {groups.map((group) => (
            <li key={`${group.id}/${group.assets.map((asset) => asset.id).join()}`}>
              <DuplicateGroup b={b} group={group} />
            </li>
          ))}
        </ul>
        {query.hasNextPage ? (
          <Button
            className="self-center"
            isDisabled={query.isFetchingNextPage}
            onPress={() => void query.fetchNextPage()}
          >
            Show more groups
          </Button>
        ) : null}
      </div>
    </main>
  );
}

function summary({ exact, near }: Output<'duplicates.list'>['totals']): string {
  const groups = exact.groups + near.groups;
  if (groups === 0) return 'No duplicates';
  const assets = exact.assets + near.assets;
  return `${plural(groups, 'group')}. Keeping the best of each would free ${formatBytes(exact.frees + near.frees)} or more and take ${plural(assets, 'asset')} out of the library.`;
}
