import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PLAN } from '../../src/domain/quota.ts';
import type { BacklotError } from '../../client/index.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { sha256, standing } from '../support/state.ts';
import type { Standing } from '../support/state.ts';

/** The outside: answers by path. */
const paths = new Map<string, RequestListener>();
const seen: { path: string; headers: Record<string, unknown> }[] = [];
const outside = createServer((request, response) => {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  seen.push({ path, headers: request.headers });
  const answer = paths.get(path);
  if (answer === undefined) response.writeHead(404).end();
  else answer(request, response);
});

let app: TestApp;
let origin: string;
let before: Standing;
beforeAll(async () => {
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const { port } = outside.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  app = await startApp({ settings: { BACKLOT_FETCH_ALLOW: `127.0.0.1:${port}` } });
});
afterAll(async () => {
  await app.close();
  outside.closeAllConnections();
  outside.close();
});
beforeEach(async () => {
  await app.setPlan({});
  before = await standing(app);
});

const fetchFrom = (url: string, more: object = {}) =>
  app.client.call('uploads.fetch', { b: 'default', url, ...more });
const refusalOf = (url: string, more: object = {}) =>
  fetchFrom(url, more).then(
    (answer) => ({ code: `answered ${answer.state}`, message: '' }),
    ({ code, message }: BacklotError) => ({ code, message }),
  );
/** Serves one body and answers its address. */
function serve(path: string, body: Buffer | string, headers: Record<string, string> = {}): string {
  paths.set(path, (_, response) => response.writeHead(200, headers).end(body));
  return origin + path;
}

describe('a file from an address', () => {
  it('comes in as an upload does, with its origin', async () => {
    const url = serve('/shoot/Harbour%20at%20dawn.txt', 'words of the sea', { 'content-type': 'text/plain' });
    const answer = await fetchFrom(`${url}?v=1&X-Amz-Signature=secret&token=secret#part`, { tags: ['sea'] });
    expect(answer).toMatchObject({
      state: 'done',
      receivedBytes: 16,
      asset: {
        name: 'Harbour at dawn',
        fileName: 'Harbour at dawn.txt',
        source: 'imported',
        tags: ['sea'],
        sha256: sha256('words of the sea'),
        reused: false,
      },
    });
    expect(answer.asset?.provenance['source']?.who).toBe(`${url}?v=1`);
    expect(seen.at(-1)?.headers).toMatchObject({ 'user-agent': 'Backlot', 'accept-encoding': 'identity' });
    expect(seen.at(-1)?.headers['authorization']).toBeUndefined();
  });

  it('is recognised when the brand holds its bytes', async () => {
    const url = serve('/twice.txt', 'the same words twice');
    const first = await fetchFrom(url);
    const second = await fetchFrom(url);
    expect(second.asset).toMatchObject({ id: first.asset?.id, reused: true });
  });

  it('is named by the answer, and by its type where the address has no ending', async () => {
    const named = serve('/download', 'named words', {
      'content-disposition': `attachment; filename="x.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`,
    });
    expect((await fetchFrom(named)).asset?.fileName).toBe('Grüße.txt');
    const typed = serve('/plain', 'typed words', { 'content-type': 'text/plain; charset=utf-8' });
    expect((await fetchFrom(typed)).asset?.fileName).toBe('plain.txt');
    const climbing = serve('/climb', 'climbing words', {
      'content-disposition': 'attachment; filename="../../etc/cron.txt"',
    });
    expect((await fetchFrom(climbing)).asset?.fileName).toBe('cron.txt');
  });

  it('is unpacked when the other side packs it unasked', async () => {
    const url = serve('/packed.txt', gzipSync('unpacked words'), { 'content-encoding': 'gzip' });
    expect((await fetchFrom(url)).asset?.sha256).toBe(sha256('unpacked words'));
  });

  it('is answered while it is still on its way, and the same request joins it', async () => {
    let finish: () => void = () => undefined;
    paths.set('/slow.txt', (_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345');
      finish = () => response.end('67890');
    });
    const asked = seen.length;
    await expect
      .poll(() => fetchFrom(`${origin}/slow.txt`, { waitSeconds: 0 }), { timeout: 30_000 })
      .toMatchObject({ state: 'running', receivedBytes: 5, totalBytes: 10, asset: null });
    finish();
    expect(await fetchFrom(`${origin}/slow.txt`)).toMatchObject({ state: 'done', asset: { size: 10 } });
    expect(seen.length - asked).toBe(1);
  });

  it('is given up when told so', async () => {
    const closed = new Promise<void>((resolve) =>
      paths.set('/endless.bin', (_, response) => {
        response.on('close', resolve);
        response.writeHead(200).write('x'.repeat(1000));
      }),
    );
    const url = `${origin}/endless.bin`;
    await expect
      .poll(async () => (await fetchFrom(url, { waitSeconds: 0 })).receivedBytes, { timeout: 30_000 })
      .toBe(1000);
    expect((await fetchFrom(url, { stop: true })).state).toBe('stopped');
    await closed;
    await expect.poll(() => standing(app), { timeout: 30_000 }).toEqual(before);
  });
});

