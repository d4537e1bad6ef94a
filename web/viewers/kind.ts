import type { AssetDetail } from '../../client/index.ts';

/** Image formats that every current browser shows by itself; others are shown as the server's picture. */
const SHOWN = new Set([
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/bmp',
  'image/svg+xml',
]);

export type ViewerKind = 'image' | 'video' | 'audio' | 'pages' | 'text' | 'font' | 'none';

export type Viewable = Pick<
  AssetDetail,
  | 'id'
  | 'name'
  | 'fileName'
  | 'mime'
  | 'mediaType'
  | 'file'
  | 'preview'
  | 'thumbnail'
  | 'transparent'
  | 'version'
> &
  Partial<
    Pick<
      AssetDetail,
      'facts' | 'renditions' | 'width' | 'height' | 'duration' | 'state' | 'stateMessage' | 'size'
    >
  >;

function isText(mime: string): boolean {
  return (
    mime.startsWith('text/') || ['application/json', 'application/xml', 'application/x-subrip'].includes(mime)
  );
}

/** Decided by what the bytes are, not by what a person calls the media type. */
export function viewerOf(asset: Viewable): ViewerKind {
  if (asset.mime.startsWith('video/')) return 'video';
  if (asset.mime.startsWith('audio/')) return 'audio';
  if (asset.mime === 'application/pdf') return 'pages';
  if (isText(asset.mime)) return 'text';
  // A collection holds several fonts, which browsers do not open.
  if (asset.mime.startsWith('font/') && asset.mime !== 'font/collection' && asset.state === 'ready') {
    return 'font';
  }
  return pictureOf(asset) === null ? 'none' : 'image';
}

/** A logo that covers what lies behind it (L15). Unknown is no. */
export function hasBackground({ type, transparent }: Pick<AssetDetail, 'type' | 'transparent'>): boolean {
  return type === 'logo' && transparent === false;
}

/** The best picture that a browser can show, or null. Moving and vector pictures are shown from the original. */
export function pictureOf(asset: Viewable): string | null {
  if (asset.mime === 'image/gif' || asset.mime === 'image/svg+xml') return asset.file;
  return asset.preview ?? (SHOWN.has(asset.mime) ? asset.file : asset.thumbnail);
}

/** What 100 % shows: the original where the browser can show it. */
export function fullPictureOf(asset: Viewable): string | null {
  return SHOWN.has(asset.mime) ? asset.file : pictureOf(asset);
}

/** A version for playing in the browser when the server made one, otherwise the original. */
export function playableOf(asset: Viewable, kind: 'video' | 'audio'): string {
  const made = asset.renditions?.find(
    ({ mime, name }) => mime.startsWith(`${kind}/`) && !name.includes('hover'),
  );
  return made?.path ?? asset.file;
}
