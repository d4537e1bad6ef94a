import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { client, explain, queryKeys } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { formatBytes, formatDuration } from '../i18n/format.ts';
import { useShortcuts } from '../keys/registry.ts';
import { IconButton } from '../ui/button.tsx';
import { Viewer } from './viewer.tsx';

/**
 * A look at one asset over the grid. It takes neither the focus nor the keys: arrows still walk the grid behind it,
 * Space and Escape close it.
 */
export function QuickPreview({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const b = useBrand();
  const { data, error } = useQuery({
    queryKey: queryKeys.asset(b, id),
    queryFn: ({ signal }) => client.call('assets.get', { b, id }, signal),
    placeholderData: (before) => before,
  });
  useShortcuts([
    { id: 'preview-close', keys: ['Space', 'Escape'], label: 'Close the preview', run: onClose },
  ]);
  return (
    <section aria-label="Preview" className="fixed inset-0 z-40 flex flex-col bg-bg">
      <header className="flex h-13 shrink-0 items-center gap-3 border-b border-line px-4">
        <div className="min-w-0 flex-1" role="status">
          <p className="truncate font-semibold">{data?.name ?? ' '}</p>
          {data === undefined ? null : (
            <p className="truncate text-label text-muted">
              {[
                formatBytes(data.size),
                data.width === null || data.height === null ? null : `${data.width} × ${data.height} px`,
                data.duration === null ? null : formatDuration(data.duration),
                data.mime,
              ]
                .filter((fact) => fact !== null)
                .join(' · ')}
            </p>
          )}
        </div>
        <IconButton label="Close (Space)" onPress={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 p-4 max-md:p-0">
        {data !== undefined ? <Viewer key={data.id} asset={data} autoPlay isLarge /> : null}
        {data === undefined && error !== null ? <p className="p-4 text-bad">{explain(error)}</p> : null}
      </div>
    </section>
  );
}
