import {
  Box,
  Braces,
  CircleAlert,
  File,
  FileText,
  Hourglass,
  Image,
  Lock,
  Palette,
  TriangleAlert,
  Type,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import type { MediaType } from '../../client/index.ts';
import { Button } from '../ui/button.tsx';
import { ImageView } from './image.tsx';
import { checkerOf, fullPictureOf, pictureOf, viewerOf } from './kind.ts';
import type { Viewable } from './kind.ts';
import { AudioView, VideoView } from './media.tsx';
import { lazy } from '../data/lazy.ts';

const FontView = lazy(async () => ({ default: (await import('./font.tsx')).FontView }));
const TextView = lazy(async () => ({ default: (await import('./text.tsx')).TextView }));

const ModelView = lazy(async () => ({ default: (await import('./model.tsx')).ModelView }));
const LutView = lazy(async () => ({ default: (await import('./lut.tsx')).LutView }));
const PdfView = lazy(async () => ({ default: (await import('./pdf.tsx')).PdfView }));

const ICONS: Readonly<Record<MediaType, LucideIcon>> = {
  image: Image,
  video: File,
  audio: File,
  document: FileText,
  font: Type,
  model3d: Box,
  weights: Braces,
  lut: Palette,
  data: Braces,
  other: File,
};

/** The right viewer for what the bytes are. It fills its box, and always says why there is nothing to see. */
export function Viewer({
  asset,
  autoPlay = false,
  isLarge = false,
}: {
  readonly asset: Viewable;
  readonly autoPlay?: boolean;
  /** There is room to read: what takes a while to load starts by itself. */
  readonly isLarge?: boolean;
}) {
  const kind = viewerOf(asset);
  if (kind === 'video') return <VideoView asset={asset} autoPlay={autoPlay} />;
  if (kind === 'audio') return <AudioView asset={asset} autoPlay={autoPlay} />;
  if (kind === 'text') {
    return (
      <Suspense>
        <TextView asset={asset} />
      </Suspense>
    );
  }
  if (kind === 'font') {
    return (
      <Suspense>
        <FontView asset={asset} />
      </Suspense>
    );
  }
  if (kind === 'pages' || kind === 'model' || kind === 'lut') {
    return <Closer asset={asset} kind={kind} isLarge={isLarge} />;
  }
  return <Picture asset={asset} />;
}

/** What the server drew, or why it drew nothing. */
function Picture({ asset }: { readonly asset: Viewable }) {
  const picture = pictureOf(asset);
  if (picture === null) return <Nothing asset={asset} />;
  return (
    <ImageView
      src={picture}
      full={fullPictureOf(asset) ?? picture}
      alt={viewerOf(asset) === 'pages' ? `First page of ${asset.name}` : asset.name}
      checker={checkerOf(asset)}
      // A page's own size is in points, and a model's picture has a size of its own: only images state theirs.
      width={asset.mime.startsWith('image/') ? (asset.width ?? null) : null}
      height={asset.mime.startsWith('image/') ? (asset.height ?? null) : null}
    />
  );
}

/** Kinds with a viewer that does more than a picture shows. */
type Close = 'pages' | 'model' | 'lut';

/**
 * The server's picture first. The viewer that does more is fetched where there is room, or when asked for; a model only
 * when asked for, since drawing it takes a graphics card.
 */
function Closer(props: { readonly asset: Viewable; readonly kind: Close; readonly isLarge: boolean }) {
  const { asset, kind, isLarge } = props;
  const [isOpen, setOpen] = useState(isLarge && kind !== 'model');
  const picture = <Picture asset={asset} />;
  if (asset.state === 'protected' || asset.state === 'failed' || asset.state === 'processing') return picture;
  if (isOpen) {
    return (
      <Suspense fallback={picture}>
        {kind === 'pages' ? <PdfView asset={asset} picture={pictureOf(asset)} /> : null}
        {kind === 'model' ? <ModelView asset={asset} picture={pictureOf(asset)} /> : null}
        {kind === 'lut' ? <LutView asset={asset} sample={pictureOf(asset)} /> : null}
      </Suspense>
    );
  }
  return (
    <div className="relative size-full">
      {picture}
      <Button small className="absolute bottom-2 left-2 bg-raised" onPress={() => setOpen(true)}>
        {invitation(kind, asset)}
      </Button>
    </div>
  );
}

function invitation(kind: Close, { facts }: Viewable): string {
  if (kind === 'lut') return 'Try it on a picture';
  if (kind === 'model') return 'Turn it';
  const pages = facts?.['pages'];
  return typeof pages === 'number' && pages > 1 ? `Read all ${pages} pages` : 'Read the page';
}

function Middle({ children }: { readonly children: ReactNode }) {
  return <div className="flex size-full items-center justify-center">{children}</div>;
}

function Nothing({ asset }: { readonly asset: Viewable }) {
  const { Icon, text } = reasonOf(asset);
  return (
    <Middle>
      <p className="flex max-w-80 flex-col items-center gap-2 p-4 text-center text-muted">
        <Icon size={36} aria-hidden />
        {text}
      </p>
    </Middle>
  );
}

function reasonOf({ state, stateMessage, mediaType, mime }: Viewable): { Icon: LucideIcon; text: string } {
  if (state === 'processing')
    return { Icon: Hourglass, text: 'The file is here. Its preview is being made.' };
  if (state === 'failed') return { Icon: CircleAlert, text: stateMessage ?? 'The file could not be read.' };
  if (state === 'protected') return { Icon: Lock, text: stateMessage ?? 'The file is locked by a password.' };
  return {
    // Formats that are programs come with a warning.
    Icon: mime === 'application/x-pickle-weights' ? TriangleAlert : ICONS[mediaType],
    text: stateMessage ?? `There is no picture of ${mime} files; the download is whole.`,
  };
}
