import { fileTypeFromBuffer } from 'file-type';
import type { MediaType } from '../domain/asset-types.ts';
import type { Detected } from './contract.ts';
import { byExtension, byMime, extensionOf, UNKNOWN } from './mime-names.ts';
import { hasAscii, sniffBinary } from './sniff-binary.ts';
import { decodeText, sniffText } from './sniff-text.ts';
import { sniffZip } from './sniff-zip.ts';

/** How many bytes of a file `detect` looks at; more are ignored. */
export const DETECT_BYTES = 64 * 1024;

/**
 * Says what the bytes are. `head` is the start of the file (up to `DETECT_BYTES`), `size` the whole length in bytes.
 * Content decides; the name only breaks ties among formats without a magic number. Never throws.
 */
export async function detect(head: Uint8Array, fileName: string, size: number): Promise<Detected> {
  const start = head.subarray(0, DETECT_BYTES);
  const ext = extensionOf(fileName);
  try {
    const own = sniffBinary(start, ext, size) ?? sniffZip(start, ext);
    if (own !== null) return own;
    const text = decodeText(start);
    if (text !== null) return sniffText(text, ext) ?? UNKNOWN;
    return await detectGeneral(start, ext);
  } catch {
    return UNKNOWN;
  }
}

async function detectGeneral(start: Uint8Array, ext: string): Promise<Detected> {
  const found = await fileTypeFromBuffer(start);
  if (found === undefined) return byMagic(start, ext) ?? UNKNOWN;
  // One container for sound and moving pictures: without a picture track the name decides what people call it.
  if (found.mime.includes('ms-asf')) return byExtension(ext === 'wma' ? 'wma' : 'wmv') ?? UNKNOWN;
  return byMime(found.mime, found.ext);
}

/** Formats whose telling parts may lie beyond the head, as after a large cover picture: the first bytes suffice. */
function byMagic(start: Uint8Array, ext: string): Detected | null {
  if (hasAscii(start, 'II*\0') || hasAscii(start, 'MM\0*')) return byExtension('tiff');
  if (hasAscii(start, 'ID3')) return byExtension(ext === 'aac' || ext === 'flac' ? ext : 'mp3');
  if (hasAscii(start, 'PNG\r\n', 1)) return byExtension('png');
  if (hasAscii(start, 'RIFF') && hasAscii(start, 'WAVE', 8)) return byExtension('wav');
  if (hasAscii(start, 'OggS')) return byExtension(ext === 'ogv' ? 'ogv' : 'ogg');
  if (start[0] === 0x1a && start[1] === 0x45 && start[2] === 0xdf && start[3] === 0xa3) {
    return byExtension(ext === 'webm' ? 'webm' : 'mkv');
  }
  return hasAscii(start, 'ftyp', 4) ? byExtension('mp4') : null;
}

/** What the name alone promises, for use before any byte has arrived. Never used for how bytes are stored or served. */
export function guessMediaType(fileName: string): MediaType {
  return byExtension(extensionOf(fileName))?.mediaType ?? 'other';
}
