import { useQuery } from '@tanstack/react-query';
import type { AssetDetail } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { formatBytes, formatDateTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Quiet } from './detail-section.tsx';
import { toast } from './toast.tsx';

/** All versions, the newest first; an older one can be made the current one again, which adds a version. */
export function DetailVersions({ b, asset }: { readonly b: string; readonly asset: AssetDetail }) {
  const { id } = asset;
  const query = useQuery({
    queryKey: queryKeys.versions(b, id),
    queryFn: ({ signal }) => client.call('versions.list', { b, id }, signal),
  });

  async function restore(n: number): Promise<void> {
    try {
      const restored = await client.call('versions.restore', { b, id, n });
      queryClient.setQueryData(queryKeys.asset(b, id), restored);
      await queryClient.invalidateQueries({ queryKey: queryKeys.asset(b, id) });
      toast({ text: `Version ${n} is the current one again.`, tone: 'good' });
    } catch (error) {
      toast({ text: `Version ${n} was not restored. ${explain(error)}`, tone: 'bad' });
    }
  }

  if (query.isPending) return <Quiet>Reading the versions …</Quiet>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <ol className="flex flex-col gap-2">
      {query.data.items.map((version) => (
        <li key={version.n} className="flex items-center gap-2">
          <span className="w-8 shrink-0 font-semibold">v{version.n}</span>
          <span className="min-w-0 flex-1">
            <a
              href={version.file}
              className="block truncate py-0.5 hover:underline"
              title={version.fileName}
              download
            >
              {version.fileName}
            </a>
            <span className="block text-label text-muted">
              {formatBytes(version.size)} · {formatDateTime(version.createdAt)} · {version.createdBy}
            </span>
          </span>
          {version.current ? (
            <span className="text-label text-good">Current</span>
          ) : (
            <Button
              small
              isDisabled={asset.trashedAt !== null}
              aria-label={`Restore version ${version.n}`}
              onPress={() => void restore(version.n)}
            >
              Restore
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
