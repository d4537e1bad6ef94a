/** Pictures made on demand: what may be asked for, and how a picture is fitted into it. */
export const FITS = ['inside', 'cover', 'contain'] as const;
export type Fit = (typeof FITS)[number];
export const PICTURE_FORMATS = ['webp', 'jpeg', 'avif', 'png'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** Longest side of a picture that anybody may ask for, in pixels. */
export const PICTURE_SIDE_MAX = 4096;
/** Formats that come with every size of the table; the others need a signed link. */
export const PRESET_FORMATS: readonly PictureFormat[] = ['webp', 'jpeg', 'avif'];
const DEFAULT_FORMAT: PictureFormat = 'webp';
const DEFAULT_QUALITY: Readonly<Record<PictureFormat, number>> = { webp: 80, jpeg: 82, avif: 55, png: 100 };

export interface PictureSize {
  /** Pixels; null leaves this side to the picture's own proportions. */
  readonly width: number | null;
  readonly height: number | null;
  readonly fit: Fit;
}

export interface PictureSpec extends PictureSize {
  readonly format: PictureFormat;
  /** 1 to 100; PNG loses nothing and takes no notice. */
  readonly quality: number;
}

/** A wish in the words of an address; what is left out is the usual. */
export interface PictureWish {
  readonly w?: number | undefined;
  readonly h?: number | undefined;
  readonly fit?: Fit | undefined;
  readonly format?: PictureFormat | undefined;
  readonly quality?: number | undefined;
}

export function specOf({ w, h, fit, format = DEFAULT_FORMAT, quality }: PictureWish): PictureSpec {
  const width = w ?? null;
  const height = h ?? null;
  // A side alone can neither be filled nor padded.
  const both = width !== null && height !== null;
  return {
    width,
    height,
    fit: both ? (fit ?? 'inside') : 'inside',
    format,
    quality: format === 'png' ? DEFAULT_QUALITY.png : (quality ?? DEFAULT_QUALITY[format]),
  };
}

/** Whether the table offers it to everybody who may see the asset. */
export function isOffered(spec: PictureSpec, sizes: readonly PictureSize[]): boolean {
  return (
    PRESET_FORMATS.includes(spec.format) &&
    spec.quality === DEFAULT_QUALITY[spec.format] &&
    sizes.some((size) => size.width === spec.width && size.height === spec.height && size.fit === spec.fit)
  );
}

const SIZE = /^(\d{1,4})(?:x(\d{1,4})(?::(inside|cover|contain))?)?$/;

/** Sizes as the setting writes them: `640` is a width, `400x400:cover` a box. Null when it cannot be read. */
export function parseSizes(text: string): PictureSize[] | null {
  const sizes = text.split(',').map((part) => parseSize(part.trim()));
  return sizes.every((size) => size !== null) ? sizes : null;
}

function parseSize(text: string): PictureSize | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  const width = Number(match[1]);
  const height = match[2] === undefined ? null : Number(match[2]);
  const allowed = [width, height ?? 1].every((side) => side >= 1 && side <= PICTURE_SIDE_MAX);
  return allowed ? { width, height, fit: FITS.find((fit) => fit === match[3]) ?? 'inside' } : null;
}

/** The words of an address for one size of the table. */
export function sizeWords({ width, height, fit }: PictureSize): string {
  const sides = [width === null ? '' : `w=${width}`, height === null ? '' : `h=${height}`];
  return [...sides, fit === 'inside' ? '' : `fit=${fit}`].filter((part) => part !== '').join('&');
}

/** One spelling for each picture, so that it can be signed and can name a file: `640x0-inside-q80.webp`. */
export function specText({ width, height, fit, format, quality }: PictureSpec): string {
  return `${width ?? 0}x${height ?? 0}-${fit}-q${quality}.${format}`;
}

const SPEC = /^(\d{1,4})x(\d{1,4})-(inside|cover|contain)-q(\d{1,3})\.(webp|jpeg|avif|png)$/;

export function parseSpec(text: string): PictureSpec | null {
  const match = SPEC.exec(text);
  const fit = FITS.find((known) => known === match?.[3]);
  const format = PICTURE_FORMATS.find((known) => known === match?.[5]);
  if (match === null || fit === undefined || format === undefined) return null;
  const side = (digits: string | undefined) => (Number(digits) === 0 ? null : Number(digits));
  return { width: side(match[1]), height: side(match[2]), fit, format, quality: Number(match[4]) };
}

export interface Frame {
  /** Longest side at which the picture is drawn. */
  readonly side: number;
  /** What is cut out of its middle, at most. */
  readonly crop: { readonly width: number; readonly height: number } | null;
  /** The ground on whose middle it lies. */
  readonly canvas: { readonly width: number; readonly height: number } | null;
}

/** How a picture is drawn to meet a wish. It is never enlarged, vectors excepted, which have no size of their own. */
export function frameOf(
  source: { readonly width: number; readonly height: number; readonly vector: boolean },
  wish: PictureSize,
): Frame {
  const longest = Math.max(source.width, source.height);
  const most = source.vector ? PICTURE_SIDE_MAX / longest : Math.min(1, PICTURE_SIDE_MAX / longest);
  const across = wish.width === null ? Infinity : wish.width / source.width;
  const down = wish.height === null ? Infinity : wish.height / source.height;
  if (wish.fit === 'cover' && wish.width !== null && wish.height !== null) {
    const scale = Math.max(across, down);
    const largest = source.vector ? PICTURE_SIDE_MAX : longest;
    // Too small a picture is cut to the same proportions instead of being blown up.
    const less = Math.min(1, largest / (longest * scale));
    const crop = {
      width: Math.max(1, Math.floor(wish.width * less)),
      height: Math.max(1, Math.floor(wish.height * less)),
    };
    const side = Math.min(largest, Math.max(1, Math.ceil(longest * scale * less)));
    return { side, crop, canvas: null };
  }
  const side = Math.max(1, Math.round(longest * Math.min(across, down, most)));
  const isBox = wish.fit === 'contain' && wish.width !== null && wish.height !== null;
  return { side, crop: null, canvas: isBox ? { width: wish.width, height: wish.height } : null };
}
