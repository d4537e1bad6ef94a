import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client, queryKeys } from '../data/client.ts';
import { brandOnly } from '../data/nav.ts';
import { FileIcon } from '../grid/file-icon.tsx';
import { formatBytes } from '../i18n/format.ts';
import { Failed, Quiet } from './detail-section.tsx';

const KINDS = { exact: 'Same bytes', near: 'Nearly the same', similar: 'Similar' } as const;

/** Assets that look like this one; a click shows the other in its place. */
export function SimilarSection(props: {
  readonly b: string;
  readonly id: string;
  readonly onOpen: (id: string) => void;
}) {
  const { b, id, onOpen } = props;
  const query = useQuery({
    queryKey: [...queryKeys.asset(b, id), 'near'],
    queryFn: ({ signal }) => client.call('duplicates.near', { b, id, limit: 12 }, signal),
  });
  if (query.isPending) return <Quiet>Looking …</Quiet>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <Quiet>Nothing in the library looks like it.</Quiet>;
  return (
    <>
      <ul className="grid grid-cols-3 gap-2">
        {query.data.items.map(({ asset, kind }) => (
          <li key={asset.id}>
            <button type="button" className="w-full text-left" onClick={() => onOpen(asset.id)}>
              <span className="grid aspect-square place-items-center overflow-hidden rounded-sm bg-hover">
                {asset.thumbnail === null ? (
                  <FileIcon mediaType={asset.mediaType} size={22} />
                ) : (
                  <img src={asset.thumbnail} alt="" loading="lazy" className="size-full object-contain" />
                )}
              </span>
              <span className="block truncate" title={asset.name} dir="auto">
                {asset.name}
              </span>
              <span className="block truncate text-label text-muted">
                {KINDS[kind]} · {formatBytes(asset.size)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Link to="/duplicates" search={brandOnly} className="mt-2 inline-block text-accent">
        Compare and merge
      </Link>
    </>
  );
}
