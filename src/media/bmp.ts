import type { Raster } from './raster.ts';

const MAX_PIXELS = 60e6;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly pixels: number;
  readonly palette: Uint8Array;
  readonly masks: readonly [number, number, number, number];
}

/** Size in the header, or null when it is no Windows bitmap. */
export function bmpSize(file: Buffer): { readonly width: number; readonly height: number } | null {
  if (file.length < 54 || file.toString('latin1', 0, 2) !== 'BM' || file.readUInt32LE(14) < 40) return null;
  return { width: Math.abs(file.readInt32LE(18)), height: Math.abs(file.readInt32LE(22)) };
}

/**
 * Reads an uncompressed or BITFIELDS bitmap of 1, 4, 8, 16, 24 or 32 bits. Null for the odd ones (run lengths, OS/2,
 * embedded JPEG), which a larger tool may know. Missing rows stay transparent; `complete` says whether any did.
 */
export function readBmp(file: Buffer): { readonly raster: Raster; readonly complete: boolean } | null {
  const header = readHeader(file);
  if (header === null) return null;
  const stride = Math.ceil((header.width * header.bits) / 32) * 4;
  const data = new Uint8Array(header.width * header.height * 4);
  const readRow = header.bits <= 8 ? readIndexed : header.bits === 24 ? readBytes : readMasked;
  let complete = true;
  for (let row = 0; row < header.height; row += 1) {
    const start = header.pixels + row * stride;
    if (start + stride > file.length) {
      complete = false;
      break;
    }
    const y = header.topDown ? row : header.height - 1 - row;
    readRow(file.subarray(start, start + stride), header, data.subarray(y * header.width * 4));
  }
  if (complete && header.bits >= 16) fillMissingAlpha(data);
  return { raster: { data, width: header.width, height: header.height }, complete };
}

function readHeader(file: Buffer): Header | null {
  const size = bmpSize(file);
  if (size === null || size.width < 1 || size.height < 1 || size.width * size.height > MAX_PIXELS)
    return null;
  const bits = file.readUInt16LE(28);
  const compression = file.readUInt32LE(30);
  const headerSize = file.readUInt32LE(14);
  if (![1, 4, 8, 16, 24, 32].includes(bits) || ![0, 3, 6].includes(compression)) return null;
  if (compression !== 0 && bits !== 16 && bits !== 32) return null;
  const colours = Math.min(256, file.readUInt32LE(46) || 2 ** Math.min(8, bits));
  const paletteAt = 14 + headerSize;
  return {
    ...size,
    topDown: file.readInt32LE(22) < 0,
    bits,
    compression,
    pixels: file.readUInt32LE(10),
    palette: file.subarray(paletteAt, paletteAt + colours * 4),
    masks: masksOf(file, bits, compression),
  };
}

function masksOf(file: Buffer, bits: number, compression: number): Header['masks'] {
  if (compression === 0) {
    return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0xff000000];
  }
  const mask = (at: number): number => (at + 4 <= file.length ? file.readUInt32LE(at) : 0);
  const hasAlpha = file.readUInt32LE(14) >= 56 || compression === 6;
  return [mask(54), mask(58), mask(62), hasAlpha ? mask(66) : 0];
}

type RowReader = (row: Buffer, header: Header, target: Uint8Array) => void;

const readIndexed: RowReader = (row, header, target) => {
  const perByte = 8 / header.bits;
  const mask = 2 ** header.bits - 1;
  for (let x = 0; x < header.width; x += 1) {
    const byte = row[Math.floor(x / perByte)] ?? 0;
    const index = (byte >> (8 - header.bits * ((x % perByte) + 1))) & mask;
    target[x * 4] = header.palette[index * 4 + 2] ?? 0;
    target[x * 4 + 1] = header.palette[index * 4 + 1] ?? 0;
    target[x * 4 + 2] = header.palette[index * 4] ?? 0;
    target[x * 4 + 3] = 255;
  }
};

const readBytes: RowReader = (row, header, target) => {
  for (let x = 0; x < header.width; x += 1) {
    target[x * 4] = row[x * 3 + 2] ?? 0;
    target[x * 4 + 1] = row[x * 3 + 1] ?? 0;
    target[x * 4 + 2] = row[x * 3] ?? 0;
    target[x * 4 + 3] = 255;
  }
};

const readMasked: RowReader = (row, header, target) => {
  const bytes = header.bits / 8;
  const channels = header.masks.map((mask) => ({ mask, shift: trailingZeros(mask) }));
  for (let x = 0; x < header.width; x += 1) {
    const value = bytes === 2 ? row.readUInt16LE(x * 2) : row.readUInt32LE(x * 4);
    for (const [i, { mask, shift }] of channels.entries()) {
      const top = mask >>> shift;
      const part = top === 0 ? (i === 3 ? 255 : 0) : (((value & mask) >>> shift) / top) * 255;
      target[x * 4 + i] = Math.round(part);
    }
  }
};

function trailingZeros(mask: number): number {
  return mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
}

/** Many writers leave the fourth byte empty: alpha zero everywhere means "no alpha". */
function fillMissingAlpha(data: Uint8Array): void {
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] !== 0) return;
  }
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
}
