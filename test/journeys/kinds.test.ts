import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
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

async function upload(file: string, name: string, fields: Record<string, string> = {}) {
  const bytes = readFileSync(join(folder, file));
  const answer = await putRaw({ url: app.url, key: app.key }, { bytes, name, fields });
  expect(answer.status).toBe(201);
  const { id } = JSON.parse(answer.text) as { id: string };
  await app.quiet();
  return app.client.call('assets.get', { b: 'default', id });
}

test('a type that was only guessed gives way to the content, one that a person said stays', async () => {
  const guessed = await upload('other/depth-control.safetensors', 'depth.safetensors');
  expect(guessed).toMatchObject({
    type: 'controlnet',
    provenance: { type: { by: 'computed', who: 'content' } },
  });
  const counted = await app.client.call('assets.groups', { b: 'default', by: 'type' });
  expect(counted.groups).toMatchObject([{ key: 'controlnet', count: 1 }]);
  const found = await app.client.call('assets.list', { b: 'default', type: ['controlnet'] });
  expect(found.items.map(({ id }) => id)).toEqual([guessed.id]);

  const said = await upload('other/face.safetensors', 'face.safetensors', { type: 'character_reference' });
  expect(said).toMatchObject({
    type: 'character_reference',
    facts: { more: { weightsKind: 'Textual inversion' } },
  });
});

test('a locked field stays as it is whatever a file says, until it is unlocked', async () => {
  const b = 'default';
  const { id } = await upload('other/film-look.safetensors', 'locked.safetensors');
  const before = await app.client.call('assets.update', { b, id, lock: { type: true, mediaType: true } });
  expect(before.provenance.type?.by).not.toBe('person');
  const newBytes = async (file: string) => {
    const path = `${app.url}/api/v1/brands/${b}/assets/${id}/versions?name=${encodeURIComponent(file)}`;
    const answer = await fetch(path, {
      method: 'PUT',
      headers: { authorization: `Bearer ${app.key}` },
      body: readFileSync(join(folder, file)),
    });
    expect(answer.status).toBe(201);
    await app.quiet();
    return app.client.call('assets.get', { b, id });
  };
  const { type, mediaType, provenance } = before;
  expect(await newBytes('other/depth-control.safetensors')).toMatchObject({ type, mediaType, provenance });
  expect(await newBytes('other/blocks.ttf')).toMatchObject({ mime: 'font/ttf', type, mediaType });
  await app.client.call('assets.update', { b, id, lock: { type: false, mediaType: false } });
  await app.client.call('versions.restore', { b, id, n: 2 });
  await app.quiet();
  expect(await app.client.call('assets.get', { b, id })).toMatchObject({
    type: 'controlnet',
    mediaType: 'weights',
  });
});

test('a font is found by words that only its own tables hold', async () => {
  const font = await upload('other/blocks.ttf', 'x1.ttf');
  expect(font).toMatchObject({ type: 'font', state: 'ready', facts: { more: { family: 'Backlot Blocks' } } });
  const found = await app.client.call('assets.list', { b: 'default', q: 'keepers' });
  expect(found.items.map(({ id }) => id)).toEqual([font.id]);
});
