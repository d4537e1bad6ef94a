import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/contract/operations.ts';
import type { OperationShape } from '../../src/contract/operations.ts';
import { API_BASE, ROUTES } from '../../src/contract/routes.ts';
import type { OperationName } from '../../src/contract/routes.ts';
import { findBrand } from '../../src/database/workspace.ts';
import { ROLES, verbsOf } from '../../src/domain/access.ts';
import { createSignInLink } from '../../src/services/credentials.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { addressOf, errorCode, field, send, textField } from '../support/http.ts';
import type { Answer, Sending } from '../support/http.ts';
import { snapshotBrand, storedFiles } from '../support/state.ts';

const names = Object.keys(ROUTES) as OperationName[];
const verbOf = (name: OperationName) => (OPERATIONS[name] as OperationShape).verb;

let app: TestApp;
let brandId: string;
let asset: string;

beforeAll(async () => {
  app = await startApp({ worker: true });
  const answer = await send(`${app.url}${API_BASE}/brands/default/uploads?name=kept.txt`, 'PUT', {
    key: app.key,
    body: 'kept',
  });
  asset = textField(answer.json, 'id');
  brandId = (await findBrand(app.app.deps.database.workspace, 'default'))?.id ?? '';
  // Its sidecar comes seconds later, and would look like somebody's doing.
  await app.quiet();
});
afterAll(() => app.close());

function ask(
  name: OperationName,
  sending: Sending,
  values: Record<string, string | number> = {},
): Promise<Answer> {
  const { method, path } = addressOf(name, {
    b: 'default',
    id: asset,
    name: 'thumbnail',
    n: 1,
    token: 'x.y',
    ...values,
  });
  return send(`${app.url}${path}`, method, sending);
}

const state = async () => ({
  rows: await snapshotBrand(app.app.deps.database, brandId),
  files: await storedFiles(app.dataDir),
});

describe('without a good credential', () => {
  it.each(names.filter((name) => verbOf(name) !== null))('%s answers 401 and does nothing', async (name) => {
    const before = await state();
    const revoked = await app.client.call('keys.create', { b: 'default', name: 'old', role: 'owner' });
    await app.client.call('keys.revoke', { b: 'default', id: revoked.id });
    const good = app.key;
    const bad: Sending[] = [
      {},
      { key: 'bkl_' },
      { key: 'A'.repeat(4000) },
      { key: revoked.secret },
      { key: `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}` },
      { key: good.toLowerCase() },
      { headers: { authorization: `Basic ${Buffer.from(`x:${good}`).toString('base64')}` } },
      { headers: { authorization: good } },
      { headers: { cookie: `backlot_session=${good}` } },
      { headers: { cookie: 'backlot_session=' } },
    ];
    for (const sending of bad) {
      const answer = await ask(name, sending);
      expect([answer.status, errorCode(answer)]).toEqual([401, 'not_signed_in']);
    }
    expect(await state()).toEqual(before);
  });

  it('a signed link needs none, and a made-up one is refused', async () => {
    expect((await ask('files.signed', {})).status).toBe(403);
    expect((await ask('files.signed', { key: app.key })).status).toBe(403);
  });

  it('health, the contract and the page are open and tell no version', async () => {
    for (const path of ['/healthz', '/readyz', `${API_BASE}/openapi.json`]) {
      const answer = await send(`${app.url}${path}`, 'GET');
      expect(answer.status).toBe(200);
      expect(answer.headers['server']).toBeUndefined();
      expect(answer.headers['x-powered-by']).toBeUndefined();
    }
    expect((await send(`${app.url}${API_BASE}/nothing`, 'GET')).status).toBe(404);
  });
});

describe('a role', () => {
  const forbidden = ROLES.flatMap((role) =>
    names.flatMap((name) => {
      const verb = verbOf(name);
      return verb === null || verbsOf(role).includes(verb) ? [] : [{ role, name, verb }];
    }),
  );

  it.each(forbidden)('$role may not $verb: $name', async ({ role, name }) => {
    const key = await app.keyFor('default', role);
    const before = await state();
    const answer = await ask(name, { key, headers: { 'tus-resumable': '1.0.0', 'upload-length': '3' } });
    expect([answer.status, errorCode(answer)]).toEqual([403, 'not_permitted']);
    expect(await state()).toEqual(before);
  });

  it('hands out no more than it holds, and no key changes itself', async () => {
    for (const role of ['viewer', 'contributor', 'editor'] as const) {
      const key = await app.keyFor('default', role);
      const answer = await ask('keys.create', { key, json: { name: 'stronger', role: 'owner' } });
      expect(answer.status).toBe(403);
      const own = key.split('_')[1] ?? '';
      expect((await ask('keys.revoke', { key }, { id: own })).status).toBe(403);
      expect((await ask('keys.list', { key })).status).toBe(403);
    }
  });

  it('never sees the secret of a key again', async () => {
    const made = await app.client.call('keys.create', { b: 'default', name: 'once', role: 'viewer' });
    const list = await ask('keys.list', { key: app.key });
    expect(list.text).not.toContain(made.secret.split('_')[2] ?? made.secret);
  });

  it('ends with the next request after its key is revoked, however busy it is', async () => {
    const made = await app.client.call('keys.create', { b: 'default', name: 'short', role: 'viewer' });
    const use = () => ask('assets.list', { key: made.secret });
    expect((await use()).status).toBe(200);
    const busy = Promise.all(Array.from({ length: 20 }, use));
    await app.client.call('keys.revoke', { b: 'default', id: made.id });
    const after = await Promise.all(Array.from({ length: 20 }, use));
    expect(after.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 401));
    await busy;
  });
});

