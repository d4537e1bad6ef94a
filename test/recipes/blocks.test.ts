import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { A1111, manifestStore } from '../../scripts/fixtures/recipes.js';
import { readImageMetadata } from '../../src/media/image-metadata.ts';
import { readRecipe } from '../../src/recipes/readers.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-blocks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const STORE = manifestStore({ generator: 'Adobe_Firefly', agent: 'Adobe Firefly' });
const drawn = () => sharp({ create: { width: 64, height: 48, channels: 3, background: '#264' } });

async function blocksIn(bytes: Buffer, ext: string) {
  const path = join(folder, `file.${ext}`);
  await writeFile(path, bytes);
  const detected = { mime: `image/${ext}`, ext, mediaType: 'image' as const };
  return (await readImageMetadata({ path, size: bytes.length, detected })).blocks;
}

it('takes the comment and the credentials out of an AVIF', async () => {
  const picture = await drawn()
    .withExif({ IFD2: { UserComment: A1111 } })
    .avif()
    .toBuffer();
  const purpose = Buffer.from('\0\0\0\0manifest\0\0\0\0\0\0\0\0\0');
  const body = Buffer.concat([Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'), purpose, STORE]);
  const head = Buffer.from('0000uuid');
  head.writeUInt32BE(body.length + 8);
  const blocks = await blocksIn(Buffer.concat([picture, head, body]), 'avif');
  expect(readRecipe(blocks)?.recipe).toMatchObject({ steps: 28, claim: { made: 'ai', credentials: true } });
  expect(blocks.find(({ name }) => name === 'c2pa')?.bytes).toEqual(STORE);
});

it('takes the credentials out of a WebP', async () => {
  const head = Buffer.from('C2PA0000');
  head.writeUInt32LE(STORE.length, 4);
  const blocks = await blocksIn(Buffer.concat([await drawn().webp().toBuffer(), head, STORE]), 'webp');
  expect(blocks).toEqual([{ name: 'c2pa', bytes: STORE }]);
});

it('takes nothing out of files that are cut anywhere', async () => {
  const picture = await drawn().jpeg().toBuffer();
  for (let at = 0; at < picture.length; at += 7) {
    expect(await blocksIn(picture.subarray(0, at), 'jpeg')).toEqual([]);
    expect(await blocksIn(picture.subarray(0, at), 'png')).toEqual([]);
  }
});
