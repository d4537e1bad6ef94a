import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Input } from '../../client/index.ts';
import { API_BASE } from '../../src/contract/routes.ts';
import { addRenditions } from '../../src/database/versions.ts';
import { findBrand } from '../../src/database/workspace.ts';
import { enterBrandAsSystem } from '../../src/domain/access.ts';
import { openShare, unlockShare } from '../../src/services/shared.ts';
import { readToken, shareToken } from '../../src/services/shares.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { errorCode, field, send, textField } from '../support/http.ts';
import type { Sending } from '../support/http.ts';
import { understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
let picture: string;
let other: string;
let collection: string;
const b = 'default';
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="64" height="48" fill="teal"/></svg>';

beforeAll(async () => {
  app = await startApp({ worker: true });
  const png = sharp({ create: { width: 64, height: 48, channels: 3, background: 'teal' } }).png();
  picture = await put('harbour at dawn.png', await png.toBuffer());
  other = await put('meadow.svg', SVG.replace('teal', 'green'));
  collection = (await app.client.call('collections.create', { b, name: 'For the client' })).id;
  await app.client.call('collections.add', { b, id: collection, select: { ids: [picture] } });
  await understood(app);
});
afterAll(() => app.close());

async function put(name: string, bytes: string | Buffer): Promise<string> {
  return assetOf(await putRaw(app, { bytes: Buffer.from(bytes), name }));
}
const share = (terms: Omit<Input<'shares.create'>, 'b'>) => app.client.call('shares.create', { b, ...terms });
const tokenOf = (url: string) => url.split('/').at(-1) ?? '';
/** A visitor: no key, no session. */
const visit = (url: string, rest = '', sending: Sending & { method?: string } = {}) =>
  send(`${app.url}${API_BASE}/shared/${tokenOf(url)}${rest}`, sending.method ?? 'GET', sending);
const now = () => new Date();

/** A second of silence with a comment, as recorders write places into their files. */
function wave(): Buffer {
  const chunk = (name: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body]);
  };
  const format = Buffer.from('01000100401f0000803e000002001000', 'hex');
  const list = Buffer.concat([Buffer.from('INFO'), chunk('ICMT', Buffer.from('place and camera'))]);
  const parts = [chunk('fmt ', format), chunk('LIST', list), chunk('data', Buffer.alloc(16_000))];
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...parts]));
}

async function addProxy(assetId: string, bytes: string): Promise<void> {
  const { database, store } = app.app.deps;
  const scope = enterBrandAsSystem((await findBrand(database.workspace, b))?.id ?? '');
  const storageKey = `${scope.brandId}/assets/audio/${assetId}_v1_proxy_test.mp4`;
  const sizeBytes = await store.put(storageKey, { data: Buffer.from(bytes) });
  const made = { name: 'proxy', storageKey, mime: 'video/mp4', sizeBytes, width: null, height: null };
  const renditions = [{ ...made, tool: 'test', toolVersion: '1' }];
  await database.inBrand(scope, (tx) => addRenditions(scope, tx, { assetId, n: 1, renditions }));
}

