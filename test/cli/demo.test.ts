import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoItems } from '../../src/cli/demo/catalogue.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';
import { runProgram } from './support.ts';

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await startApp({ worker: true });
  folder = await mkdtemp(path.join(tmpdir(), 'backlot-demo-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

it('fills a library once, however often it is asked', async () => {
  const settings = { BACKLOT_DATA_DIR: folder };
  const first = await runProgram(['demo', '--most', '3', '--json'], settings);
  expect([first.code, JSON.parse(first.out)]).toMatchObject([0, { added: 3, known: 0 }]);
  const second = await runProgram(['demo', '--most', '4', '--json'], settings);
  expect([second.code, JSON.parse(second.out)]).toMatchObject([0, { added: 1, known: 3 }]);
});

it('gives a few of every kind when it is to make only some', () => {
  const types = (items: ReturnType<typeof demoItems>) => new Set(items.map(({ name }) => path.extname(name)));
  const few = demoItems(30);
  expect(few).toHaveLength(30);
  for (const kind of ['.svg', '.jpg', '.wav', '.pdf', '.cube']) expect(types(few)).toContain(kind);
});

it('makes files that are what they say', async () => {
  const kinds = new Map(demoItems().map((item) => [path.extname(item.name), item]));
  expect([...kinds.keys()]).toEqual(
    expect.arrayContaining(['.svg', '.jpg', '.wav', '.pdf', '.cube', '.glb']),
  );
  const sent = await Promise.all(
    [...kinds.values()].map(async (item) => {
      const bytes = await item.make();
      return [item, assetOf(await putRaw(app, { bytes, name: item.name }))] as const;
    }),
  );
  await understood(app);
  for (const [item, id] of sent) {
    const asset = await app.client.call('assets.get', { b: 'default', id });
    expect([item.name, asset.state]).toEqual([item.name, expect.stringMatching(/^ready/)]);
    expect([item.name, asset.mime]).not.toEqual([item.name, 'application/octet-stream']);
  }
});

it('has no two items alike, and none without words', async () => {
  const names = demoItems().map((item) => item.name);
  expect(new Set(names).size).toBe(names.length);
  for (const { fields, name } of demoItems()) expect([name, fields.tags?.length ?? 0]).not.toEqual([name, 0]);
});
