import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_BASE } from '../../src/contract/routes.ts';
import { createSignInLink } from '../../src/services/credentials.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { errorCode, send } from '../support/http.ts';
import { listen } from '../support/stream.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const put = async (text: string) => assetOf(await putRaw(app, { bytes: Buffer.from(text), name: 'a.txt' }));

describe('an event stream', () => {
  it('of a revoked key ends before it tells another event', async () => {
    const made = await app.client.call('keys.create', { b: 'default', name: 'screen', role: 'viewer' });
    const stream = await listen({ url: app.url, key: made.secret });
    const before = await put('before');
    await expect
      .poll(() => stream.heard.some(({ asset }) => asset === before), { timeout: 60_000 })
      .toBe(true);
    await app.client.call('keys.revoke', { b: 'default', id: made.id });
    const after = await put('after');
    await expect.poll(() => stream.ended(), { timeout: 60_000 }).toBe(true);
    expect(stream.heard.map(({ asset }) => asset)).not.toContain(after);
  });

  it('is not opened by HEAD', async () => {
    const answer = await send(`${app.url}${API_BASE}/brands/default/events`, 'HEAD', { key: app.key });
    expect(answer.status).toBe(404);
  });
});

describe('a sign-in link', () => {
  it.each([
    ['HEAD', {}],
    ['GET', { purpose: 'prefetch' }],
    ['GET', { 'sec-purpose': 'prefetch;prerender' }],
    ['GET', { 'x-moz': 'prefetch' }],
  ] as const)('is not used up by %s with %j', async (method, headers) => {
    const link = await createSignInLink(app.app.deps);
    const looked = await send(link, method, { headers });
    expect(looked.status).not.toBe(303);
    expect(looked.headers['set-cookie']).toBeUndefined();
    const opened = await send(link, 'GET', { headers: { 'sec-purpose': '' } });
    expect([opened.status, opened.headers['location']]).toEqual([303, '/library']);
    expect(opened.headers['set-cookie']?.[0]).toContain('backlot_session=');
  });
});

it('a used sign-in link shows a browser the page, and a program the reason', async () => {
  const link = await createSignInLink(app.app.deps);
  await send(link, 'GET');
  const shown = await send(link, 'GET', { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect([shown.status, shown.headers['location']]).toEqual([303, '/sign-in?used']);
  expect((await send(link, 'GET')).status).toBe(410);
});

describe('an address that is none', () => {
  it.each(['//', '///x', '//host/library'])('%s is answered without a fault', async (path) => {
    expect((await send(`${app.url}${path}`, 'GET')).status).toBeLessThan(500);
  });

  it('is refused in the form of every other refusal', async () => {
    const answer = await send(`${app.url}/%zz`, 'GET');
    expect([answer.status, errorCode(answer)]).toEqual([400, 'invalid_input']);
    expect(answer.headers['x-request-id']).toMatch(/^[\w-]{16,}$/);
  });
});

describe('every answer', () => {
  it('carries an id of its own, which a caller cannot choose', async () => {
    const ids = new Set<unknown>();
    for (const path of ['/healthz', `${API_BASE}/session`, '/library', `${API_BASE}/nothing`]) {
      const answer = await send(`${app.url}${path}`, 'GET', {
        headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
      });
      expect(answer.headers['x-request-id']).toMatch(/^[\w-]{16,}$/);
      ids.add(answer.headers['x-request-id']);
    }
    expect(ids.size).toBe(4);
  });
});
