import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweep } from '../../src/services/sweep.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { errorCode, send } from '../support/http.ts';
import { sha256, standing, storageFaults, temporaryFiles } from '../support/state.ts';
import {
  TUS,
  assetOf,
  putRaw,
  sendCut,
  tusCreate,
  tusHead,
  tusPatch,
  uploadsPath,
} from '../support/uploading.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function begin(length: number, fields: Record<string, string> = {}): Promise<string> {
  const answer = await tusCreate(app, { name: 'walk.dat', length, fields });
  expect([answer.status, answer.text]).toEqual([201, '']);
  expect(answer.headers.location).toMatch(/\/uploads\/resumable\/[\w-]{22}$/);
  return answer.headers.location ?? '';
}

const patch = (location: string, offset: number, bytes: Buffer) => tusPatch(app, { location, offset, bytes });
const offsetOf = async (location: string) => Number((await tusHead(app, location)).headers['upload-offset']);
const fileOf = (location: string) =>
  path.join(app.dataDir, 'files/.resumable', location.split('/').at(-1) ?? '');

async function expectWhole(id: string, bytes: Buffer): Promise<void> {
  const asset = await app.client.call('assets.get', { b: 'default', id });
  expect([asset.size, asset.sha256]).toEqual([bytes.length, sha256(bytes)]);
  expect(await temporaryFiles(app.dataDir)).toEqual([]);
}

