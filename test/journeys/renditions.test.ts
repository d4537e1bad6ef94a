import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { TOOL_VERSIONS } from '../../src/media/tool-versions.ts';
import { rebuildRenditions } from '../../src/services/renditions.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { putRaw } from '../support/uploading.ts';

let app: TestApp;
let folder = '';
beforeAll(async () => {
  folder = await makeFixtures();
  app = await startApp({ worker: true });
}, 120_000);
afterAll(() => app.close());

async function upload(file: string, name: string): Promise<string> {
  const bytes = readFileSync(join(folder, file));
  const answer = await putRaw({ url: app.url, key: app.key }, { bytes, name });
  expect(answer.status).toBe(201);
  await app.quiet();
  return JSON.parse(answer.text).id as string;
}

const picturesOf = async (id: string) =>
  (await app.client.call('assets.get', { b: 'default', id })).renditions.map(({ name, toolVersion }) => ({
    name,
    toolVersion,
  }));

test(
  'pictures of another version of their tool are made again, and only those',
  { timeout: 120_000 },
  async () => {
    const font = await upload('other/blocks.ttf', 'blocks.ttf');
    await upload('image/grey.png', 'grey.png');
    const { deps } = app.app;
    const before = await picturesOf(font);
    expect(await rebuildRenditions(deps, { olderThanTool: true })).toBe(0);

    await sql`update rendition set tool_version = '0.9' where tool = 'fontkit'`.execute(
      deps.database.workspace,
    );
    expect(await rebuildRenditions(deps, { olderThanTool: true, mediaType: 'image' })).toBe(0);
    expect(await rebuildRenditions(deps, { olderThanTool: true })).toBe(1);
    await app.quiet();
    expect(await picturesOf(font)).toEqual(before);
    expect(before.map(({ toolVersion }) => toolVersion)).toEqual([
      TOOL_VERSIONS.fontkit,
      TOOL_VERSIONS.fontkit,
    ]);

    expect(await rebuildRenditions(deps, { olderThanTool: false, tool: 'fontkit' })).toBe(1);
    expect(await rebuildRenditions(deps, { olderThanTool: false })).toBe(2);
    await app.quiet();
  },
);

test('the versions that renditions keep are those of the packages', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(TOOL_VERSIONS.fontkit).toBe(dependencies['fontkit']);
  expect(TOOL_VERSIONS.pdfium).toBe(dependencies['@hyzyla/pdfium']);
});