async function signIn(): Promise<string> {
  const answer = await send(await createSignInLink(app.app.deps), 'GET');
  expect([answer.status, answer.headers.location]).toEqual([303, '/library']);
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^backlot_session=\w{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  return cookie.split(';')[0] ?? '';
}

describe('a session', () => {
  it('comes from a link that works once, whoever is first', async () => {
    const link = await createSignInLink(app.app.deps);
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(link, 'GET')));
    expect(answers.filter((answer) => answer.headers['set-cookie'] !== undefined)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 410)).toHaveLength(9);
    expect((await send(`${link.slice(0, -1)}_`, 'GET')).status).toBe(410);
  });

  it('is never the one that a visitor brought along', async () => {
    const planted = `backlot_session=${'a'.repeat(43)}`;
    const answer = await send(await createSignInLink(app.app.deps), 'GET', { headers: { cookie: planted } });
    expect(answer.headers['set-cookie']?.[0]?.startsWith(planted)).toBe(false);
    expect((await ask('session.get', { headers: { cookie: planted } })).status).toBe(401);
  });

  it('opens every brand to the owner and ends on the server', async () => {
    const cookie = await signIn();
    const own = { cookie, origin: app.url };
    expect(field((await ask('session.get', { headers: own })).json, 'kind')).toBe('owner');
    const end = await ask('session.end', { headers: own });
    expect(end.headers['set-cookie']?.[0]).toMatch(/Max-Age=0/);
    expect((await ask('session.get', { headers: own })).status).toBe(401);
  });

  const host = () => new URL(app.url).host;
  const SITES: readonly { name: string; headers: () => Record<string, string>; allowed: boolean }[] = [
    { name: 'nothing said', headers: () => ({}), allowed: false },
    { name: 'another origin', headers: () => ({ origin: 'https://evil.example' }), allowed: false },
    { name: 'a hidden origin', headers: () => ({ origin: 'null' }), allowed: false },
    {
      name: 'an origin that begins alike',
      headers: () => ({ origin: `http://${host()}.evil.example` }),
      allowed: false,
    },
    {
      name: 'an origin with the host as its user',
      headers: () => ({ origin: `http://${host()}@evil.example` }),
      allowed: false,
    },
    { name: 'another port', headers: () => ({ origin: 'http://127.0.0.1:1' }), allowed: false },
    {
      name: 'cross-site',
      headers: () => ({ 'sec-fetch-site': 'cross-site', origin: app.url }),
      allowed: false,
    },
    {
      name: 'same-site',
      headers: () => ({ 'sec-fetch-site': 'same-site', origin: app.url }),
      allowed: false,
    },
    { name: 'typed into the bar', headers: () => ({ 'sec-fetch-site': 'none' }), allowed: false },
    { name: 'the page itself', headers: () => ({ 'sec-fetch-site': 'same-origin' }), allowed: true },
    { name: 'the page itself, older browser', headers: () => ({ origin: app.url }), allowed: true },
  ];

  it.each(SITES)('changes something on a request from $name: $allowed', async ({ headers, allowed }) => {
    const cookie = await signIn();
    const changing: readonly [OperationName, Sending][] = [
      ['assets.update', { json: { sceneHint: 'a hint' } }],
      ['uploads.check', { json: { files: [{ size: 1, name: 'a' }] } }],
      ['uploads.put', { body: `sent ${Math.random()}` }],
      ['storage.check', { json: { bytes: 1 } }],
      ['assets.trash', {}],
      ['assets.restore', {}],
    ];
    for (const [name, sending] of changing) {
      const before = await state();
      const answer = await ask(name, { ...sending, headers: { cookie, ...headers() } });
      if (allowed) expect(answer.status).toBeLessThan(300);
      else {
        expect([answer.status, errorCode(answer)]).toEqual([403, 'cross_site']);
        expect(await state()).toEqual(before);
      }
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('lets no other site read: no answer carries a permission for another origin', async () => {
    const cookie = await signIn();
    const headers = { cookie, origin: 'https://evil.example', 'access-control-request-method': 'PUT' };
    const reads: readonly OperationName[] = [
      'assets.list',
      'session.get',
      'files.get',
      'storage.get',
      'uploads.resumable',
    ];
    for (const name of reads) {
      const { path } = addressOf(name, { b: 'default', id: asset });
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await send(`${app.url}${path}`, method, { headers });
        expect(answer.headers['access-control-allow-origin']).not.toBe('https://evil.example');
        expect(answer.headers['access-control-allow-origin']).not.toBe('*');
      }
    }
  });
});
