import { type FileHandle, open } from 'node:fs/promises';

const MAX_BOXES = 10_000;

/**
 * Tells whether a file of boxes (MP4, MOV) or a RIFF file (AVI, WAV) ends before its own lengths say. False means
 * "not known to be cut", never "intact".
 */
export async function isCutShort(path: string, size: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const head = await readAt(file, 0, 16);
    if (head.length < 16) return false;
    if (head.toString('latin1', 0, 4) === 'RIFF') {
      const declared = head.readUInt32LE(4);
      // Recorders that never came back to fill in the length leave zero or all ones.
      return declared !== 0 && declared !== 0xffffffff && declared + 8 > size + 1;
    }
    if (head.toString('latin1', 4, 8) === 'ftyp') return await boxesCutShort(file, size);
    return false;
  } finally {
    await file.close();
  }
}

async function boxesCutShort(file: FileHandle, size: number): Promise<boolean> {
  let at = 0;
  for (let i = 0; i < MAX_BOXES && at < size; i += 1) {
    const head = await readAt(file, at, 16);
    if (head.length < 8) return true;
    const short = head.readUInt32BE(0);
    if (short === 0) return false;
    if (short === 1 && head.length < 16) return true;
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
    if (length < 8) return true;
    at += length;
  }
  return at > size;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