describe('a resumable upload', () => {
  it('arrives in pieces, and its asset is named with the last one', async () => {
    const bytes = randomBytes(2_500_000);
    const location = await begin(bytes.length, { tags: 'sea,sky', mustInclude: 'true' });
    expect((await standing(app)).reserved).toBe(bytes.length);
    let last = '';
    for (let offset = 0; offset < bytes.length; offset += 1_000_000) {
      expect(await offsetOf(location)).toBe(offset);
      const answer = await patch(location, offset, bytes.subarray(offset, offset + 1_000_000));
      expect(answer.status).toBe(204);
      last = assetOf(answer);
    }
    await expectWhole(last, bytes);
    expect(await app.client.call('assets.get', { b: 'default', id: last })).toMatchObject({
      tags: ['sea', 'sky'],
      mustInclude: true,
    });
    expect((await standing(app)).reserved).toBe(0);
    const head = await tusHead(app, location);
    expect([head.status, assetOf(head)]).toEqual([200, last]);
  });

  it('goes on at the bytes that are there after any cut', { timeout: 240_000 }, async () => {
    for (let round = 0; round < 20; round += 1) {
      const bytes = randomBytes(400_000 + round * 7919);
      const location = await begin(bytes.length);
      for (const share of [0.01, 0.5, 0.99, 1]) {
        const offset = await offsetOf(location);
        await sendCut(app, {
          method: 'PATCH',
          path: location,
          headers: {
            ...TUS,
            'upload-offset': String(offset),
            'content-type': 'application/offset+octet-stream',
          },
          body: bytes.subarray(offset),
          share: share * 0.5,
        });
      }
      let answer = await patch(location, await offsetOf(location), Buffer.alloc(0));
      for (let tries = 0; assetOf(answer) === '' && tries < 20; tries += 1) {
        const offset = await offsetOf(location);
        answer = await patch(location, offset, bytes.subarray(offset));
      }
      await expectWhole(assetOf(answer), bytes);
    }
  });

  it('refuses a wrong offset and keeps the right one', async () => {
    const bytes = randomBytes(1000);
    const location = await begin(bytes.length);
    await patch(location, 0, bytes.subarray(0, 400));
    for (const wrong of [0, 399, 401, 1000]) {
      expect((await patch(location, wrong, bytes.subarray(wrong))).status).toBe(409);
    }
    expect(await offsetOf(location)).toBe(400);
    await expectWhole(assetOf(await patch(location, 400, bytes.subarray(400))), bytes);
  });

  it('refuses what the protocol forbids', async () => {
    const location = await begin(10);
    const ask = (method: string, headers: Record<string, string>, body = 'x') =>
      send(`${app.url}${location}`, method, { key: app.key, headers, body });
    const offset = { 'upload-offset': '0' };
    const type = { 'content-type': 'application/offset+octet-stream' };
    expect((await ask('PATCH', { ...offset, ...type })).status).toBe(412);
    expect((await ask('PATCH', { ...TUS, ...type })).status).toBe(403);
    expect(
      (await ask('PATCH', { ...TUS, ...offset, 'content-type': 'text/plain' })).status,
    ).toBeGreaterThanOrEqual(400);
    expect((await ask('PATCH', { ...TUS, ...type, 'upload-offset': '-1' })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect(
      (await ask('PATCH', { ...TUS, ...offset, ...type }, 'more than ten')).status,
    ).toBeGreaterThanOrEqual(400);
    expect(await offsetOf(location)).toBeLessThanOrEqual(10);
    const create = (headers: Record<string, string>) =>
      send(`${app.url}${uploadsPath(app)}/resumable`, 'POST', {
        key: app.key,
        headers: { ...TUS, ...headers },
        body: '',
      });
    expect((await create({})).status).toBe(400);
    expect((await create({ 'upload-defer-length': '1' })).status).toBeGreaterThanOrEqual(400);
    expect((await create({ 'upload-length': '-5' })).status).toBeGreaterThanOrEqual(400);
    expect(
      (await create({ 'upload-length': '5', 'upload-metadata': 'filename ???' })).status,
    ).toBeGreaterThanOrEqual(400);
    await send(`${app.url}${location}`, 'DELETE', { key: app.key, headers: TUS });
  });

  it('is completed by a look when a crash came between its last byte and the answer', async () => {
    const bytes = randomBytes(5000);
    const location = await begin(bytes.length);
    await writeFile(fileOf(location), bytes);
    const heads = await Promise.all(Array.from({ length: 8 }, () => tusHead(app, location)));
    expect(heads.map((head) => head.status)).toEqual(heads.map(() => 200));
    expect(new Set(heads.map(assetOf)).size).toBe(1);
    await expectWhole(assetOf(heads[0] ?? (await tusHead(app, location))), bytes);
    expect(await storageFaults(app.app.deps.database, app.dataDir)).toEqual([]);
  });

  it('given up frees its bytes and its room, and is gone', async () => {
    const before = await standing(app);
    const location = await begin(100_000);
    await patch(location, 0, randomBytes(60_000));
    const answer = await send(`${app.url}${location}`, 'DELETE', { key: app.key, headers: TUS });
    expect(answer.status).toBe(204);
    expect(await standing(app)).toEqual(before);
    expect((await tusHead(app, location)).status).toBe(404);
    expect((await patch(location, 60_000, randomBytes(40_000))).status).toBe(404);
    expect(await standing(app)).toEqual(before);
  });

  it('that two senders write at once takes the bytes of one', { timeout: 240_000 }, async () => {
    for (let round = 0; round < 30; round += 1) {
      const [first, second] = [randomBytes(300_000), randomBytes(300_000)];
      const location = await begin(first.length);
      const answers = await Promise.all(
        [patch(location, 0, first), patch(location, 0, second)].map((sent) => sent.catch(() => null)),
      );
      const statuses = answers.map((answer) => answer?.status ?? 0);
      // 404 is for a piece that waited its turn until the other sender had finished the upload.
      expect(statuses.filter((status) => status === 204).length).toBeLessThanOrEqual(1);
      expect(
        statuses.every((status) => [0, 204, 400, 404, 409, 423].includes(status)),
        String(statuses),
      ).toBe(true);
      let done = answers.find((answer) => answer?.status === 204);
      const offset = await offsetOf(location).catch(() => 0);
      if (done === undefined && offset < first.length) {
        done = await patch(location, offset, first.subarray(offset));
      }
      const id = assetOf(done ?? (await tusHead(app, location)));
      const asset = await app.client.call('assets.get', { b: 'default', id });
      if (offset === first.length) expect([sha256(first), sha256(second)]).toContain(asset.sha256);
    }
    expect(await storageFaults(app.app.deps.database, app.dataDir)).toEqual([]);
  });

  it('that nobody comes back for is swept, its room returned, and later pieces are refused', async () => {
    const before = await standing(app);
    const location = await begin(80_000);
    await patch(location, 0, randomBytes(30_000));
    const { database } = app.app.deps;
    await sql`update upload set touched_at = now() - interval '25 hours' where asset_id is null`.execute(
      database.workspace,
    );
    await sweep(app.app.deps);
    expect(await standing(app)).toEqual(before);
    expect((await patch(location, 30_000, randomBytes(50_000))).status).toBe(404);
  });

  it('whose room has run out is refused rather than stored over the quota', async () => {
    const { database } = app.app.deps;
    const bytes = randomBytes(50_000);
    const { used } = await standing(app);
    await app.setPlan({ quotaBytes: used + 60_000 });
    const location = await begin(bytes.length);
    await patch(location, 0, bytes.subarray(0, 20_000));
    await sql`update reservation set expires_at = now() - interval '1 second'`.execute(database.workspace);
    await sweep(app.app.deps);
    const other = await putRaw(app, { bytes: randomBytes(55_000), name: 'quicker.dat' });
    expect(other.status).toBe(201);
    const late = await patch(location, 20_000, bytes.subarray(20_000));
    expect([late.status, errorCode(late)]).toEqual([507, 'over_quota']);
    const after = await standing(app);
    expect(after.used).toBeLessThanOrEqual(used + 60_000);
    expect(after.reserved).toBe(0);
    await app.setPlan({});
    expect(assetOf(await tusHead(app, location))).toMatch(/^AST-/);
  });
});
