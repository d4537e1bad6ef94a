import { randomBytes } from 'node:crypto';
import { readFile, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { addJob } from '../../src/database/jobs.ts';
import { findBrand } from '../../src/database/workspace.ts';
import { enterBrandAsSystem } from '../../src/domain/access.ts';
import { STATES } from '../../src/domain/asset-types.ts';
import { ingest } from '../../src/services/ingest.ts';
import { reconcile, sweep } from '../../src/services/sweep.ts';
import { emptyTrash, expireTrash, purgeClaimed } from '../../src/services/trash.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { errorCode, send } from '../support/http.ts';
import { sha256, storageFaults, storedFiles, understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

const b = 'default';
let app: TestApp;
let fixtures: string;
let brandId: string;

beforeAll(async () => {
  fixtures = await makeFixtures();
  app = await startApp({ worker: true });
  brandId = (await findBrand(app.app.deps.database.workspace, b))?.id ?? '';
});
afterAll(() => app.close());

const scope = () => enterBrandAsSystem(brandId);
const put = async (bytes = randomBytes(300), name = 'a.dat') => assetOf(await putRaw(app, { bytes, name }));
const trash = (id: string) => app.client.call('assets.trash', { b, id });
const get = (id: string) => app.client.call('assets.get', { b, id });
const isThere = (id: string) =>
  get(id).then(
    () => true,
    () => false,
  );
const faults = () => storageFaults(app.app.deps.database, app.dataDir);
const many = async (count: number) => Promise.all(Array.from({ length: count }, () => put()));
/** Moves the time of trashing into the past. */
const age = (ids: readonly string[], back: string) =>
  sql`update asset set trashed_at = now() - ${back}::interval where id = any(${[...ids]}::text[])`.execute(
    app.app.deps.database.workspace,
  );

describe('every file', () => {
  it('ends in a final state with a reason, its bytes as they came', { timeout: 240_000 }, async () => {
    const entries = await readdir(fixtures, { recursive: true, withFileTypes: true });
    const sent = new Map<string, { id: string; digest: string }>();
    for (const entry of entries.filter((one) => one.isFile() && one.name !== '.stamp')) {
      const bytes = await readFile(path.join(entry.parentPath, entry.name));
      const answer = await putRaw(app, { bytes, name: entry.name, fields: { onDuplicate: 'keep' } });
      if (bytes.length === 0) {
        expect([answer.status, errorCode(answer)]).toEqual([422, 'empty_file']);
        continue;
      }
      expect([entry.name, answer.status]).toEqual([entry.name, 201]);
      sent.set(entry.name, { id: assetOf(answer), digest: sha256(bytes) });
    }
    await understood(app);
    expect(sent.size).toBeGreaterThan(40);
    for (const [name, { id, digest }] of sent) {
      const asset = await get(id);
      expect(asset.sha256, name).toBe(digest);
      expect(
        STATES.filter((state) => state !== 'processing'),
        name,
      ).toContain(asset.state);
      if (asset.state === 'ready') expect(asset.thumbnail ?? asset.mediaType, name).not.toBe('');
      else {
        expect([name, asset.stateReason]).not.toEqual([name, null]);
        expect(asset.stateMessage?.length ?? 0, name).toBeGreaterThan(10);
      }
      expect(asset.stateMessage ?? '', name).not.toMatch(/\/tmp\/|node_modules|Error:/);
      for (const rendition of asset.renditions) {
        const picture = await send(`${app.url}${rendition.path}`, 'GET', { key: app.key });
        expect([name, rendition.name, picture.status, picture.bytes.length]).toEqual([
          name,
          rendition.name,
          200,
          rendition.size,
        ]);
      }
    }
    expect(await faults()).toEqual([]);
  });
});

describe('a job', () => {
  it(
    'delivered ten times at once leaves one set of pictures, each with its bytes',
    { timeout: 240_000 },
    async () => {
      const id = await put(await readFile(path.join(fixtures, 'image/rotated-exif-6.jpg')), 'twice.jpg');
      await understood(app);
      const before = (await get(id)).renditions.map((one) => one.name);
      const job = { brandId, assetId: id, version: 1 };
      await Promise.all(
        Array.from({ length: 10 }, () => ingest(app.app.deps, job, new AbortController().signal)),
      );
      const asset = await get(id);
      expect(asset.state).toBe('ready');
      expect(asset.renditions.map((one) => one.name)).toEqual(before);
      expect((await send(`${app.url}${asset.thumbnail ?? ''}`, 'GET', { key: app.key })).status).toBe(200);
      expect((await faults()).filter((fault) => fault.key.includes(id))).toEqual([]);
    },
  );

  it('for an asset that was purged meanwhile does nothing', async () => {
    const id = await put();
    await understood(app);
    await trash(id);
    await app.client.call('trash.purge', { b, id });
    await ingest(app.app.deps, { brandId, assetId: id, version: 1 }, new AbortController().signal);
    expect((await storedFiles(app.dataDir)).filter((file) => file.includes(id))).toEqual([]);
  });

  it('whose decoder is killed still ends in a stated state', { timeout: 240_000 }, async () => {
    const bytes = await readFile(path.join(fixtures, 'image/large-24mpx.jpg'));
    const ids = await Promise.all(
      [1, 2, 3, 4].map((n) => put(Buffer.concat([bytes, Buffer.from([n])]), `large ${n}.jpg`)),
    );
    let killed = 0;
    for (let tries = 0; tries < 1200 && killed < 3; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const pid of await childrenOf(process.pid)) {
        process.kill(pid, 'SIGKILL');
        killed += 1;
      }
    }
    await understood(app);
    for (const id of ids) {
      const asset = await get(id);
      expect(['ready', 'failed', 'ready_no_preview']).toContain(asset.state);
      if (asset.state !== 'ready') expect(asset.stateMessage).not.toBeNull();
    }
    expect(killed).toBeGreaterThan(0);
    const later = await put(await readFile(path.join(fixtures, 'image/desert.png')), 'later.png');
    await understood(app);
    expect((await get(later)).state).toBe('ready');
  });
});

/** Processes started by this one that decode, on systems that tell. */
async function childrenOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (Number(/\) \S (\d+)/.exec(stat)?.[1]) === parent && /decoder/.test(line)) found.push(Number(name));
  }
  return found;
}

