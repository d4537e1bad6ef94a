import { BLOCK_BYTES } from '../domain/recipe.ts';

/** Where ISO media files keep content credentials: a `uuid` box of this number. */
const C2PA_UUID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const MOST_PARTS = 10_000;

/** The content credentials of a JPEG, a WebP or an ISO media file as one piece; undefined when there are none. */
export function credentialsIn(bytes: Buffer, mime: string): Buffer | undefined {
  if (mime === 'image/jpeg') return inJpeg(bytes);
  if (mime === 'image/webp') return inRiff(bytes);
  if (mime === 'image/avif' || mime === 'image/heic' || mime === 'image/heif') return inIsoMedia(bytes);
  return undefined;
}

/** Segments APP11 carry pieces of boxes; every piece but the first repeats the head of its box. */
function inJpeg(bytes: Buffer): Buffer | undefined {
  const pieces: { box: number; order: number; data: Buffer }[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && pieces.length < MOST_PARTS;) {
    const marker = bytes[at + 1] ?? 0;
    const length = bytes.readUInt16BE(at + 2);
    if (marker === 0xda || marker === 0xd9 || length < 2) break;
    const data = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xeb && data.length > 16 && data.toString('latin1', 0, 2) === 'JP') {
      pieces.push({ box: data.readUInt16BE(2), order: data.readUInt32BE(4), data: data.subarray(8) });
    }
    at += 2 + length;
  }
  const store = pieces.find(({ data }) => isStore(data));
  if (store === undefined) return undefined;
  const parts = pieces.filter(({ box }) => box === store.box).toSorted((a, b) => a.order - b.order);
  const isLong = store.data.readUInt32BE(0) === 1;
  const whole = Buffer.concat(
    parts.map(({ data }, index) => (index === 0 ? data : data.subarray(isLong ? 16 : 8))),
  );
  return whole.length <= BLOCK_BYTES ? whole : undefined;
}

/** A superbox whose description is labelled `c2pa`. */
function isStore(data: Buffer): boolean {
  return data.toString('latin1', 4, 8) === 'jumb' && data.subarray(8, 64).includes('c2pa');
}

function inRiff(bytes: Buffer): Buffer | undefined {
  for (let at = 12, seen = 0; at + 8 <= bytes.length && seen < MOST_PARTS; seen += 1) {
    const length = bytes.readUInt32LE(at + 4);
    const isOurs = bytes.toString('latin1', at, at + 4) === 'C2PA';
    if (isOurs && length <= BLOCK_BYTES) return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return undefined;
}

/** The box tells its purpose in plain letters, then an offset, then the store. */
function inIsoMedia(bytes: Buffer): Buffer | undefined {
  for (let at = 0, seen = 0; at + 8 <= bytes.length && seen < MOST_PARTS; seen += 1) {
    const length = bytes.readUInt32BE(at);
    if (length < 8) return undefined;
    const box = bytes.subarray(at + 8, at + length);
    if (bytes.toString('latin1', at + 4, at + 8) === 'uuid' && box.subarray(0, 16).equals(C2PA_UUID)) {
      const start = box.indexOf('jumb', 16) - 4;
      return start > 16 && box.length - start <= BLOCK_BYTES ? box.subarray(start) : undefined;
    }
    at += length;
  }
  return undefined;
}
