import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { BLOCK_BYTES, MOST_BLOCKS } from '../domain/recipe.ts';
import type { EmbeddedBlock } from '../domain/recipe.ts';

const unpack = promisify(inflate);
/** A picture is cut into data chunks of any size; this many of a few kilobytes are a large one. */
const MOST_CHUNKS = 200_000;
const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt']);

/**
 * Texts and credentials of a PNG, also those that stand after the pixels. Only heads of chunks are read on the way, and
 * packed text is unpacked up to the bound; what is larger or broken is left out.
 */
export async function pngBlocks(file: FileHandle, size: number): Promise<EmbeddedBlock[]> {
  const blocks: EmbeddedBlock[] = [];
  const head = Buffer.alloc(8);
  let at = 8;
  for (let seen = 0; seen < MOST_CHUNKS && blocks.length < MOST_BLOCKS && at + 12 <= size; seen += 1) {
    const { bytesRead } = await file.read(head, 0, 8, at);
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (bytesRead < 8 || type === 'IEND' || at + 12 + length > size) break;
    if ((TEXTS.has(type) || type === 'caBX') && length <= BLOCK_BYTES) {
      const data = Buffer.alloc(length);
      await file.read(data, 0, length, at + 8);
      const block = type === 'caBX' ? { name: 'c2pa', bytes: data } : await textBlock(type, data);
      if (block !== null && !blocks.some(({ name }) => name === block.name)) blocks.push(block);
    }
    at += 12 + length;
  }
  return blocks;
}

/** `keyword 0 text`, with a byte for the packing in between, and two more words in the international form. */
async function textBlock(type: string, data: Buffer): Promise<EmbeddedBlock | null> {
  const end = data.indexOf(0);
  if (end < 1 || end > 79) return null;
  const keyword = data.toString('latin1', 0, end);
  const name = keyword === 'XML:com.adobe.xmp' ? 'xmp' : `png:${keyword}`;
  const rest = data.subarray(end + 1);
  if (type === 'tEXt') return { name, bytes: rest };
  if (type === 'zTXt') return unpacked(name, rest.subarray(1));
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = rest.subarray(translated + 1);
  return rest[0] === 1 ? unpacked(name, text) : { name, bytes: text };
}

async function unpacked(name: string, packed: Buffer): Promise<EmbeddedBlock | null> {
  try {
    return { name, bytes: await unpack(packed, { maxOutputLength: BLOCK_BYTES }) };
  } catch {
    return null;
  }
}
