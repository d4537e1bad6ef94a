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

export type ViewerKind = 'image' | 'video' | 'audio' | 'pages' | 'text' | 'font' | 'model' | 'lut' | 'none';

/** Fonts that browsers set type with; collections are shown as the server's picture. */
const FONTS = new Set(['font/ttf', 'font/otf', 'font/woff', 'font/woff2']);
/** A larger font is shown as the server's picture: the tab would hold all of it. */
const MOST_FONT_BYTES = 32 * 1024 * 1024;

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
  | 'colour'
  | 'version'
> &
  Partial<
    Pick<
      AssetDetail,
      'renditions' | 'width' | 'height' | 'duration' | 'state' | 'stateMessage' | 'size' | 'facts' | 'palette'
    >
  >;

function isText(mime: string): boolean {
  return (
    mime.startsWith('text/') ||
    ['application/json', 'application/xml', 'application/yaml', 'application/x-subrip'].includes(mime)
  );
}

/** Decided by what the bytes are, not by what a person calls the media type. */
export function viewerOf(asset: Viewable): ViewerKind {
  if (asset.mime.startsWith('video/')) return 'video';
  if (asset.mime.startsWith('audio/')) return 'audio';
  if (pagesOf(asset) !== null) return 'pages';
  if (isText(asset.mime)) return 'text';
  if (FONTS.has(asset.mime) && asset.state === 'ready' && (asset.size ?? 0) <= MOST_FONT_BYTES) return 'font';
  if (modelOf(asset) !== null) return 'model';
  if (tableOf(asset) !== null) return 'lut';
  return pictureOf(asset) === null ? 'none' : 'image';
}

/** The address of pages to be read: a PDF, or what the server laid out of an office document. */
export function pagesOf(asset: Viewable): string | null {
  if (asset.mime === 'application/pdf') return asset.file;
  return asset.renditions?.find(({ name }) => name === 'pages')?.path ?? null;
}

/** The address of a model to be turned: the file, or what the server made of another format. */
export function modelOf(asset: Viewable): string | null {
  const made = asset.renditions?.find(({ name }) => name === 'model')?.path;
  return made ?? (asset.mime === 'model/gltf-binary' ? asset.file : null);
}

/** A colour table as a picture of what it makes of every colour. */
export function tableOf(asset: Viewable): string | null {
  return asset.renditions?.find(({ name }) => name === 'table')?.path ?? null;
}

/** Something to be read or worked with rather than looked at: it takes all the room that there is. */
export function isRead(asset: Viewable): boolean {
  return ['pages', 'text', 'font', 'lut'].includes(viewerOf(asset));
}

/** A logo that covers what lies behind it (L15). Unknown is no. */
export function hasBackground({ type, transparent }: Pick<AssetDetail, 'type' | 'transparent'>): boolean {
  return type === 'logo' && transparent === false;
}

/**
 * What lies behind a transparent picture, so that it can be seen: light behind a dark one, dark behind a light one, else
 * as the theme is. Undefined behind what covers all.
 */
export function checkerOf({
  transparent,
  colour,
}: Pick<AssetDetail, 'transparent' | 'colour'>): 'light' | 'dark' | 'theme' | undefined {
  if (transparent !== true) return undefined;
  if (colour === null) return 'theme';
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
  return light < 0.4 ? 'light' : light > 0.6 ? 'dark' : 'theme';
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
  const made = asset.renditions?.find(({ mime }) => mime.startsWith(`${kind}/`));
  return made?.path ?? asset.file;
}
