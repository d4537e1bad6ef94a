import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_BASE } from '../../src/contract/routes.ts';
import { makeFixtures } from '../../scripts/fixtures.js';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { errorCode, field, send, textField } from '../support/http.ts';
import type { Answer } from '../support/http.ts';
import { understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
let fixtures: string;
let photo: string;
let logo: string;
let viewer: string;
beforeAll(async () => {
  fixtures = await makeFixtures();
  app = await startApp({
    worker: true,
    settings: {
      BACKLOT_PICTURE_SIZES: '200,640,100x100:cover,120x120:contain',
      BACKLOT_PICTURE_CACHE: '10MB',
    },
  });
  viewer = await app.keyFor('default', 'viewer');
  photo = await put('image/rotated-exif-6.jpg');
  logo = await put('image/logo-transparent.png');
  await understood(app);
}, 180_000);
afterAll(() => app.close());

async function put(name: string): Promise<string> {
  const bytes = await readFile(path.join(fixtures, name));
  return assetOf(await putRaw(app, { bytes, name: path.basename(name) }));
}
const at = (id: string, query: string) => `${API_BASE}/brands/default/assets/${id}/picture?${query}`;
const get = (where: string, headers: Record<string, string> = {}, key: string | null = viewer) =>
  send(where.startsWith('http') ? where : `${app.url}${where}`, 'GET', {
    headers,
    ...(key === null ? {} : { key }),
  });
const link = (id: string, json: object, key = app.key) =>
  send(`${app.url}${API_BASE}/brands/default/assets/${id}/links`, 'POST', { key, json });
async function drawn(answer: Answer) {
  expect(answer.status).toBe(200);
  const { format, width, height, exif, icc, xmp, orientation, hasAlpha } = await sharp(
    answer.bytes,
  ).metadata();
  return { format, width, height, said: [exif, icc, xmp, orientation], hasAlpha };
}
const made = async () =>
  (await readdir(path.join(app.dataDir, 'pictures'), { recursive: true })).filter((name) =>
    /\.(webp|jpeg|avif|png)$/.test(name),
  );

describe('a picture on offer', () => {
  it.each([
    ['w=200', { format: 'webp', width: 200, height: 300 }],
    ['w=200&format=jpeg', { format: 'jpeg', width: 200, height: 300 }],
    ['w=200&format=avif', { format: 'heif', width: 200, height: 300 }],
    ['w=100&h=100&fit=cover', { format: 'webp', width: 100, height: 100 }],
    ['w=120&h=120&fit=contain&format=jpeg', { format: 'jpeg', width: 120, height: 120 }],
    // It has 400 pixels and is not blown up.
    ['w=640', { format: 'webp', width: 400, height: 600 }],
  ])('%s is upright, of that size and tells nothing of the original', async (query, like) => {
    const found = await drawn(await get(at(photo, query)));
    expect(found).toMatchObject({ ...like, said: [undefined, undefined, undefined, undefined] });
  });

  it('keeps what is transparent where the format can, and lies on white where it cannot', async () => {
    const clear = await get(at(logo, 'w=120&h=120&fit=contain'));
    const solid = await get(at(logo, 'w=120&h=120&fit=contain&format=jpeg'));
    const corner = async (answer: Answer) => [...(await sharp(answer.bytes).raw().toBuffer()).subarray(0, 4)];
    expect((await drawn(clear)).hasAlpha).toBe(true);
    expect((await corner(clear))[3]).toBe(0);
    expect(Math.min(...(await corner(solid)).slice(0, 3))).toBeGreaterThan(250);
  });

  it('is the same picture to caches until there is another version', async () => {
    const first = await get(at(photo, 'w=200'));
    const etag = String(first.headers.etag);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const again = await get(at(photo, 'w=200'), { 'if-none-match': etag });
    expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, etag]);
    const fixed = await get(at(photo, 'w=200&version=1'));
    expect(fixed.headers['cache-control']).toContain('immutable');
    expect(fixed.headers.etag).toBe(etag);
    expect(fixed.headers['x-content-type-options']).toBe('nosniff');
    expect((await get(at(photo, 'w=200&format=jpeg'))).headers.etag).not.toBe(etag);
  });

  it.each([
    'w=201',
    'h=200',
    'w=200&h=200',
    'w=100&h=100',
    'w=200&format=png',
    'w=200&quality=81',
    'format=webp',
  ])('%s is refused with all that there is, and nothing is made', async (query) => {
    const before = await made();
    const answer = await get(at(photo, query));
    expect([answer.status, errorCode(answer)]).toEqual([400, 'size_not_offered']);
    expect(field(answer.json, 'error', 'details')).toEqual({
      sizes: ['w=200', 'w=640', 'w=100&h=100&fit=cover', 'w=120&h=120&fit=contain'],
      formats: ['webp', 'jpeg', 'avif'],
    });
    expect(await made()).toEqual(before);
  });

  it.each(['w=0', 'w=-1', 'w=5000', 'w=1e9', 'w=abc', 'fit=fill&w=200', 'width=200'])(
    '%s is no wish',
    async (query) => {
      expect((await get(at(photo, query))).status).toBe(400);
    },
  );

  it('is made once however many ask at once', async () => {
    const id = await put('image/desert.png');
    await understood(app);
    const before = (await made()).length;
    const answers = await Promise.all(Array.from({ length: 200 }, () => get(at(id, 'w=640'))));
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.bytes.length}`)).size).toBe(1);
    expect((await made()).length).toBe(before + 1);
  });

  it('of another kind of file comes from its preview', async () => {
    const id = await put('document/three-pages.pdf');
    const words = await put('document/notes.txt');
    await understood(app);
    expect(await drawn(await get(at(id, 'w=200')))).toMatchObject({ format: 'webp', width: 200 });
    expect(errorCode(await get(at(words, 'w=200')))).toBe('no_picture');
  });

  it('of a damaged file is refused with its reason, also when the state does not say it yet', async () => {
    const id = await put('bad/truncated.png');
    expect(errorCode(await get(at(id, 'w=200')))).toBe('no_picture');
    await understood(app);
    const answer = await get(at(id, 'w=200'));
    expect([answer.status, errorCode(answer)]).toEqual([422, 'no_picture']);
    expect(answer.text).toContain('damaged');
  });

  it('is not handed out from the trash, and a purge removes it', async () => {
    const id = await put('image/neon-street.jpg');
    await understood(app);
    const { json } = await link(id, { w: 333 });
    const url = textField(json, 'url');
    expect((await get(at(id, 'w=200'))).status).toBe(200);
    expect((await get(url, {}, null)).status).toBe(200);
    expect((await made()).filter((name) => name.includes(id))).toHaveLength(2);
    await app.client.call('assets.trash', { b: 'default', id });
    expect(errorCode(await get(at(id, 'w=200')))).toBe('in_trash');
    expect((await get(url, {}, null)).status).toBe(409);
    await app.client.call('trash.purge', { b: 'default', id });
    expect((await get(at(id, 'w=200'))).status).toBe(404);
    expect((await made()).filter((name) => name.includes(id))).toEqual([]);
  });

  it('takes nothing of the storage that is paid for', async () => {
    const before = await app.client.call('storage.get', {});
    await get(at(photo, 'w=640&format=avif'));
    expect((await app.client.call('storage.get', {})).usedBytes).toBe(before.usedBytes);
  });
});

describe('a signed link', () => {
  it('opens any size that an editor chose, from any site, without a key', async () => {
    const answer = await link(photo, { w: 150, h: 50, fit: 'cover', format: 'png' });
    const picture = await get(textField(answer.json, 'url'), { origin: 'https://elsewhere.example' }, null);
    expect(await drawn(picture)).toMatchObject({ format: 'png', width: 150, height: 50 });
    expect(picture.headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(picture.headers['cache-control']).toContain('immutable');
  });

  it('can convert without changing the size', async () => {
    const answer = await link(photo, { format: 'jpeg', quality: 40 });
    expect(await drawn(await get(textField(answer.json, 'url'), {}, null))).toMatchObject({
      format: 'jpeg',
      width: 400,
      height: 600,
    });
  });

  it('to a size that is not on offer takes the right to edit; one on offer does not', async () => {
    expect((await link(photo, { w: 200 }, viewer)).status).toBe(200);
    const refused = await link(photo, { w: 201 }, viewer);
    expect([refused.status, errorCode(refused)]).toEqual([403, 'not_permitted']);
  });

  it('covers every part: another size under the same signature opens nothing', async () => {
    const url = textField((await link(photo, { w: 200 })).json, 'url');
    const token = url.slice(url.lastIndexOf('/') + 1);
    const [payload = '', signature = ''] = token.split('.');
    const said = Buffer.from(payload, 'base64url').toString('utf8');
    for (const other of ['300x0-inside-q80.webp', '200x0-inside-q81.webp', '4096x4096-cover-q100.png']) {
      const forged = Buffer.from(said.replace('200x0-inside-q80.webp', other)).toString('base64url');
      expect(forged).not.toBe(payload);
      const answer = await get(`${API_BASE}/links/${forged}.${signature}`, {}, null);
      expect([answer.status, errorCode(answer)]).toEqual([403, 'link_expired']);
    }
  });

  it('stands for a rendition or for a picture, not for both, and for nothing beyond the largest size', async () => {
    expect((await link(photo, { w: 200, rendition: 'thumbnail' })).status).toBe(400);
    expect((await link(photo, { w: 4097 })).status).toBe(400);
  });
});

it('keeps the pictures within their room, the last used ones first', async () => {
  const room = 10e6;
  const bytes = await Promise.all(
    Array.from({ length: 9 }, (_, i) =>
      noise(1000 + i).then((data) => putRaw(app, { bytes: data, name: 'n.png' })),
    ),
  );
  const ids = bytes.map(assetOf);
  await understood(app);
  for (const id of ids) {
    const url = textField((await link(id, { w: 1000, format: 'png' })).json, 'url');
    const answer = await get(url, {}, null);
    expect(answer.bytes.length).toBeGreaterThan(1.5e6);
    const sizes = await Promise.all(
      (await made()).map(async (name) => (await stat(path.join(app.dataDir, 'pictures', name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(room);
  }
  expect((await made()).some((name) => name.includes(ids.at(-1) ?? '?'))).toBe(true);
  expect((await made()).some((name) => name.includes(ids[0] ?? '?'))).toBe(false);
}, 120_000);

/** Cannot be compressed, so that few pictures fill the room. */
async function noise(width: number): Promise<Buffer> {
  const data = Buffer.from(
    Uint8Array.from({ length: width * 700 * 3 }, () => Math.floor(Math.random() * 256)),
  );
  return sharp(data, { raw: { width, height: 700, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}
