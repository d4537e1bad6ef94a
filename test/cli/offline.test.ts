import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { freshProgram, runProgram } from './support.ts';

// Every command is a process of its own, and the cores may be busy with other tests.
vi.setConfig({ testTimeout: 90_000 });

let app: TestApp;
beforeAll(async () => {
  freshProgram();
  app = await startApp();
});
afterAll(() => app.close());

/** A command on the library itself; no key, no address of the server. */
const run = (...args: string[]) =>
  runProgram(args, { DATABASE_URL: app.database.url, BACKLOT_DATA_DIR: app.dataDir });

const statusWith = async (key: string) =>
  (await fetch(`${app.url}/api/v1/session`, { headers: { authorization: `Bearer ${key}` } })).status;

test('brands are made once each, and keys open the one that is named', async () => {
  const made = await run('brands', 'create', '--slug', 'acme', '--name', 'Acme Films', '--json');
  expect([made.code, JSON.parse(made.out)]).toMatchObject([0, { slug: 'acme', name: 'Acme Films' }]);
  const again = await run('brands', 'create', '--slug', 'acme');
  expect([again.code, again.error]).toEqual([1, expect.stringContaining('short name')]);
  expect((await run('brands', 'create', '--slug', 'Not This')).code).toBe(2);
  expect((await run('brands', 'list')).out).toMatch(/acme\s+Acme Films/);
  const key = await run('keys', 'create', '--brand', 'acme', '--role', 'viewer', '--name', 'x', '--quiet');
  expect(await statusWith(key.out.trim())).toBe(200);
});

test('a port that is taken is told with what to do', async () => {
  const failed = await run('start', '--port', new URL(app.url).port);
  expect([failed.code, failed.error]).toEqual([1, expect.stringContaining('npm start -- --port')]);
});

describe('keys', () => {
  test('prints the key alone, which works at once on the running server until it is revoked', async () => {
    const made = await run(
      'keys',
      'create',
      '--brand',
      'default',
      '--role',
      'viewer',
      '--name',
      'ci',
      '--quiet',
    );
    expect(made).toMatchObject({ code: 0, error: '' });
    expect(made.out).toMatch(/^bkl_[A-Za-z0-9]{8}_[A-Za-z0-9]{43}\n$/);
    const key = made.out.trim();
    expect(await statusWith(key)).toBe(200);
    const listed = JSON.parse((await run('keys', 'list', '--json')).out) as {
      items: { id: string; name: string }[];
    };
    const id = listed.items.find((item) => item.name === 'ci')?.id ?? '';
    expect(key.startsWith(`bkl_${id}_`)).toBe(true);
    expect((await run('keys', 'revoke', id)).code).toBe(0);
    expect(await statusWith(key)).toBe(401);
  });

  test('names the brands there are when asked for another', async () => {
    const ran = await run('keys', 'create', '--brand', 'nowhere', '--role', 'editor', '--name', 'x');
    expect(ran.code).toBe(1);
    expect(ran.error).toContain('default');
  });

  test('says what is wrong with the command line, with exit code 2', async () => {
    const ran = await run('keys', 'create', '--role', 'boss', '--name', 'x');
    expect(ran.code).toBe(2);
    expect(ran.error).toContain('--role must be one of owner, editor, contributor, viewer.');
    expect(ran.error).toContain('Usage: backlot keys create');
  });
});

test('sign-in prints a link that opens the library once', async () => {
  const ran = await run('sign-in', '--url', app.url);
  const follow = () => fetch(ran.out.trim(), { redirect: 'manual' });
  const first = await follow();
  expect(first.status).toBe(303);
  expect(first.headers.get('set-cookie')).toContain('HttpOnly');
  expect((await follow()).status).toBe(410);
});

test('plan set changes what it names and leaves the rest', async () => {
  const before = JSON.parse((await run('plan', 'show', '--json')).out) as { capBytes: { audio: number } };
  const ran = await run(
    'plan',
    'set',
    '--quota',
    '50GB',
    '--cap',
    'video=2GB',
    '--trash-days',
    '7',
    '--json',
  );
  expect(JSON.parse(ran.out)).toMatchObject({
    quotaBytes: 50e9,
    trashDays: 7,
    capBytes: { video: 2e9, audio: before.capBytes.audio },
  });
  const storage = await app.client.call('storage.get', {});
  expect(storage).toMatchObject({ limitBytes: 50e9, caps: { video: 2e9 }, trash: { keepDays: 7 } });
  expect((await run('plan', 'set', '--quota', 'lots')).code).toBe(2);
  expect((await run('plan', 'set')).code).toBe(2);
});

test('sweep and reconcile run beside the server and remove nothing that is named', async () => {
  await fetch(`${app.url}/api/v1/brands/default/uploads?name=kept.txt`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${app.key}` },
    body: 'kept',
  });
  expect((await run('sweep')).code).toBe(0);
  const ran = await run('reconcile', '--grace-hours', '0', '--json');
  expect(JSON.parse(ran.out)).toEqual({ orphans: 0, removed: 0 });
});

describe('without a server', () => {
  test('says that none answers, and how to get a key', async () => {
    const lonely = { BACKLOT_URL: 'http://127.0.0.1:9' };
    const silent = await runProgram(['list'], { ...lonely, BACKLOT_KEY: app.key });
    expect(silent.code).toBe(1);
    expect(silent.error).toContain('No Backlot answers at http://127.0.0.1:9.');
    const keyless = await runProgram(['list'], lonely);
    expect(keyless.code).toBe(1);
    expect(keyless.error).toContain('npx backlot keys create');
  });

  test('makes the first key of a library that has never been started', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'backlot-test-'));
    try {
      const args = ['keys', 'create', '--role', 'owner', '--name', 'first', '--quiet'];
      const ran = await runProgram(args, { BACKLOT_DATA_DIR: dataDir });
      expect(ran.out).toMatch(/^bkl_/);
      expect(ran.error).toContain(dataDir);
      expect((await runProgram(['keys', 'list'], { BACKLOT_DATA_DIR: dataDir })).out).toContain('first');
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