describe('a share link', () => {
  it('shows a collection by name with its live members, and nothing else of the library', async () => {
    const { url } = await share({ collection });
    const head = await visit(url);
    expect(head.json).toEqual({
      kind: 'collection',
      name: 'For the client',
      description: '',
      count: 1,
      allowDownload: false,
      zip: null,
      expiresAt: null,
    });
    expect(head.headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' });
    const list = await visit(url, '/items');
    expect(field(list.json, 'items', 0)).toMatchObject({ id: picture, name: 'harbour at dawn', file: null });
    expect(list.text).not.toContain('meadow');
    expect(Object.keys(field(list.json, 'items', 0) as object)).not.toContain('tags');
    const thumbnail = await send(app.url + textField(list.json, 'items', 0, 'thumbnail'), 'GET');
    expect([thumbnail.status, thumbnail.headers['content-type']]).toEqual([200, 'image/webp']);
    for (const what of ['thumbnail', 'preview', 'file', 'play']) {
      expect(errorCode(await visit(url, `/items/${other}/${what}`))).toBe('share_gone');
    }
    expect(errorCode(await visit(url, `/items/${picture}/file`))).toBe('no_download');
  });

  it('pages through its members, follows who comes and goes, and hides what is trashed at once', async () => {
    const many = (await app.client.call('collections.create', { b, name: 'Many' })).id;
    const { url } = await share({ collection: many, allowDownload: true });
    expect(field((await visit(url, '/items')).json, 'items')).toEqual([]);
    await app.client.call('collections.add', { b, id: many, select: { ids: [picture, other] } });
    const first = await visit(url, '/items?limit=1');
    const second = await visit(url, `/items?limit=1&after=${textField(first.json, 'next')}`);
    const seen = [textField(first.json, 'items', 0, 'id'), textField(second.json, 'items', 0, 'id')];
    expect(seen.toSorted()).toEqual([picture, other].toSorted());
    const file = () => visit(url, `/items/${other}/file`);
    expect((await file()).text).toContain('green');
    await app.client.call('assets.trash', { b, id: other });
    expect([errorCode(await file()), field((await visit(url)).json, 'count')]).toEqual(['share_gone', 1]);
    await app.client.call('assets.restore', { b, id: other });
    expect((await file()).status).toBe(200);
    await app.client.call('collections.remove', { b, id: many, select: { ids: [other] } });
    expect(errorCode(await file())).toBe('share_gone');
  });

  it('closes with its asset’s trash and with its collection’s deletion, and opens with their return', async () => {
    const single = await share({ asset: other });
    const brief = (await app.client.call('collections.create', { b, name: 'Brief' })).id;
    const whole = await share({ collection: brief });
    await app.client.call('assets.trash', { b, id: other });
    const { operation } = await app.client.call('collections.delete', { b, id: brief });
    expect([errorCode(await visit(single.url)), errorCode(await visit(whole.url))]).toEqual([
      'share_gone',
      'share_gone',
    ]);
    const { items } = await app.client.call('shares.list', { b });
    expect(items.filter((item) => [single.id, whole.id].includes(item.id)).map((item) => item.state)).toEqual(
      ['hidden', 'hidden'],
    );
    await app.client.call('assets.restore', { b, id: other });
    await app.client.call('operations.undo', { b, id: operation });
    expect([(await visit(single.url)).status, (await visit(whole.url)).status]).toEqual([200, 200]);
  });

  it('is closed at once when turned off, pictures in a browser’s cache as well, and keeps its address', async () => {
    const { id, url } = await share({ collection });
    const thumbnail = `/items/${picture}/thumbnail`;
    const shown = await visit(url, thumbnail);
    const again = () => visit(url, thumbnail, { headers: { 'if-none-match': shown.headers.etag ?? '' } });
    expect([shown.status, (await again()).status]).toEqual([200, 304]);
    expect((await app.client.call('shares.revoke', { b, id })).state).toBe('off');
    expect([
      errorCode(await again()),
      errorCode(await visit(url)),
      errorCode(await visit(url, '/items')),
    ]).toEqual(['share_gone', 'share_gone', 'share_gone']);
    const back = await app.client.call('shares.update', { b, id, on: true });
    expect([back.url, back.state, (await again()).status]).toEqual([url, 'open', 304]);
  });

  it('ends at its time', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { url } = await share({ asset: picture, expiresAt });
    const at = (time: Date) => openShare(app.app.deps, { token: tokenOf(url), proof: undefined, now: time });
    await expect(at(new Date(Date.parse(expiresAt) - 1))).resolves.toBeDefined();
    await expect(at(new Date(expiresAt))).rejects.toMatchObject({ code: 'share_gone' });
    await expect(share({ asset: picture, expiresAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('answers altered, made-up, foreign and closed addresses alike', async () => {
    const { id, url } = await share({ collection });
    const token = tokenOf(url);
    const { brandId } = readToken(app.app.deps.signer, token) ?? { brandId: '' };
    await app.client.call('shares.revoke', { b, id });
    const flipped = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const absent = shareToken(app.app.deps.signer, brandId, randomBytes(9).toString('base64url'));
    const elsewhere = shareToken(app.app.deps.signer, '00000000-0000-4000-8000-000000000000', id);
    const bodies = new Set<string>();
    for (const one of [
      token,
      flipped,
      `${token}=`,
      absent,
      elsewhere,
      'x',
      randomBytes(41).toString('base64url'),
    ]) {
      for (const rest of ['', '/items', `/items/${picture}/thumbnail`, `/items/${picture}/file`]) {
        const answer = await send(`${app.url}${API_BASE}/shared/${one}${rest}`, 'GET');
        bodies.add(`${answer.status} ${answer.text}`);
      }
      const typed = await send(`${app.url}${API_BASE}/shared/${one}/unlock`, 'POST', {
        json: { password: 'guess' },
      });
      bodies.add(`${typed.status} ${typed.text}`);
    }
    expect([...bodies]).toHaveLength(1);
    expect([...bodies][0]).toContain('share_gone');
  });

  it('hands an original out as data alone, whatever it contains, and counts views and downloads', async () => {
    const { id, url } = await share({ asset: other, allowDownload: true });
    await visit(url);
    await visit(url);
    const file = await visit(url, `/items/${other}/file`);
    expect(file.headers['content-disposition']).toMatch(/^attachment/);
    expect(file.headers['content-security-policy']).toContain('sandbox');
    expect(file.headers['x-content-type-options']).toBe('nosniff');
    await visit(url, `/items/${other}/file`, { headers: { range: 'bytes=5-9' } });
    const { items } = await app.client.call('shares.list', { b, asset: other });
    const counted = items.find((item) => item.id === id);
    expect(counted).toMatchObject({ views: 2, downloads: 1 });
    expect(counted?.lastUsedAt).not.toBeNull();
  });

  it('hands everything out as one zip where downloads are allowed, and to nobody else', async () => {
    const [one, two] = [randomBytes(3000), randomBytes(200)];
    const ids = [await put('one.bin', one), await put('two.bin', two), await put('gone.bin', randomBytes(9))];
    const gathered = (await app.client.call('collections.create', { b, name: 'Cut: final/1' })).id;
    await app.client.call('collections.add', { b, id: gathered, select: { ids } });
    await app.client.call('assets.trash', { b, id: ids[2] ?? '' });
    const { id, url } = await share({ collection: gathered });
    expect(errorCode(await visit(url, '/zip'))).toBe('no_download');
    await app.client.call('shares.update', { b, id, allowDownload: true });
    const path = textField((await visit(url)).json, 'zip');
    const zip = await send(app.url + path, 'GET');
    expect(zip.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(zip.bytes.length),
      'content-disposition': expect.stringContaining('filename="Cut_ final_1.zip"'),
      'cache-control': 'no-store',
    });
    expect([one, two].map((bytes) => zip.bytes.includes(bytes))).toEqual([true, true]);
    expect([zip.bytes.includes('one.bin'), zip.bytes.includes('gone.bin')]).toEqual([true, false]);
    expect((await send(app.url + path, 'HEAD')).headers['content-length']).toBe(String(zip.bytes.length));
    const { items } = await app.client.call('shares.list', { b, collection: gathered });
    expect(items).toMatchObject([{ downloads: 1 }]);

    await app.client.call('shares.update', { b, id, password: 'open sesame' });
    expect(errorCode(await visit(url, '/zip'))).toBe('share_locked');
    await app.client.call('shares.update', { b, id, password: null });
    await app.client.call('shares.revoke', { b, id });
    expect(errorCode(await visit(url, '/zip'))).toBe('share_gone');
    const alone = await share({ asset: ids[0] ?? '', allowDownload: true });
    expect(field((await visit(alone.url)).json, 'zip')).toBeNull();
  });

  it('hands no further file of a zip out once it is turned off', async () => {
    // The newest comes first; it is more than what waits between a server and somebody who does not read.
    const last = randomBytes(500);
    const ids = [await put('last.bin', last), await put('first.bin', randomBytes(16_000_000))];
    const gathered = (await app.client.call('collections.create', { b, name: 'Slow' })).id;
    await app.client.call('collections.add', { b, id: gathered, select: { ids } });
    const { id, url } = await share({ collection: gathered, allowDownload: true });
    const answer = await fetch(`${app.url}${API_BASE}/shared/${tokenOf(url)}/zip`);
    const reader = answer.body?.getReader();
    const received: Uint8Array[] = [(await reader?.read())?.value ?? new Uint8Array()];
    await app.client.call('shares.revoke', { b, id });
    const readOn = async () => {
      for (;;) {
        const part = await reader?.read();
        if (part?.value === undefined) return;
        received.push(part.value);
      }
    };
    await expect(readOn()).rejects.toThrow();
    expect(Buffer.concat(received).includes(last)).toBe(false);
  });

  it('never lets an original of a film or a sound out without leave, only its small copy', async () => {
    const asset = await put('wave at the pier.wav', wave());
    const mark = 'place and camera';
    const { id, url } = await share({ asset });
    const item = async () => field((await visit(url, '/items')).json, 'items', 0);
    expect(await item()).toMatchObject({ id: asset, play: null, file: null });
    const refused = await visit(url, `/items/${asset}/play`);
    expect([errorCode(refused), refused.text.includes(mark)]).toEqual(['no_download', false]);

    await app.client.call('shares.update', { b, id, allowDownload: true });
    const play = textField(await item(), 'play');
    expect((await send(app.url + play, 'GET')).text).toContain(mark);

    await app.client.call('shares.update', { b, id, allowDownload: false });
    await addProxy(asset, 'a small copy');
    expect((await send(app.url + textField(await item(), 'play'), 'GET')).text).toBe('a small copy');
  });

  it('shows the latest version only', async () => {
    const asset = await put('draft.svg', SVG.replace('teal', 'red'));
    const { url } = await share({ asset, allowDownload: true });
    await send(`${app.url}${API_BASE}/brands/${b}/assets/${asset}/versions?name=draft.svg`, 'PUT', {
      key: app.key,
      body: SVG.replace('teal', 'blue'),
    });
    expect((await visit(url, `/items/${asset}/file?v=1`)).text).toContain('blue');
  });
});

describe('a share link with a password', () => {
  const cookie = (answer: Awaited<ReturnType<typeof visit>>) =>
    String(answer.headers['set-cookie']).split(';')[0] ?? '';

  it('shows nothing until it is typed, then opens for this link alone, and closes when it changes', async () => {
    const { id, url, hasPassword } = await share({ collection, password: 'open sesame' });
    expect(hasPassword).toBe(true);
    const closed = await visit(url);
    expect([closed.status, errorCode(closed)]).toEqual([401, 'share_locked']);
    expect(closed.text).not.toContain('client');
    expect(errorCode(await visit(url, `/items/${picture}/thumbnail`))).toBe('share_locked');
    const unlock = (password: string) => visit(url, '/unlock', { method: 'POST', json: { password } });
    expect(errorCode(await unlock('open barley'))).toBe('wrong_password');
    const opened = await unlock('open sesame');
    expect(String(opened.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect(String(opened.headers['set-cookie'])).toContain(`Path=${API_BASE}/shared/${tokenOf(url)}`);
    const headers = { cookie: cookie(opened) };
    expect((await visit(url, '', { headers })).status).toBe(200);
    expect((await visit(url, `/items/${picture}/thumbnail`, { headers })).status).toBe(200);
    const second = await share({ collection, password: 'open sesame' });
    expect(errorCode(await visit(second.url, '', { headers }))).toBe('share_locked');
    await app.client.call('shares.update', { b, id, password: 'another one' });
    expect(errorCode(await visit(url, '', { headers }))).toBe('share_locked');
    await app.client.call('shares.update', { b, id, password: null });
    expect((await visit(url)).status).toBe(200);
  });

  it('takes ten tries in ten minutes, tries at once included, and the right one again after that', async () => {
    const { url } = await share({ collection, password: 'a long secret' });
    const start = now();
    const attempt = (password: string, time: Date) =>
      unlockShare(app.app.deps, { token: tokenOf(url), proof: undefined, now: time }, password).then(
        () => 'open',
        (error: unknown) => textField(error, 'code'),
      );
    const outcomes = await Promise.all(Array.from({ length: 14 }, (_, i) => attempt(`guess ${i}`, start)));
    expect(outcomes.filter((outcome) => outcome === 'wrong_password')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'too_many_tries')).toHaveLength(4);
    expect(await attempt('a long secret', start)).toBe('too_many_tries');
    expect(await attempt('a long secret', new Date(start.getTime() + 10 * 60_000))).toBe('open');
  });

  it('takes six of the ten from one address, and keeps neither other addresses nor other links out', async () => {
    const behind = await startApp({ settings: { BACKLOT_TRUST_PROXY: '1' } });
    try {
      const { id } = await behind.client.call('collections.create', { b, name: 'Brief' });
      const terms = { b, collection: id, password: 'a long secret' };
      const [one, two] = [
        await behind.client.call('shares.create', terms),
        await behind.client.call('shares.create', terms),
      ];
      const from = async (address: string, url: string, password: string) => {
        const path = `${behind.url}${API_BASE}/shared/${tokenOf(url)}/unlock`;
        // The proxy adds the last; what stands before it is the visitor's own word.
        const headers = { 'x-forwarded-for': `198.51.100.${randomBytes(1)[0] ?? 0}, ${address}` };
        const answer = await send(path, 'POST', { json: { password }, headers });
        return answer.status === 200 ? 'open' : errorCode(answer);
      };
      for (let i = 0; i < 6; i += 1)
        expect(await from('203.0.113.7', one.url, 'guess')).toBe('wrong_password');
      expect(await from('203.0.113.7', one.url, 'a long secret')).toBe('too_many_tries');
      expect(await from('203.0.113.7', two.url, 'a long secret')).toBe('open');
      expect(await from('203.0.113.8', one.url, 'a long secret')).toBe('open');
    } finally {
      await behind.close();
    }
  });

  it('believes no visitor who names an address himself', async () => {
    const { url } = await share({ collection, password: 'a long secret' });
    const codes = [];
    for (let i = 0; i < 7; i += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${i}` };
      const tried = await visit(url, '/unlock', { method: 'POST', json: { password: 'guess' }, headers });
      codes.push(errorCode(tried));
    }
    expect(codes.at(5)).toBe('wrong_password');
    expect(codes.at(6)).toBe('too_many_tries');
  });

  it('forgets that it was typed after its hours', async () => {
    const { url } = await share({ asset: picture, password: 'a long secret' });
    const start = now();
    const token = tokenOf(url);
    const { proof, seconds } = await unlockShare(
      app.app.deps,
      { token, proof: undefined, now: start },
      'a long secret',
    );
    const at = (ms: number) => openShare(app.app.deps, { token, proof, now: new Date(start.getTime() + ms) });
    await expect(at(seconds * 1000 - 2000)).resolves.toBeDefined();
    await expect(at(seconds * 1000)).rejects.toMatchObject({ code: 'share_locked' });
    const forged = proof.replace(/^\d+/, (until) => String(Number(until) + 1000));
    await expect(openShare(app.app.deps, { token, proof: forged, now: start })).rejects.toMatchObject({
      code: 'share_locked',
    });
  });
});
