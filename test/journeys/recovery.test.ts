import { randomBytes } from 'node:crypto';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { API_BASE } from '../../src/contract/routes.ts';
import { findBrand } from '../../src/database/workspace.ts';
import { enterBrandAsSystem } from '../../src/domain/access.ts';
import { startCursor } from '../../src/services/events.ts';
import { reconcile, resumeJobs } from '../../src/services/sweep.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { storageFaults, storedFiles, understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

const b = 'default';
let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const put = async () => assetOf(await putRaw(app, { bytes: randomBytes(300), name: 'a.dat' }));
const state = async (id: string) => (await app.client.call('assets.get', { b, id })).state;

describe('a job that a killed program had taken', () => {
  it(
    'is taken again, and so is one that has run out of attempts or is gone',
    { timeout: 240_000 },
    async () => {
      const db = app.app.deps.database.workspace;
      const [killed, last, spent, gone, fresh] = [
        await put(),
        await put(),
        await put(),
        await put(),
        await put(),
      ];
      const lock = (id: string, attempts: number) =>
        sql`update graphile_worker._private_jobs
        set locked_at = now() - interval '1 hour', locked_by = ${`dead-${id}`}, attempts = ${attempts}
        where key = ${`ingest:${id}:1`}`.execute(db);
      await lock(killed, 1);
      await lock(last, 8);
      await sql`update graphile_worker._private_jobs set attempts = 8 where key = ${`ingest:${spent}:1`}`.execute(
        db,
      );
      await sql`select graphile_worker.remove_job(${`ingest:${gone}:1`})`.execute(db);
      await sql`update asset set updated_at = now() - interval '2 minutes'`.execute(db);
      await resumeJobs(app.app.deps);
      const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from graphile_worker.jobs where task_identifier = 'ingest'
        and locked_at is null and attempts < max_attempts`.execute(db);
      expect(rows[0]?.n).toBe(5);
      await app.app.work();
      await understood(app);
      for (const id of [killed, last, spent, gone, fresh]) expect(await state(id)).not.toBe('processing');
    },
  );
});

describe('pictures of an earlier making', () => {
  it('go when a version is looked at again, and all go with their asset', { timeout: 240_000 }, async () => {
    const fixtures = await makeFixtures();
    const picture = (name: string) => readFile(path.join(fixtures, 'image', name));
    const id = assetOf(await putRaw(app, { bytes: await picture('field.tiff'), name: 'one.tiff' }));
    await understood(app);
    const added = await fetch(`${app.url}/api/v1/brands/${b}/assets/${id}/versions?name=two.jpg`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${app.key}` },
      body: await picture('large-24mpx.jpg'),
    });
    expect(added.ok).toBe(true);
    await understood(app);
    for (const n of [1, 2, 1, 2]) {
      await app.client.call('versions.restore', { b, id, n });
      await understood(app);
      expect((await app.client.call('assets.get', { b, id })).thumbnail).not.toBeNull();
    }
    const faults = await storageFaults(app.app.deps.database, app.dataDir);
    expect(faults.filter((fault) => fault.key.includes(id))).toEqual([]);
    await app.client.call('assets.trash', { b, id });
    await app.client.call('trash.purge', { b, id });
    expect((await storedFiles(app.dataDir)).filter((file) => file.includes(id))).toEqual([]);
  });
});

describe('the metadata beside the bytes', () => {
  it('follows a change of many and its undo', { timeout: 240_000 }, async () => {
    const ids = [await put(), await put()];
    const done = await app.client.call('assets.bulk', { b, select: { ids }, change: { set: { rating: 5 } } });
    const ratings = async () => {
      await app.quiet();
      const files = (await storedFiles(app.dataDir)).filter((file) =>
        ids.some((id) => file.endsWith(`${id}.json`)),
      );
      const texts = files.map((file) => readFile(path.join(app.dataDir, 'files', file), 'utf8'));
      return (await Promise.all(texts)).map((text) => /"rating": (\w+)/.exec(text)?.[1]);
    };
    expect(await ratings()).toEqual(['5', '5']);
    await app.client.call('operations.undo', { b, id: done.operation ?? '' });
    expect(await ratings()).toEqual(['null', 'null']);
  });
});

describe('a reconcile of a small library', () => {
  it('removes none when a large part has no row, a few when most have, and no file that came late', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, put));
    await understood(app);
    const folder = path.join(app.dataDir, 'files', path.dirname((await storedFiles(app.dataDir))[0] ?? ''));
    const stray = (n: number) => path.join(folder, `AST-0000000${n}_v1.bin`);
    await writeFile(stray(0), 'x');
    await utimes(stray(0), 0, 0);
    expect(await reconcile(app.app.deps)).toEqual({ orphans: 0, removed: 0 });
    for (let n = 1; n < 10; n += 1) await writeFile(stray(n), 'x');
    expect(await reconcile(app.app.deps, { graceHours: 0 })).toEqual({ orphans: 10, removed: 0 });
    for (let n = 1; n < 10; n += 1) await rm(stray(n));
    expect(await reconcile(app.app.deps, { graceHours: 0 })).toEqual({ orphans: 1, removed: 1 });
    expect(ids).toHaveLength(30);
  });
});

describe('a reader that was away for long', () => {
  it('gets every event, each once and in order, as fast as it reads', async () => {
    const { database } = app.app.deps;
    const brand = await findBrand(database.workspace, b);
    const scope = enterBrandAsSystem(brand?.id ?? '');
    const cursor = await startCursor(app.app.deps, scope, '');
    const missed = 12_345;
    await sql`insert into event (brand_id, kind, asset_id) select ${scope.brandId}, 'asset.changed', 'AST-' || lpad(i::text, 8, '0')
      from generate_series(1, ${missed}::int) as i`.execute(database.workspace);
    const closing = new AbortController();
    const stream = await fetch(`${app.url}${API_BASE}/brands/${b}/events?after=${cursor}`, {
      headers: { authorization: `Bearer ${app.key}` },
      signal: closing.signal,
    });
    let heard = '';
    for await (const piece of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      heard += piece;
      if (heard.includes(`AST-${String(missed).padStart(8, '0')}`)) break;
    }
    closing.abort();
    const numbers = [...heard.matchAll(/AST-(\d{8})/g)].map(([, digits]) => Number(digits));
    expect(numbers).toEqual(Array.from({ length: missed }, (_, at) => at + 1));
  });
});

describe('an edit that changes nothing', () => {
  it('leaves no entry in the journal', async () => {
    const id = await put();
    const { name } = await app.client.call('assets.get', { b, id });
    const entries = async () => (await app.client.call('operations.list', { b, limit: 1 })).items[0]?.id;
    const before = await entries();
    expect((await app.client.call('assets.update', { b, id, name })).name).toBe(name);
    expect(await entries()).toBe(before);
  });
});
