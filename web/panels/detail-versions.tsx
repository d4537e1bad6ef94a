import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import type { AssetDetail, Output } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { formatBytes, formatDateTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { Compared } from '../viewers/compare.tsx';
import { pictureOf, viewerOf } from '../viewers/kind.ts';
import { Failed, Quiet } from './detail-section.tsx';
import { toast } from './toast.tsx';
import { lazy } from '../data/lazy.ts';

const Compare = lazy(async () => ({ default: (await import('../viewers/compare.tsx')).Compare }));

type Version = Output<'versions.list'>['items'][number];

/** All versions, the newest first; an older one can be made the current one again. */
export function DetailVersions({ b, asset }: { readonly b: string; readonly asset: AssetDetail }) {
  const { id } = asset;
  const [compared, setCompared] = useState<Version | null>(null);
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
  const { items } = query.data;
  const current = items.find((version) => version.current);
  return (
    <>
      <ol className="flex flex-col gap-2">
        {items.map((version) => (
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
              <>
                {current !== undefined && isSeen(asset, version) ? (
                  <Button
                    small
                    tone="quiet"
                    aria-label={`Compare version ${version.n} with the current one`}
                    onPress={() => setCompared(version)}
                  >
                    Compare
                  </Button>
                ) : null}
                <Button
                  small
                  isDisabled={asset.trashedAt !== null}
                  aria-label={`Restore version ${version.n}`}
                  onPress={() => void restore(version.n)}
                >
                  Restore
                </Button>
              </>
            )}
          </li>
        ))}
      </ol>
      <Dialog
        title={`Versions of ${asset.name}`}
        wide
        isOpen={compared !== null && current !== undefined}
        onClose={() => setCompared(null)}
      >
        {compared === null || current === undefined ? null : (
          <div className="h-[60dvh]">
            <Suspense fallback={<Quiet>Opening …</Quiet>}>
              <Compare left={sideOf(asset, compared)} right={sideOf(asset, current)} />
            </Suspense>
          </div>
        )}
      </Dialog>
    </>
  );
}

/** Whether there is anything of it to be put beside another. */
function isSeen(asset: AssetDetail, version: Version): boolean {
  const side = sideOf(asset, version);
  return viewerOf(side) === 'video' || pictureOf(side) !== null;
}

/** A version as the comparison shows it: its own bytes and pictures under the asset's name. */
function sideOf(asset: AssetDetail, version: Version): Compared {
  const { n, mime, fileName, file, preview, thumbnail, width, height, duration, size } = version;
  const pixels = width === null || height === null ? '' : ` · ${width} × ${height}`;
  return {
    id: `${asset.id}:${n}`,
    name: `${asset.name}, version ${n}`,
    version: n,
    mediaType: asset.mediaType,
    // Of an earlier version nobody has noted it; the checkers behind a picture that covers them do no harm.
    transparent: asset.transparent,
    colour: asset.colour,
    caption: `${version.current ? 'Current' : `v${n}`}${pixels} · ${formatBytes(size)}`,
    mime,
    fileName,
    file,
    preview,
    thumbnail,
    width,
    height,
    duration,
    size,
  };
}
