import { randomBytes } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { API_BASE } from '../../src/contract/routes.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { errorCode, send, textField } from '../support/http.ts';
import type { Answer } from '../support/http.ts';
import { sha256, understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

/** More than what is read at once, so that both ways of reading are tried. */
const SIZES = [1000, 700_000];

let app: TestApp;
let fixtures: string;
beforeAll(async () => {
  fixtures = await makeFixtures();
  app = await startApp({ worker: true });
});
afterAll(() => app.close());

const get = (at: string, headers: Record<string, string> = {}, method = 'GET') =>
  send(at.startsWith('http') ? at : `${app.url}${at}`, method, { key: app.key, headers });

async function put(bytes: Buffer, name: string): Promise<string> {
  return assetOf(await putRaw(app, { bytes, name }));
}
const fileOf = (id: string) => `${API_BASE}/brands/default/assets/${id}/file`;

describe('ranges', () => {
  const cases: readonly {
    range: string;
    from?: (size: number) => readonly [number, number];
    status: number;
  }[] = [
    { range: 'bytes=0-0', from: () => [0, 1], status: 206 },
    { range: 'bytes=0-99', from: () => [0, 100], status: 206 },
    { range: 'bytes=100-', from: (size) => [100, size], status: 206 },
    { range: 'bytes=-1', from: (size) => [size - 1, size], status: 206 },
    { range: 'bytes=-100', from: (size) => [size - 100, size], status: 206 },
    { range: 'bytes=-99999999', from: (size) => [0, size], status: 206 },
    { range: 'bytes=0-99999999', from: (size) => [0, size], status: 206 },
    { range: 'bytes=999-999', from: () => [999, 1000], status: 206 },
    { range: `bytes=0-${'9'.repeat(400)}`, from: (size) => [0, size], status: 206 },
    { range: 'bytes=99999999-', status: 416 },
    { range: 'bytes=99999999-999999999', status: 416 },
    { range: 'bytes=-0', status: 416 },
    { range: `bytes=${'9'.repeat(400)}-`, status: 416 },
    { range: 'bytes=0-9,20-29', status: 200 },
    { range: 'bytes=20-10', status: 200 },
    { range: 'bytes=-', status: 200 },
    { range: 'bytes=a-b', status: 200 },
    { range: 'bytes=--5', status: 200 },
    { range: 'bytes=1-2-3', status: 200 },
    { range: 'items=0-5', status: 200 },
    { range: 'bytes 0-5', status: 200 },
  ];

  it.each(SIZES)('of a file of %i bytes are exact, or refused, never other bytes', async (size) => {
    const bytes = randomBytes(size);
    const id = await put(bytes, 'ranges.dat');
    for (const { range, from, status } of cases) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await get(fileOf(id), { range }, method);
        expect([range, answer.status]).toEqual([range, status]);
        if (status === 416) {
          expect(answer.headers['content-range']).toBe(`bytes */${size}`);
          continue;
        }
        const [start, end] = from?.(size) ?? [0, size];
        const part = bytes.subarray(start, end);
        expect(answer.headers['content-length']).toBe(String(part.length));
        expect(answer.bytes.equals(method === 'HEAD' ? Buffer.alloc(0) : part), range).toBe(true);
        expect(answer.headers['content-range']).toBe(from && `bytes ${start}-${end - 1}/${size}`);
      }
    }
  });

  it('follow If-Range: another validator gets the whole file', async () => {
    const bytes = randomBytes(2000);
    const id = await put(bytes, 'if-range.dat');
    const etag = String((await get(fileOf(id))).headers.etag);
    expect((await get(fileOf(id), { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get(fileOf(id), { range: 'bytes=0-9', 'if-range': '"other"' })).bytes).toHaveLength(2000);
  });

  it('of a trashed file are served until it is purged', async () => {
    const bytes = randomBytes(2000);
    const id = await put(bytes, 'trashed.dat');
    await app.client.call('assets.trash', { b: 'default', id });
    const answer = await get(fileOf(id), { range: 'bytes=10-19' });
    expect(answer.bytes.equals(bytes.subarray(10, 20))).toBe(true);
    await app.client.call('trash.purge', { b: 'default', id });
    expect((await get(fileOf(id), { range: 'bytes=10-19' })).status).toBe(404);
  });
});

describe('validators', () => {
  it('are the digest, and spare the bytes when they match', async () => {
    const bytes = randomBytes(500_000);
    const id = await put(bytes, 'etag.dat');
    const first = await get(fileOf(id));
    const etag = String(first.headers.etag);
    expect(etag).toBe(`"${sha256(bytes)}"`);
    for (const match of [etag, `W/${etag}`, `"a", ${etag}`, '*']) {
      const answer = await get(fileOf(id), { 'if-none-match': match });
      expect([answer.status, answer.bytes.length]).toEqual([304, 0]);
    }
    expect((await get(fileOf(id), { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('let a browser keep what an address with a version names, and nothing else', async () => {
    const id = await put(Buffer.from('first'), 'cache.txt');
    expect((await get(fileOf(id))).headers['cache-control']).toBe('private, no-cache');
    expect((await get(`${fileOf(id)}?version=1`)).headers['cache-control']).toMatch(
      /^private, max-age=\d+, immutable$/,
    );
  });

  it('belong to the bytes that come with them while versions are added', { timeout: 240_000 }, async () => {
    const id = await put(Buffer.from('version 1'), 'moving.txt');
    const added = new AbortController();
    const reading = (async () => {
      let torn = 0;
      while (!added.signal.aborted) {
        const answer = await get(fileOf(id));
        if (answer.status !== 200 || answer.headers.etag !== `"${sha256(answer.bytes)}"`) torn += 1;
      }
      return torn;
    })();
    for (let n = 2; n <= 60; n += 1) {
      const url = `${app.url}${API_BASE}/brands/default/assets/${id}/versions`;
      const answer = await send(url, 'PUT', { key: app.key, body: `version ${n} ${'x'.repeat(n * 50)}` });
      expect(answer.status).toBe(201);
    }
    added.abort();
    expect(await reading).toBe(0);
    expect((await get(`${fileOf(id)}?version=1`)).text).toBe('version 1');
    expect((await get(`${fileOf(id)}?version=61`)).status).toBe(404);
  });
});

describe('headers of what is served', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const html = '<!doctype html><html><body><script>alert(1)</script></body></html>';
  const cases: readonly { name: string; file?: string; bytes?: Buffer; mime: RegExp; inline: boolean }[] = [
    { name: 'picture.png', file: 'image/desert.png', mime: /^image\/png$/, inline: true },
    { name: 'picture.jpg', file: 'image/alpine-morning.jpg', mime: /^image\/jpeg$/, inline: true },
    { name: 'picture.webp', file: 'image/lake.webp', mime: /^image\/webp$/, inline: true },
    { name: 'moving.gif', file: 'image/moving.gif', mime: /^image\/gif$/, inline: true },
    { name: 'sound.wav', file: 'audio/phrase.wav', mime: /^audio\/wav$/, inline: true },
    { name: 'renamed.html', file: 'image/desert.png', mime: /^image\/png$/, inline: true },
    { name: 'drawing.svg', bytes: Buffer.from(svg), mime: /^image\/svg\+xml$/, inline: false },
    { name: 'drawing.png', bytes: Buffer.from(svg), mime: /svg|xml|text/, inline: false },
    { name: 'page.html', bytes: Buffer.from(html), mime: /^text\/(html|plain)/, inline: false },
    { name: 'page.png', bytes: Buffer.from(html), mime: /^text\/(html|plain)/, inline: false },
    { name: 'page.jpg', file: 'bad/html-named.png', mime: /^text\/(html|plain)/, inline: false },
    { name: 'paper.pdf', file: 'document/one-page.pdf', mime: /^application\/pdf$/, inline: false },
    { name: 'feed.xml', bytes: Buffer.from('<?xml version="1.0"?><a/>'), mime: /xml|text/, inline: false },
    { name: 'code.js', bytes: Buffer.from('alert(1)'), mime: /javascript|text/, inline: false },
    { name: 'bundle.zip', file: 'other/bundle.zip', mime: /^application\/zip$/, inline: false },
    { name: 'noise.png', bytes: randomBytes(500), mime: /^application\/octet-stream$/, inline: false },
  ];

  const expectSafe = (answer: Answer, inline: boolean) => {
    expect(answer.status).toBe(200);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toBe("sandbox; default-src 'none'");
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(answer.headers['content-disposition']).toMatch(inline ? /^inline;/ : /^attachment;/);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  };

  it.each(cases)('$name: inline $inline, by whichever way', async ({ name, file, bytes, mime, inline }) => {
    const id = await put(bytes ?? (await readFile(path.join(fixtures, file ?? ''))), name);
    await understood(app);
    const direct = await get(fileOf(id));
    const link = await app.client.call('files.link', { b: 'default', id });
    const forced = await app.client.call('files.link', { b: 'default', id, download: true });
    const head = await get(fileOf(id), {}, 'HEAD');
    const ways: readonly [Answer, boolean][] = [
      [direct, inline],
      [head, inline],
      [await get(`${fileOf(id)}?download=true`), false],
      [await send(link.url, 'GET'), inline],
      [await send(forced.url, 'GET'), false],
    ];
    for (const [answer, shown] of ways) {
      expectSafe(answer, shown);
      expect(answer.headers['content-type']).toMatch(mime);
    }
  });

  it('stay as safe when a body was compressed or a type was claimed', async () => {
    const url = `${app.url}${API_BASE}/brands/default/uploads?name=claimed.png`;
    const body = gzipSync('<html>');
    const headers = { 'content-type': 'image/png', 'content-encoding': 'gzip' };
    const answer = await send(url, 'PUT', { key: app.key, headers, body });
    const served = await get(textField(answer.json, 'file'));
    expectSafe(served, false);
    expect(served.headers['content-encoding']).toBeUndefined();
    expect(served.bytes.equals(body)).toBe(true);
  });

  it('of renditions are those of a picture', async () => {
    const id = await put(await readFile(path.join(fixtures, 'image/rotated-exif-6.jpg')), 'thumb.jpg');
    await understood(app);
    const asset = await app.client.call('assets.get', { b: 'default', id });
    const thumbnail = await get(asset.thumbnail ?? '');
    expectSafe(thumbnail, true);
    expect(thumbnail.headers['content-type']).toBe('image/webp');
    expect(
      (await get(asset.thumbnail ?? '', { 'if-none-match': String(thumbnail.headers.etag) })).status,
    ).toBe(304);
    for (const name of ['nothing', 'Thumbnail', '..%2F..%2Fx']) {
      const answer = await get(`${API_BASE}/brands/default/assets/${id}/renditions/${name}`);
      expect([400, 404]).toContain(answer.status);
    }
  });
});

describe('a signed link', () => {
  const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
  const open = (token: string) => send(`${app.url}${API_BASE}/links/${token}`, 'GET');

  it(
    'opens what it was made for, and nothing after any change of any character',
    { timeout: 240_000 },
    async () => {
      const id = await put(Buffer.from('behind a link'), 'link.txt');
      const { url } = await app.client.call('files.link', { b: 'default', id });
      const token = tokenOf(url);
      expect((await open(token)).text).toBe('behind a link');
      const altered = [...token].map((character, at) => {
        const other = character === 'A' ? 'B' : 'A';
        return token.slice(0, at) + other + token.slice(at + 1);
      });
      const [payload = '', signature = ''] = token.split('.');
      const shapes = [
        `${token}A`,
        `${token}=`,
        `${token}.`,
        `.${signature}`,
        `${payload}.`,
        payload,
        `${signature}.${payload}`,
      ];
      for (const wrong of [
        ...altered,
        ...shapes,
        `${payload}.${signature}.${signature}`,
        token.toLowerCase(),
      ]) {
        const answer = await open(wrong);
        expect([wrong, answer.status, errorCode(answer)]).toEqual([wrong, 403, 'link_expired']);
      }
    },
  );

  it('cannot be extended, moved or made by another key', async () => {
    const id = await put(Buffer.from('mine'), 'mine.txt');
    const other = await put(Buffer.from('other'), 'other.txt');
    const { url } = await app.client.call('files.link', { b: 'default', id, expiresIn: 60 });
    const [payload = '', signature = ''] = tokenOf(url).split('.');
    const parts = Buffer.from(payload, 'base64url').toString('utf8').split('\n');
    const changes: readonly [number, string][] = [
      [0, '00000000-0000-4000-8000-000000000000'],
      [1, other],
      [2, '2'],
      [3, 'thumbnail'],
      [4, '1'],
      [5, String(Number(parts[5]) + 1)],
    ];
    for (const [at, value] of changes) {
      const forged = parts.with(at, value).join('\n');
      const answer = await open(`${Buffer.from(forged).toString('base64url')}.${signature}`);
      expect(answer.status).toBe(403);
    }
  });

  it('ends on time, is refused for the trash, and dies with the asset', async () => {
    const id = await put(Buffer.from('for a while'), 'while.txt');
    const { signer } = app.app.deps;
    const { items } = await app.client.call('brands.list', {});
    const claim = { brandId: items[0]?.id ?? '', assetId: id, version: 1, rendition: '', download: false };
    const now = Math.floor(Date.now() / 1000);
    expect((await open(signer.sign({ ...claim, expires: now + 30 }))).status).toBe(200);
    for (const expires of [now - 1, now, 0, -1, Number.NaN]) {
      expect((await open(signer.sign({ ...claim, expires }))).status).toBe(403);
    }
    const { url, expiresAt } = await app.client.call('files.link', { b: 'default', id });
    const seconds = (Date.parse(expiresAt) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(895);
    expect(seconds).toBeLessThanOrEqual(961);
    await app.client.call('assets.trash', { b: 'default', id });
    await expect(app.client.call('files.link', { b: 'default', id })).rejects.toMatchObject({
      code: 'in_trash',
    });
    expect((await send(url, 'GET')).status).toBe(409);
    await app.client.call('assets.restore', { b: 'default', id });
    expect((await send(url, 'GET')).status).toBe(200);
    await app.client.call('assets.trash', { b: 'default', id });
    await app.client.call('trash.purge', { b: 'default', id });
    expect((await send(url, 'GET')).status).toBe(404);
  });
});

describe('bytes that are gone', () => {
  it('are said to be missing when the storage is there, and out of reach when it is not', async () => {
    const id = await put(randomBytes(300), 'lost.dat');
    const files = path.join(app.dataDir, 'files');
    await rename(files, `${files}.away`);
    const away = await get(fileOf(id));
    expect([away.status, errorCode(away)]).toEqual([503, 'storage_unavailable']);
    expect((await send(`${app.url}/readyz`, 'GET')).status).toBe(503);
    await rename(`${files}.away`, files);
    expect((await get(fileOf(id))).status).toBe(200);
    const { items } = await app.client.call('brands.list', {});
    const blob = path.join(files, items[0]?.id ?? '', 'assets/other', `${id}_v1.bin`);
    await rename(blob, `${blob}.away`);
    const gone = await get(fileOf(id));
    expect([gone.status, errorCode(gone)]).toEqual([410, 'bytes_missing']);
    await rename(`${blob}.away`, blob);
  });
});