describe('a purge', () => {
  it('against a restore: one of them wins, and what lives has its bytes', { timeout: 240_000 }, async () => {
    let restored = 0;
    for (let round = 0; round < 8; round += 1) {
      const ids = await many(25);
      await Promise.all(ids.map(trash));
      await Promise.all(
        ids.map(async (id, i) => {
          const steps = [
            () => app.client.call('trash.purge', { b, id }),
            () => app.client.call('assets.restore', { b, id }),
          ];
          const results = await Promise.allSettled(
            (i % 2 === 0 ? steps : steps.reverse()).map((step) => step()),
          );
          const reasons = results.flatMap((result) =>
            result.status === 'rejected' ? [result.reason.code] : [],
          );
          expect(
            reasons.every((code) => ['not_found', 'not_in_trash'].includes(code)),
            reasons.join(),
          ).toBe(true);
          expect(reasons.length).toBeLessThanOrEqual(1);
        }),
      );
      for (const id of ids) {
        if (!(await isThere(id))) continue;
        restored += 1;
        const { file, trashedAt } = await get(id);
        expect(trashedAt).toBeNull();
        expect((await send(`${app.url}${file}`, 'GET', { key: app.key })).status).toBe(200);
      }
    }
    await understood(app);
    expect(await faults()).toEqual([]);
    expect(restored).toBeLessThan(200);
  });

  it('by a list that has grown old takes nothing that was restored, nor what was only trashed', async () => {
    const ids = await many(60);
    await Promise.all(ids.map(trash));
    const { database } = app.app.deps;
    await database.inBrand(scope(), (tx) => addJob(tx, { name: 'purge', payload: { brandId } }));
    const back = ids.slice(0, 30);
    await Promise.all(back.map((id) => app.client.call('assets.restore', { b, id })));
    await purgeClaimed(app.app.deps, scope());
    for (const id of ids) expect((await get(id)).trashedAt === null).toBe(back.includes(id));
    await emptyTrash(app.app.deps, scope());
    for (const id of ids) expect(await isThere(id)).toBe(back.includes(id));
    expect(await faults()).toEqual([]);
  });

  it('waits while a production uses the asset, and says which', async () => {
    const id = await put();
    await trash(id);
    const { workspace } = app.app.deps.database;
    await sql`insert into asset_use (brand_id, asset_id, production) values (${brandId}, ${id}, 'Spring film')`.execute(
      workspace,
    );
    await age([id], '30 days');
    await expect(app.client.call('trash.purge', { b, id })).rejects.toMatchObject({
      code: 'in_use',
      details: { productions: ['Spring film'] },
    });
    await expireTrash(app.app.deps);
    expect(await app.client.call('trash.empty', { b })).toMatchObject({ kept: 1 });
    expect((await get(id)).trashedAt).not.toBeNull();
    const [other = '', live = ''] = await many(2);
    await trash(other);
    expect(await app.client.call('trash.purgeMany', { b, ids: [id, other, live] })).toMatchObject({
      purged: 1,
      kept: 1,
    });
    expect([await isThere(id), await isThere(other), await isThere(live)]).toEqual([true, false, true]);
    await sql`delete from asset_use where asset_id = ${id}`.execute(workspace);
    expect(await app.client.call('trash.purge', { b, id })).toMatchObject({ purged: 1 });
  });

  it('by four processes at once removes each item once', { timeout: 240_000 }, async () => {
    const ids = await many(80);
    await understood(app);
    await Promise.all(ids.map(trash));
    await age(ids, '21 days');
    await Promise.all([
      expireTrash(app.app.deps),
      emptyTrash(app.app.deps, scope()),
      expireTrash(app.app.deps),
      purgeClaimed(app.app.deps, scope()),
      sweep(app.app.deps),
      reconcile(app.app.deps),
    ]);
    await purgeClaimed(app.app.deps, scope());
    for (const id of ids) expect(await isThere(id)).toBe(false);
    expect(await faults()).toEqual([]);
  });
});

