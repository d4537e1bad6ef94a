import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { SharedItem } from '../data/shared.ts';
import { FileIcon } from '../grid/file-icon.tsx';
import { IconButton } from '../ui/button.tsx';
import { factsOf } from './share-grid.tsx';
import { checkerOf } from '../viewers/kind.ts';

export interface LightboxProps {
  readonly item: SharedItem;
  /** Such as "3 of 12". */
  readonly place: string;
  /** Absent when there is nothing else to walk to. */
  readonly onStep?: (by: 1 | -1) => void;
  readonly onClose: () => void;
}

/** One shared thing on the whole screen: arrows walk, Escape goes back to where it lies. */
export function Lightbox({ item, place, onStep, onClose }: LightboxProps) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(item.id);
  useEffect(() => {
    latest.current = item.id;
  }, [item.id]);
  useEffect(() => {
    box.current?.focus();
    // The grid is alive again only once this is gone.
    return () =>
      void setTimeout(() => document.querySelector<HTMLElement>(`#shared-${latest.current}`)?.focus());
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const isPlayer = event.target instanceof HTMLMediaElement;
    if (event.key === 'Escape') onClose();
    else if (!isPlayer && event.key === 'ArrowRight') onStep?.(1);
    else if (!isPlayer && event.key === 'ArrowLeft') onStep?.(-1);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      role="dialog"
      aria-modal="true"
      aria-label={item.name}
      tabIndex={-1}
      className="fixed inset-0 z-50 flex flex-col bg-bg outline-none"
      onKeyDown={onKeyDown}
    >
      <header className="flex h-14 shrink-0 items-center gap-2 px-4">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" dir="auto">
            {item.name}
          </p>
          <p className="text-label text-muted" role="status">
            {place} · {factsOf(item)}
          </p>
        </div>
        {item.file === null ? null : (
          <a href={item.file} download={item.fileName} className="btn btn-main">
            <Download size={16} aria-hidden /> <span className="max-md:sr-only">Download</span>
          </a>
        )}
        <IconButton label="Close" onPress={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      <div className="relative min-h-0 flex-1">
        <div className="absolute inset-0 grid place-items-center p-4 max-md:p-2 md:px-20">
          <Stage key={item.id} item={item} />
        </div>
        {onStep === undefined ? null : (
          <div className="pointer-events-none absolute inset-x-2 inset-y-0 flex items-center justify-between">
            <IconButton label="Previous" className="share-step" onPress={() => onStep(-1)}>
              <ChevronLeft size={22} aria-hidden />
            </IconButton>
            <IconButton label="Next" className="share-step" onPress={() => onStep(1)}>
              <ChevronRight size={22} aria-hidden />
            </IconButton>
          </div>
        )}
      </div>
    </div>
  );
}

function Stage({ item }: { readonly item: SharedItem }) {
  const picture = item.preview ?? item.thumbnail;
  if (item.play !== null && item.mime.startsWith('video/')) {
    return (
      <video
        className="max-h-full max-w-full"
        src={item.play}
        controls
        playsInline
        aria-label={item.name}
        {...(picture === null ? {} : { poster: picture })}
      />
    );
  }
  if (item.play !== null) {
    return (
      <div className="flex w-full max-w-xl flex-col items-center gap-6">
        {picture === null ? <FileIcon mediaType={item.mediaType} /> : <img src={picture} alt="" />}
        <audio className="w-full" src={item.play} controls aria-label={item.name} />
      </div>
    );
  }
  if (picture === null) {
    return (
      <div className="flex flex-col items-center gap-3 text-muted">
        <FileIcon mediaType={item.mediaType} />
        <p>{isPlayable(item) ? UNPLAYED : 'There is no picture of this file.'}</p>
      </div>
    );
  }
  const shown = (
    <img
      src={picture}
      alt={item.name}
      className="max-h-full max-w-full object-contain"
      data-checker={checkerOf(item)}
    />
  );
  if (!isPlayable(item)) return shown;
  return (
    <figure className="flex max-h-full min-h-0 max-w-full flex-col items-center gap-4">
      {shown}
      <figcaption className="text-center text-muted">{UNPLAYED}</figcaption>
    </figure>
  );
}

const UNPLAYED = 'This plays only where downloads are allowed. Ask whoever sent the link.';

function isPlayable({ mime }: SharedItem): boolean {
  return /^(video|audio)\//.test(mime);
}
