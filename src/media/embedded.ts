import type { FileHandle } from 'node:fs/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCK_BYTES, MOST_BLOCKS } from '../domain/recipe.ts';
import type { EmbeddedBlock } from '../domain/recipe.ts';
import type { Description, MediaSource } from './contract.ts';
import { credentialsIn } from './credentials.ts';
import { pngBlocks } from './png-text.ts';
import { recordOf } from './record.ts';

const EXIF = ['UserComment', 'ImageDescription', 'Make', 'Model'] as const;
/** Names of cameras are shorter than what is sought in their place. */
const LONGEST_NAME = 80;

/** What lies open before the search for blocks. */
interface Opened {
  readonly file: FileHandle;
  /** The beginning of the file. */
  readonly bytes: Buffer;
  /** Tags as exifreader groups them. */
  readonly tags: Readonly<Record<string, unknown>>;
}

/** Pieces of metadata in which generators write how a picture was made; nothing is understood here. */
export async function embeddedBlocks(source: MediaSource, opened: Opened): Promise<EmbeddedBlock[]> {
  const { mime } = source.detected;
  const isPng = mime === 'image/png' || mime === 'image/apng';
  const blocks = isPng ? await pngBlocks(opened.file, source.size) : [];
  const exif = recordOf(opened.tags['exif']);
  for (const name of EXIF) {
    const bytes = bytesOf(recordOf(exif[name])['value']);
    const isCamera = name.startsWith('M') && (bytes?.length ?? 0) <= LONGEST_NAME;
    if (bytes !== undefined && !isCamera) blocks.push({ name: `exif:${name}`, bytes });
  }
  const packet = recordOf(opened.tags['xmp'])['_raw'];
  if (typeof packet === 'string' && !blocks.some(({ name }) => name === 'xmp')) {
    blocks.push({ name: 'xmp', bytes: Buffer.from(packet) });
  }
  const credentials = isPng ? undefined : credentialsIn(opened.bytes, mime);
  if (credentials !== undefined) blocks.push({ name: 'c2pa', bytes: credentials });
  const sound = blocks.filter(({ bytes }) => bytes.length > 0 && bytes.length <= BLOCK_BYTES);
  return sound.slice(0, MOST_BLOCKS);
}

/** Undefined values come as lists of numbers, texts as lists of texts. */
function bytesOf(value: unknown): Buffer | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > BLOCK_BYTES) return undefined;
  if (value.every((one) => typeof one === 'string')) return Buffer.from(value.join('\n'));
  return value.every((one) => typeof one === 'number') ? Buffer.from(value) : undefined;
}

/** Puts the blocks beside the pictures: the way between the processes is for small things. */
export async function keepBlocks(
  blocks: readonly EmbeddedBlock[],
  scratch: string,
): Promise<NonNullable<Description['embedded']>> {
  const kept: { name: string; path: string }[] = [];
  for (const [index, { name, bytes }] of blocks.entries()) {
    const path = join(scratch, `embedded-${index}.bin`);
    await writeFile(path, bytes);
    kept.push({ name, path });
  }
  return kept;
}
