import { useQuery } from '@tanstack/react-query';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { MediaType, Output } from '../../client/index.ts';
import { client, queryKeys } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { useView } from '../data/view.ts';
import { MEDIA_WORDS } from '../data/words.ts';
import { formatBytes, formatShare, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';

export type Storage = Output<'storage.get'>;

export function useStorage() {
  const b = useBrand();
  return useQuery({
    queryKey: queryKeys.storage(b),
    queryFn: ({ signal }) => client.call('storage.get', {}, signal),
  });
}

/** One entry of the bar: a media type, or the trash. */
interface Slice {
  readonly key: MediaType | 'trash';
  readonly title: string;
  readonly bytes: number;
  readonly count: number;
}

function slicesOf(storage: Storage): readonly Slice[] {
  const live = storage.segments
    .filter(({ bytes }) => bytes > 0)
    .map(({ mediaType, bytes, count }) => ({ key: mediaType, title: MEDIA_WORDS[mediaType], bytes, count }));
  const { bytes, count } = storage.trash;
  return count === 0 ? live : [...live, { key: 'trash', title: 'Trash', bytes, count }];
}

/** Degrees on the wheel, far enough apart to be told from one another; all as light and as strong as the accent. */
const HUES: Readonly<Record<MediaType, number>> = {
  image: 268,
  video: 312,
  audio: 196,
  document: 78,
  font: 128,
  model3d: 44,
  weights: 356,
  lut: 162,
  data: 230,
  other: 100,
};

/** The trash keeps its pattern, see the style sheet. */
function tint(key: Slice['key']): { background?: string } {
  if (key === 'trash') return {};
  const strength = key === 'other' ? 0.02 : 0.12;
  return {
    background: `light-dark(oklch(0.56 ${strength} ${HUES[key]}), oklch(0.74 ${strength} ${HUES[key]}))`,
  };
}

const LEVELS = {
  ok: { text: '', tone: '', Icon: null },
  warn: { text: 'Nearly full', tone: 'text-warn', Icon: TriangleAlert },
  red: { text: 'Almost no room left', tone: 'text-bad', Icon: CircleAlert },
} as const;

export interface StoragePanelProps {
  readonly picked: readonly MediaType[];
  readonly onPick: (mediaType: MediaType | null) => void;
}

/** Used, limit and percentage over all back ends; a segment filters by its media type. */
export function StoragePanel({ picked, onPick }: StoragePanelProps) {
  const { data } = useStorage();
  const setTrashOpen = useView((state) => state.setTrashOpen);
  const setAdvisorOpen = useView((state) => state.setAdvisorOpen);
  // Its room is there before its figures, so that nothing below moves when they come.
  if (data === undefined) return <section aria-label="Storage" className="storage" />;
  const level = LEVELS[data.level];
  const slices = slicesOf(data);
  const pick = ({ key }: Slice) => {
    if (key === 'trash') setTrashOpen(true);
    else onPick(picked.length === 1 && picked[0] === key ? null : key);
  };
  return (
    <section aria-label="Storage" className="storage" data-level={data.level}>
      <div className="flex min-h-7 items-center gap-2 whitespace-nowrap">
        <h2 className="text-base font-semibold">Storage</h2>
        <span>
          {formatBytes(data.usedBytes)}
          <span className="text-muted"> of {formatBytes(data.limitBytes)}</span>
        </span>
        <span className="text-muted">{formatShare(data.usedBytes, data.limitBytes)}</span>
        {level.Icon === null ? null : (
          <span className={`flex items-center gap-1 font-medium ${level.tone}`} role="status">
            <level.Icon size={14} aria-hidden className="self-center" />
            {level.text}
          </span>
        )}
        {data.usedBytes > 0 ? (
          <Button small onPress={() => setAdvisorOpen(true)}>
            Free up space
          </Button>
        ) : null}
      </div>
      <div className="storage-bar">
        {slices.map((slice) => (
          <button
            key={slice.key}
            type="button"
            className="storage-slice"
            data-trash={slice.key === 'trash' || undefined}
            // The legend says and does the same for keys and screen readers.
            tabIndex={-1}
            aria-hidden
            title={`${slice.title}: ${formatBytes(slice.bytes)}, ${plural(slice.count, 'asset')}`}
            style={{
              flexGrow: slice.bytes / Math.max(1, data.limitBytes),
              ...tint(slice.key),
            }}
            onClick={() => pick(slice)}
          />
        ))}
        <span style={{ flexGrow: Math.max(0, 1 - data.usedBytes / Math.max(1, data.limitBytes)) }} />
      </div>
      <ul className="storage-legend">
        {slices.map((slice) => (
          <li key={slice.key} data-pinned={slice.key === 'trash' || undefined}>
            <button
              type="button"
              className="storage-key"
              aria-pressed={slice.key === 'trash' ? undefined : picked.includes(slice.key)}
              onClick={() => pick(slice)}
            >
              <span
                className="storage-dot"
                data-trash={slice.key === 'trash' || undefined}
                style={tint(slice.key)}
              />
              {slice.title}
              <span className="text-muted">{formatBytes(slice.bytes)}</span>
            </button>
          </li>
        ))}
        {slices.length === 0 ? <li className="text-muted">Nothing stored yet</li> : null}
        {data.reservedBytes > 0 ? (
          <li className="text-muted" data-pinned>
            {formatBytes(data.reservedBytes)} held for uploads under way
          </li>
        ) : null}
      </ul>
    </section>
  );
}
