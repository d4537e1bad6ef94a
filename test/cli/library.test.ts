import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { freshProgram, runProgram } from './support.ts';

// Every command is a process of its own, and the cores may be busy with other tests.
vi.setConfig({ testTimeout: 90_000 });

let app: TestApp;
let folder: string;
beforeAll(async () => {
  freshProgram();
  app = await startApp({ settings: { BACKLOT_FETCH_ALLOW: '127.0.0.1' } });
  folder = await mkdtemp(path.join(tmpdir(), 'backlot-test-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

/** A command beside the running server, as a person with a key runs it. */
const run = (...args: string[]) =>
  runProgram(args, { BACKLOT_URL: app.url, BACKLOT_KEY: app.key, DATABASE_URL: app.database.url });

async function file(name: string, bytes: Buffer | string): Promise<string> {
  const place = path.join(folder, name);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, bytes);
  return place;
}

interface Uploaded {
  uploaded: number;
  reused: number;
  failed: number;
  leftOut: number;
  bytes: number;
  files: { path: string; outcome: string; id: string | null; error: { code: string } | null }[];
}
const uploaded = (out: string) => JSON.parse(out) as Uploaded;

describe('upload', () => {
  test('sends a folder whole, leaves hidden entries and links out, and keeps every byte', async () => {
    const big = randomBytes(3_000_000);
    await file('shoot/day 1/big.bin', big);
    await file('shoot/notes.txt', 'slow pan, then hold');
    await file('shoot/.cache/junk.txt', 'no');
    await symlink(path.join(folder, 'shoot'), path.join(folder, 'shoot/loop'));
    const ran = await run('upload', path.join(folder, 'shoot'), '--tags', 'sea, evening', '--json');
    expect(ran.code).toBe(0);
    const sum = uploaded(ran.out);
    expect(sum).toMatchObject({ uploaded: 2, reused: 0, failed: 0, leftOut: 2 });
    const id = sum.files.find((one) => one.path.endsWith('big.bin'))?.id ?? '';
    const asset = await app.client.call('assets.get', { b: 'default', id });
    expect(asset.sha256).toBe(createHash('sha256').update(big).digest('hex'));
    expect(asset).toMatchObject({ fileName: 'big.bin', tags: ['sea', 'evening'] });
  });

  test('sends nothing twice, and says what failed with exit code 1', async () => {
    await file('again/one.bin', randomBytes(100_000));
    await file('again/small.txt', 'a small one');
    expect((await run('upload', path.join(folder, 'again'))).code).toBe(0);
    await file('again/empty.txt', '');
    const ran = await run('upload', path.join(folder, 'again'), path.join(folder, 'nowhere'), '--json');
    expect(ran.code).toBe(1);
    const sum = uploaded(ran.out);
    expect(sum).toMatchObject({ uploaded: 0, reused: 2, failed: 2 });
    expect(sum.bytes).toBeLessThan(100_000);
    expect(sum.files.flatMap((one) => one.error?.code ?? []).toSorted()).toEqual([
      'empty_file',
      'unreadable',
    ]);
    expect(ran.error).toContain('The file has no bytes.');
    const said = ['--tags', 'later', '--description', 'said too late', '--json'];
    for (const name of ['one.bin', 'small.txt']) {
      const more = await run('upload', path.join(folder, 'again', name), ...said);
      const [one] = uploaded(more.out).files;
      expect(one).toMatchObject({ outcome: 'reused', notApplied: ['description'] });
      expect(more.error).toContain('left as it is: description');
      const asset = await app.client.call('assets.get', { b: 'default', id: one?.id ?? '' });
      expect(asset).toMatchObject({ tags: ['later'], description: '' });
    }
    const kept = await run('upload', path.join(folder, 'again/one.bin'), '--on-duplicate', 'keep', '--json');
    expect(uploaded(kept.out)).toMatchObject({ uploaded: 1, reused: 0 });
  });

  test('prints one plain line for each file where no terminal is', async () => {
    const place = await file('plain.txt', 'plain');
    const ran = await run('upload', place);
    expect(ran.out).toMatch(/^uploaded\tAST-[0-9A-Z]{8}\t.*plain\.txt\n$/);
    expect(ran.error).toMatch(/^1 uploaded \(5 B in [\d.]+ s\)\n$/);
  });

  test('has the server fetch addresses, and says why one was not', async () => {
    const outside = createServer((_, response) => response.end('words from elsewhere'));
    await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done));
    const at = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
    const ran = await run(
      'upload',
      `${at}/elsewhere.txt`,
      'http://10.0.0.1/logo.svg',
      '--tags',
      'web',
      '--json',
    );
    outside.close();
    expect(ran.code).toBe(1);
    const [came, refused] = uploaded(ran.out).files;
    expect(came).toMatchObject({ outcome: 'uploaded', path: `${at}/elsewhere.txt` });
    expect(refused?.error?.code).toBe('fetch_refused');
    const asset = await app.client.call('assets.get', { b: 'default', id: came?.id ?? '' });
    expect(asset).toMatchObject({ name: 'elsewhere', source: 'imported', tags: ['web'] });
  });

  test('refuses before the bytes travel, with what is missing', async () => {
    await app.setPlan({ quotaBytes: 5_000_000 });
    const place = await file('huge.bin', randomBytes(6_000_000));
    const ran = await run('upload', place, '--json');
    await app.setPlan({});
    expect(ran.code).toBe(1);
    expect(uploaded(ran.out).files[0]?.error?.code).toBe('over_quota');
  });

  test('tries again when the server passes through a bad moment', async () => {
    const seen: string[] = [];
    let refusals = 1;
    const proxy = createServer((request, response) => {
      seen.push(`${request.method}`);
      if (request.method === 'PUT' && refusals > 0) {
        refusals -= 1;
        request.resume();
        return void response.writeHead(503).end('{}');
      }
      void fetch(app.url + request.url, {
        method: request.method ?? 'GET',
        headers: { authorization: `Bearer ${app.key}` },
        ...(request.method === 'PUT' ? { body: 'patience' } : {}),
      }).then(async (answer) => response.writeHead(answer.status).end(await answer.text()));
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as AddressInfo;
    const place = await file('patience.txt', 'patience');
    const ran = await run('upload', place, '--url', `http://127.0.0.1:${port}`, '--json');
    proxy.close();
    expect(ran.code).toBe(0);
    expect(uploaded(ran.out).uploaded).toBe(1);
    expect(seen).toEqual(['GET', 'PUT', 'PUT']);
  });
});

describe('list and search', () => {
  test('filter and sort by the flags of the contract', async () => {
    await run('upload', await file('Logo_Night.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'));
    const logos = await run('list', '--type', 'logo,font', '--sort', '-size', '--json');
    expect(logos.code).toBe(0);
    const { items } = JSON.parse(logos.out) as { items: { id: string; name: string }[] };
    expect(items.map((item) => item.name)).toEqual(['Logo Night']);
    const found = await run('search', 'ogo', 'nigh');
    expect(found.out.split('\t')[0]).toBe(items[0]?.id);
    expect((await run('search', 'zzzz')).error).toBe('Nothing found.\n');
  });

  test('reads every page as one JSON document', async () => {
    const ran = await run('list', '--all', '--json');
    const answer = JSON.parse(ran.out) as { items: { id: string }[]; count: number; next: null };
    const { count } = await app.client.call('assets.list', { b: 'default', count: true });
    expect(answer.count).toBe(count);
    expect(new Set(answer.items.map((item) => item.id)).size).toBe(count);
    const one = await run('list', '--limit', '1');
    expect(one.out.trim().split('\n')).toHaveLength(1);
    expect(one.error).toContain('--after');
  });
});

describe('download', () => {
  test('writes one zip of what the filters find, and of ids', async () => {
    const bytes = randomBytes(2_000_000);
    const sent = await run('upload', await file('pack/clip.bin', bytes), '--tags', 'packed', '--json');
    const place = path.join(folder, 'got.zip');
    const ran = await run('download', '--tag', 'packed', '--to', place, '--json');
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ file: place, files: 1 });
    expect((await readFile(place)).includes(bytes.subarray(0, 5000))).toBe(true);
    const id = uploaded(sent.out).files[0]?.id ?? '';
    expect((await run('download', id, '--to', place)).code).toBe(0);
    expect((await run('download')).code).toBe(2);
    const nothing = await run('download', '--tag', 'nobody', '--json');
    expect(JSON.parse(nothing.error)).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('call', () => {
  test('runs an operation with flags, and with JSON', async () => {
    const place = await file('edit.txt', 'to edit');
    const id = uploaded((await run('upload', place, '--json')).out).files[0]?.id ?? '';
    const edited = await run(
      'call',
      'assets.update',
      '--id',
      id,
      '--tags',
      'a,b',
      '--must-include',
      '--rating',
      '3',
    );
    expect(JSON.parse(edited.out)).toMatchObject({ id, tags: ['a', 'b'], mustInclude: true, rating: 3 });
    const input = JSON.stringify({ select: { ids: [id] }, change: { addTags: ['c'] } });
    const bulk = await run('call', 'assets.bulk', '--json-input', input);
    expect(JSON.parse(bulk.out)).toMatchObject({ matched: 1, changed: 1, failed: 0 });
    const off = await run('call', 'assets.update', '--id', id, '--no-must-include');
    expect(JSON.parse(off.out)).toMatchObject({ tags: ['a', 'b', 'c'], mustInclude: false });
  });

  test('answers a refusal of the server with its words and exit code 1', async () => {
    const ran = await run('call', 'assets.get', '--id', 'AST-00000000', '--json');
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.error)).toMatchObject({ error: { code: 'not_found' } });
  });
});
