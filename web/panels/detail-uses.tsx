import { useQuery } from '@tanstack/react-query';
import { client, queryKeys } from '../data/client.ts';
import { formatDate } from '../i18n/format.ts';
import { Failed, Quiet } from './detail-section.tsx';

/** The productions in which an asset stands, with the words that each gave it. */
export function DetailUses({ b, id }: { readonly b: string; readonly id: string }) {
  const query = useQuery({
    queryKey: queryKeys.uses(b, id),
    queryFn: ({ signal }) => client.call('assets.uses', { b, id }, signal),
  });
  if (query.isPending) return <Quiet>Reading the uses …</Quiet>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) {
    return <Quiet>No production uses it yet. Uses appear here when one includes it.</Quiet>;
  }
  return (
    <ul className="flex flex-col gap-2">
      {query.data.items.map((use) => (
        <li key={use.id}>
          <span className="font-medium">{use.production}</span>
          {use.scene === '' ? null : <span className="text-muted"> · {use.scene}</span>}
          <span className="block text-label text-muted">
            {[
              use.hint,
              use.version === null ? 'Follows the current version' : `Version ${use.version}`,
              formatDate(use.at),
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