describe('nothing is kept', () => {
  it.each([
    ['an internal address', 'http://127.0.0.1:1/', 'fetch_refused'],
    ['a metadata service', 'http://169.254.169.254/latest/meta-data/', 'fetch_refused'],
    ['a name of this machine', 'http://localhost:1/', 'fetch_refused'],
    ['another scheme', 'file:///etc/passwd', 'fetch_refused'],
    ['a password', 'http://me:secret@example.com/', 'fetch_refused'],
  ])('%s is refused', async (_, url, code) => {
    expect((await refusalOf(url)).code).toBe(code);
    expect(await standing(app)).toEqual(before);
  });

  it('of an address that is not there, of a page, of nothing', async () => {
    expect(await refusalOf(`${origin}/absent.png`)).toMatchObject({
      code: 'fetch_failed',
      message: 'The address answered 404.',
    });
    const page = serve('/watch', '<html>a player</html>', { 'content-type': 'text/html; charset=utf-8' });
    expect((await refusalOf(page)).message).toContain('web page');
    expect((await refusalOf(serve('/empty.png', ''))).code).toBe('empty_file');
    expect(await standing(app)).toEqual(before);
  });

  it('of a file that breaks off, or packs what is not packed', async () => {
    paths.set('/cut.bin', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('only this');
      response.on('finish', () => undefined);
      setImmediate(() => response.socket?.destroy());
    });
    expect(await refusalOf(`${origin}/cut.bin`)).toMatchObject({ code: 'fetch_failed' });
    const fake = serve('/fake.bin', 'no gzip at all', { 'content-encoding': 'gzip' });
    expect((await refusalOf(fake)).code).toBe('fetch_failed');
    await expect.poll(() => standing(app), { timeout: 30_000 }).toEqual(before);
  });

  it('over the cap or the quota, also when the length is not told or the bytes are packed', async () => {
    await app.setPlan({ capBytes: { ...DEFAULT_PLAN.capBytes, document: 1000 } });
    const large = 'words '.repeat(2000);
    expect((await refusalOf(serve('/told.txt', large))).code).toBe('over_cap');
    paths.set('/untold.txt', (_, response) => {
      response.writeHead(200).write(large);
      response.end(large);
    });
    expect((await refusalOf(`${origin}/untold.txt`)).code).toBe('over_cap');
    const bomb = serve('/bomb.txt', gzipSync('a'.repeat(5_000_000)), { 'content-encoding': 'gzip' });
    expect((await refusalOf(bomb)).code).toBe('over_cap');
    await app.setPlan({ quotaBytes: 100 });
    expect((await refusalOf(serve('/quota.txt', large))).code).toBe('over_quota');
    await expect.poll(() => standing(app), { timeout: 30_000 }).toEqual(before);
  });
});
