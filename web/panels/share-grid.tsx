import { Download, Play } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { CSSProperties } from 'react';
import type { SharedItem } from '../data/shared.ts';
import { FileIcon } from '../grid/file-icon.tsx';
import { formatBytes, formatDuration } from '../i18n/format.ts';
import { checkerOf } from '../viewers/kind.ts';

export interface SharedGridProps {
  readonly items: readonly SharedItem[];
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onOpen: (index: number) => void;
}

/** Shared things in rows of pictures; more are read as the end comes near. */
export function SharedGrid({ items, hasMore, onMore, onOpen }: SharedGridProps) {
  return (
    <>
      <ul className="share-grid" data-single={items.length === 1 || undefined}>
        {items.map((item, index) => (
          <li key={item.id} className="share-card">
            <button
              id={`shared-${item.id}`}
              type="button"
              className="share-picture"
              aria-label={`Open ${item.name}`}
              data-checker={checkerOf(item)}
              {...(item.colour === null || item.transparent === true
                ? {}
                : { style: { '--tint': item.colour } as CSSProperties })}
              onClick={() => onOpen(index)}
            >
              <Picture item={item} isLarge={items.length === 1} />
            </button>
            <div className="flex items-center gap-2 pt-2">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium" dir="auto" title={item.name}>
                  {item.name}
                </p>
                <p className="text-label text-muted">{factsOf(item)}</p>
              </div>
              {item.file === null ? null : (
                <a
                  href={item.file}
                  download={item.fileName}
                  className="btn btn-quiet btn-icon"
                  aria-label={`Download ${item.name}`}
                >
                  <Download size={16} aria-hidden />
                </a>
              )}
            </div>
          </li>
        ))}
      </ul>
      {hasMore ? <Sentinel key={items.length} onSeen={onMore} /> : null}
    </>
  );
}

function Picture({ item, isLarge }: { readonly item: SharedItem; readonly isLarge: boolean }) {
  const source = isLarge ? (item.preview ?? item.thumbnail) : item.thumbnail;
  return (
    <>
      {source === null ? (
        <span className="text-muted">
          <FileIcon mediaType={item.mediaType} />
        </span>
      ) : (
        <img src={source} alt="" loading="lazy" decoding="async" />
      )}
      {item.play === null ? null : (
        <span className="share-play" aria-hidden>
          <Play size={18} className="fill-current" />
        </span>
      )}
    </>
  );
}

export function factsOf(item: SharedItem): string {
  const measure =
    item.duration === null
      ? item.width === null || item.height === null
        ? ''
        : `${item.width}×${item.height}`
      : formatDuration(item.duration);
  return [measure, formatBytes(item.size)].filter((fact) => fact !== '').join(' · ');
}

/** Stands below the last row; when it comes near, the next page is read. */
function Sentinel({ onSeen }: { readonly onSeen: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  useEffect(() => {
    seen.current = onSeen;
  });
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) seen.current();
      },
      { rootMargin: '800px' },
    );
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);
  return (
    <div ref={place} className="py-8 text-center text-muted" role="status">
      Reading more …
    </div>
  );
}
