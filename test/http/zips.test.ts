import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { send } from '../support/http.ts';
import { sha256 } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

const run = promisify(execFile);
const b = 'default';
const READ = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({i.filename: hashlib.sha256(z.read(i)).hexdigest() for i in z.infolist()}))`;

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await startApp();
  folder = await mkdtemp(path.join(tmpdir(), 'backlot-test-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, bytes: Buffer, fields: Record<string, string> = {}): Promise<string> {
  return assetOf(await putRaw(app, { bytes, name, fields }));
}
const create = (select: Parameters<typeof app.client.call<'zips.create'>>[1]['select']) =>
  app.client.call('zips.create', { b, select });
const fetchZip = (at: string, method = 'GET') => send(`${app.url}${at}`, method, { key: app.key });

test('holds the current bytes of what was chosen, under names that are unique', async () => {
  const [one, two, big] = [randomBytes(5000), randomBytes(10), randomBytes(700_000)];
  const ids = [
    await put('shot.bin', one, { tags: 'packed' }),
    await put('Shot.BIN', two, { tags: 'packed' }),
    await put('long take.mov', big, { tags: 'packed' }),
    await put('other.bin', randomBytes(20)),
  ];
  const chosen = await create({ ids: ids.slice(0, 3) });
  expect(chosen).toMatchObject({ count: 3, bytes: 705_010 });
  const answer = await fetchZip(chosen.path);
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-length': String(answer.bytes.length),
    'content-disposition': expect.stringContaining(chosen.fileName),
  });
  const file = path.join(folder, 'a.zip');
  await writeFile(file, answer.bytes);
  const { stdout } = await run('python3', ['-c', READ, file]);
  const held: Record<string, string> = JSON.parse(stdout);
  expect(Object.values(held).toSorted()).toEqual([one, two, big].map((bytes) => sha256(bytes)).toSorted());
  expect(
    Object.keys(held)
      .map((name) => name.toLowerCase())
      .toSorted(),
  ).toEqual(['long take.mov', 'shot (2).bin', 'shot.bin']);
  // It may be fetched again, and a filter chooses as ids do.
  expect((await fetchZip(chosen.path, 'HEAD')).headers['content-length']).toBe(String(answer.bytes.length));
  expect((await create({ filter: { tag: ['packed'] }, except: [ids[0] ?? ''] })).count).toBe(2);
});

test('a set for a zip is no plan of a change, and nothing is chosen out of nothing', async () => {
  const id = await put('kept.bin', randomBytes(30));
  const chosen = await create({ ids: [id] });
  await expect(app.client.call('assets.bulk', { b, apply: chosen.id })).rejects.toMatchObject({
    code: 'plan_unknown',
  });
  expect((await fetchZip(chosen.path, 'HEAD')).status).toBe(200);
  await expect(create({ filter: { tag: ['nobody has this'] } })).rejects.toMatchObject({ code: 'not_found' });
  const planned = await app.client.call('assets.bulk', {
    b,
    select: { ids: [id] },
    change: { trash: true },
    plan: true,
  });
  expect((await fetchZip(chosen.path.replace(chosen.id, planned.plan ?? ''))).status).toBe(404);
});

test('a client that leaves takes nothing down, and a file that is gone ends the download visibly', async () => {
  const id = await put('large.bin', randomBytes(8_000_000));
  const chosen = await create({ ids: [id] });
  await new Promise<void>((resolve) => {
    const going = request(`${app.url}${chosen.path}`, { headers: { authorization: `Bearer ${app.key}` } });
    going.on('error', () => undefined);
    going.on('response', (answer) => {
      answer.once('data', () => answer.destroy());
      answer.on('error', () => undefined);
      answer.on('close', resolve);
    });
    going.end();
  });
  expect((await fetchZip(chosen.path)).status).toBe(200);
  await rm(path.join(app.dataDir, 'files'), { recursive: true, force: true });
  await expect(fetchZip(chosen.path)).rejects.toThrow();
});