describe('the trash', () => {
  it('is emptied by time to the minute, and nothing goes early', async () => {
    const [young = '', almost = '', old = ''] = await many(3);
    await Promise.all([young, almost, old].map(trash));
    await age([almost], '19 days 23 hours 59 minutes');
    await age([old], '20 days 1 minute');
    expect((await get(almost)).daysLeft).toBe(1);
    await expireTrash(app.app.deps);
    expect([await isThere(young), await isThere(almost), await isThere(old)]).toEqual([true, true, false]);
    expect((await storedFiles(app.dataDir)).filter((file) => file.includes(old))).toEqual([]);
    const operations = await app.client.call('operations.list', { b, limit: 5 });
    expect(operations.items[0]).toMatchObject({ kind: 'trash.purge', actor: 'Backlot', undoable: false });
    await app.client.call('trash.empty', { b });
  });

  it('says at every step how much lies in it', async () => {
    const ids = await many(20);
    let expected = 0;
    for (const id of ids) {
      await trash(id);
      expected += 1;
      expect(await app.client.call('trash.list', { b, limit: 1 })).toMatchObject({
        count: expected,
        bytes: expected * 300,
      });
    }
    await app.client.call('assets.bulk', { b, select: { ids: ids.slice(0, 5) }, change: { restore: true } });
    expect(await app.client.call('trash.list', { b })).toMatchObject({ count: 15, bytes: 4500 });
    expect(await app.client.call('trash.empty', { b })).toMatchObject({
      purged: 15,
      bytes: 4500,
      kept: 0,
      done: true,
    });
    expect(await app.client.call('trash.list', { b })).toMatchObject({ count: 0, bytes: 0 });
  });
});

describe('a storage without its marker', () => {
  it('stops purge, expiry and reconcile; nothing is lost', async () => {
    const [id = '', old = ''] = await many(2);
    await Promise.all([id, old].map(trash));
    await age([old], '40 days');
    const marker = path.join(app.dataDir, 'files/installation.json');
    await rename(marker, `${marker}.away`);
    try {
      // What jobs of earlier tests are writing has a temporary name, which may be gone the next moment.
      const kept = async () => (await storedFiles(app.dataDir)).filter((file) => !file.startsWith('.'));
      const before = await kept();
      const purge = await send(`${app.url}/api/v1/brands/${b}/trash/${id}`, 'DELETE', { key: app.key });
      expect([purge.status, errorCode(purge)]).toEqual([503, 'storage_unavailable']);
      const empty = await send(`${app.url}/api/v1/brands/${b}/trash`, 'DELETE', { key: app.key });
      expect(empty.status).toBe(503);
      await expect(expireTrash(app.app.deps)).rejects.toMatchObject({ code: 'storage_unavailable' });
      await expect(purgeClaimed(app.app.deps, scope())).rejects.toMatchObject({
        code: 'storage_unavailable',
      });
      expect(await reconcile(app.app.deps, { graceHours: 0, allowMany: true })).toEqual({
        orphans: 0,
        removed: 0,
      });
      // Sidecars of earlier assets may still be written.
      expect(await kept()).toEqual(expect.arrayContaining(before));
    } finally {
      await rename(`${marker}.away`, marker);
    }
    expect(await isThere(old)).toBe(true);
    await expireTrash(app.app.deps);
    expect([await isThere(id), await isThere(old)]).toEqual([true, false]);
  });

  it(
    'a reconcile that would remove many files removes none unless it is told to',
    { timeout: 240_000 },
    async () => {
      const ids = await many(40);
      await understood(app);
      const { workspace } = app.app.deps.database;
      await sql`delete from asset where id = any(${ids}::text[])`.execute(workspace);
      const refused = await reconcile(app.app.deps, { graceHours: 0 });
      expect(refused).toMatchObject({ removed: 0 });
      expect(refused.orphans).toBeGreaterThanOrEqual(40);
      expect((await reconcile(app.app.deps, { graceHours: 24, allowMany: true })).removed).toBe(0);
      const removed = await reconcile(app.app.deps, { graceHours: 0, allowMany: true });
      expect(removed.removed).toBe(refused.orphans);
      expect(await faults()).toEqual([]);
    },
  );
});
