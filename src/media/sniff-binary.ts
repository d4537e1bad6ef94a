import type { Detected } from './contract.ts';
import { byExtension } from './mime-names.ts';

const SAFETENSORS_HEADER_LIMIT = 100 * 1024 * 1024;

/** True when the bytes at `offset` spell the ASCII text. */
export function hasAscii(head: Uint8Array, text: string, offset = 0): boolean {
  if (head.length < offset + text.length) return false;
  for (let i = 0; i < text.length; i += 1) {
    if (head[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Binary formats that the general detector misses or blurs. */
export function sniffBinary(head: Uint8Array, ext: string, size: number): Detected | null {
  // A PDF may be pure ASCII and would pass for text.
  if (hasAscii(head, '%PDF-')) return byExtension('pdf');
  if (head[0] === 0x76 && head[1] === 0x2f && head[2] === 0x31 && head[3] === 0x01) return byExtension('exr');
  if (hasAscii(head, '#?RADIANCE') || hasAscii(head, '#?RGBE')) return byExtension('hdr');
  if (hasAscii(head, 'DDS ')) return byExtension('dds');
  if (hasAscii(head, 'GGUF')) return byExtension('gguf');
  if (hasAscii(head, 'Kaydara FBX Binary')) return byExtension('fbx');
  if (hasAscii(head, 'PXR-USDC')) return byExtension('usdc');
  if (hasAscii(head, 'ply\n') || hasAscii(head, 'ply\r\n')) return byExtension('ply');
  if (hasAscii(head, 'ftyp', 4)) return sniffIsoMedia(head);
  if (isSafetensors(head, size)) return byExtension('safetensors');
  if (isCompoundFile(head)) return sniffCompoundFile(head, ext);
  if (isTorchPickle(head)) return byExtension(ext === 'ckpt' || ext === 'pth' ? ext : 'pt');
  if (isBinaryStl(head, ext, size)) return byExtension('stl');
  if (isPickle(head) && (ext === 'ckpt' || ext === 'pt' || ext === 'pth')) return byExtension(ext);
  return sniffTarga(head, ext);
}

/** Brands that the general detector blurs into plain MP4; the rest is left to it. */
function sniffIsoMedia(head: Uint8Array): Detected | null {
  const brand = Buffer.from(head.subarray(8, 12)).toString('latin1');
  if (brand === 'M4V ' || brand === 'M4VH' || brand === 'M4VP') return byExtension('m4v');
  if (brand === 'M4A ' || brand === 'M4B ') return byExtension('m4a');
  if (brand === 'avif' || brand === 'avis') return byExtension('avif');
  if (['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis'].includes(brand)) return byExtension('heic');
  return null;
}

/** 8-byte little-endian header length, then a JSON object of that length. */
function isSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < 10 || head[8] !== 0x7b) return false;
  const length = Buffer.from(head.buffer, head.byteOffset, 8).readBigUInt64LE();
  if (length < 2n || length > BigInt(SAFETENSORS_HEADER_LIMIT) || length + 8n > BigInt(size)) return false;
  const start = Buffer.from(head.subarray(8, 64)).toString('latin1');
  return /^\{\s*("|\})/.test(start);
}

function isCompoundFile(head: Uint8Array): boolean {
  return head[0] === 0xd0 && head[1] === 0xcf && head[2] === 0x11 && head[3] === 0xe0 && head[4] === 0xa1;
}

/**
 * Old office files share one container. The directory with the stream names may lie beyond the head, then the
 * extension decides between the three, because all of them are stored alike.
 */
function sniffCompoundFile(head: Uint8Array, ext: string): Detected {
  const names = Buffer.from(head.subarray(0, head.length & ~1)).toString('utf16le');
  if (names.includes('WordDocument')) return known('doc');
  if (names.includes('PowerPoint Document')) return known('ppt');
  if (names.includes('Workbook') || names.includes('\0Book\0')) return known('xls');
  if (ext === 'doc' || ext === 'xls' || ext === 'ppt') return known(ext);
  return { mime: 'application/x-cfb', ext: 'bin', mediaType: 'other' };
}

function known(ext: string): Detected {
  const detected = byExtension(ext);
  if (detected === null) throw new Error(`No MIME row for ${ext}.`);
  return detected;
}

function isPickle(head: Uint8Array): boolean {
  return head[0] === 0x80 && head[1] !== undefined && head[1] >= 2 && head[1] <= 5;
}

/** The magic number, pickled, that begins the older weight files of PyTorch under whatever name, `.bin` among them. */
function isTorchPickle(head: Uint8Array): boolean {
  return (
    isPickle(head) &&
    hasBytes(head, 2, [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])
  );
}

function hasBytes(head: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => head[at + i] === byte);
}

/** Eighty bytes of anything, then a count that must account for the whole file. */
function isBinaryStl(head: Uint8Array, ext: string, size: number): boolean {
  if (ext !== 'stl' || head.length < 84) return false;
  const count = Buffer.from(head.buffer, head.byteOffset + 80, 4).readUInt32LE();
  return count > 0 && 84 + count * 50 === size;
}

/** Targa has no magic number: only a plausible header together with its own extension counts. */
function sniffTarga(head: Uint8Array, ext: string): Detected | null {
  if (ext !== 'tga' || head.length < 18) return null;
  const [, mapType, imageType] = head;
  const depth = head[16];
  const plausible = (mapType === 0 || mapType === 1) && [1, 2, 3, 9, 10, 11].includes(imageType ?? 0);
  return plausible && [8, 15, 16, 24, 32].includes(depth ?? 0) ? byExtension('tga') : null;
}
