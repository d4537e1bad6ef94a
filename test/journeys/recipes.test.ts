import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { A1111, plainText, pngChunk, pngWith } from '../../scripts/fixtures/recipes.js';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { send } from '../support/http.ts';
import { putRaw } from '../support/uploading.ts';

let app: TestApp;
let folder = '';
beforeAll(async () => {
  folder = await makeFixtures();
  app = await startApp({ worker: true });
}, 120_000);
afterAll(() => app.close());

const b = 'default';
const fixture = (name: string) => readFileSync(join(folder, name));

async function upload(bytes: Buffer, name: string, fields: Record<string, string> = {}): Promise<string> {
  const answer = await putRaw({ url: app.url, key: app.key }, { bytes, name, fields });
  expect(answer.status).toBe(201);
  const { id } = JSON.parse(answer.text) as { id: string };
  await understood(id);
  return id;
}

/** Other jobs of an asset wait on purpose; what it tells is there before. */
async function understood(id: string): Promise<void> {
  const state = async () => (await app.client.call('assets.get', { b, id })).state;
  await expect.poll(state, { timeout: 60_000, interval: 100 }).not.toBe('processing');
}

const recipeOf = async (id: string, version?: number) =>
  (await app.client.call('assets.recipe', { b, id, ...(version === undefined ? {} : { version }) })).recipe;
const bytesAt = async (path: string) =>
  Buffer.from(
    await (
      await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${app.key}` } })
    ).arrayBuffer(),
  );

/** A drawn picture of one colour with chunks of its own. */
async function png(chunks: readonly Buffer[], red = 200): Promise<Buffer> {
  const create = { width: 40, height: 30, channels: 3 as const, background: { r: red, g: 90, b: 40 } };
  return pngWith(await sharp({ create }).png().toBuffer(), chunks);
}

test(
  'every generator is read from a real file, and the block comes back bit for bit',
  { timeout: 180_000 },
  async () => {
    const expected: Readonly<Record<string, object>> = {
      'a1111.png': { tool: 'Automatic1111', seed: '18446744073709551615', steps: 28 },
      'a1111.jpg': { tool: 'Automatic1111', seed: '18446744073709551615', steps: 28 },
      'a1111.webp': { tool: 'Automatic1111', cfg: 6.5 },
      'comfyui.png': { tool: 'ComfyUI', seed: '13866401925467133421', width: 1024 },
      'comfyui-workflow.png': { tool: 'ComfyUI', prompt: 'a paper crane' },
      'comfyui.webp': { tool: 'ComfyUI', steps: 30 },
      'invokeai.png': { tool: 'InvokeAI', prompt: 'a heron in reeds, kodachrome' },
      'midjourney.png': { tool: 'Midjourney', seed: '4242' },
      'novelai.png': { tool: 'NovelAI', sampler: 'k_euler_ancestral' },
      'fooocus.png': { tool: 'Fooocus', height: 896 },
      'swarmui.png': { tool: 'SwarmUI', width: 1344 },
      'chatgpt.png': { tool: 'OpenAI', claim: { made: 'ai', generator: 'GPT-4o', credentials: true } },
      'firefly.jpg': {
        tool: 'Adobe Firefly',
        claim: { made: 'ai', generator: 'Adobe Firefly', credentials: true },
      },
      'stated.jpg': { tool: null, claim: { made: 'ai', generator: 'Google AI', credentials: false } },
      'camera.jpg': { tool: null, claim: { made: null, generator: 'Leica', credentials: true } },
    };
    const check = async ([name, want]: [string, object]) => {
      const original = fixture(`recipes/${name}`);
      const id = await upload(original, name);
      const recipe = await recipeOf(id);
      expect(recipe, name).toMatchObject(want);
      const asset = await app.client.call('assets.get', { b, id });
      expect(asset.source, name).toBe(name === 'camera.jpg' ? 'uploaded' : 'generated');
      expect(asset.state, name).toBe('ready');
      expect(asset.facts['more'], name).not.toHaveProperty('camera');
      for (const { path, size } of recipe?.raw ?? []) expect((await bytesAt(path)).length, name).toBe(size);
      // Nothing that is made of a file touches the file.
      expect((await bytesAt(asset.file)).equals(original), name).toBe(true);
    };
    await Promise.all(Object.entries(expected).map(check));
  },
);

test('the raw block is a download that no browser runs', async () => {
  const script = `<script>alert(1)</script>\nSteps: 1, Seed: 5`;
  const id = await upload(await png([plainText('parameters', script)]), 'script.png');
  const raw = (await recipeOf(id))?.raw[0];
  expect(raw).toMatchObject({ name: 'png:parameters', mime: 'text/plain' });
  const answer = await send(`${app.url}${raw?.path}`, 'GET', { key: app.key });
  expect(answer.text).toBe(script);
  expect(answer.headers['content-disposition']).toMatch(/^attachment/);
});

test('words of a recipe are searched, and the answer says that the prompt matched', async () => {
  const words = 'an orrery of bone\nNegative prompt: plasticine\nSteps: 8, Model: verdigrisMix_v3';
  const id = await upload(await png([plainText('parameters', `${words}, Seed: 3`)], 10), 'x.png');
  for (const q of ['orrery', 'plasticine', 'verdigrisMix']) {
    const found = await app.client.call('assets.list', { b, q });
    expect(found.items.map((item) => [item.id, item.matched?.field])).toEqual([[id, 'prompt']]);
  }
  const facets = await app.client.call('assets.list', { b, q: 'orrery', source: ['generated'] });
  expect(facets.items).toHaveLength(1);
});

test('what a person said of the source stays', async () => {
  const said = await upload(await png([plainText('parameters', A1111)], 20), 'said.png', {
    source: 'uploaded',
  });
  expect(await app.client.call('assets.get', { b, id: said })).toMatchObject({
    source: 'uploaded',
    provenance: { source: { by: 'person' } },
  });
  const told = await upload(await png([plainText('parameters', A1111)], 21), 'told.png');
  expect(await app.client.call('assets.get', { b, id: told })).toMatchObject({
    source: 'generated',
    provenance: { source: { by: 'file', who: 'recipe' } },
  });
});

test('LoRAs are linked to assets of the brand, also those that arrive later, by name and by hash', async () => {
  const lora = fixture('other/depth-control.safetensors');
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', lora)).toString('hex');
  const text = `a <lora:Depth_Later:0.5> b\nSteps: 2, Seed: 1, Model hash: ${digest.slice(0, 10)}, Model: nameless`;
  const id = await upload(await png([plainText('parameters', text)], 30), 'link.png');
  expect(await recipeOf(id)).toMatchObject({ loras: [{ asset: null }], model: { asset: null } });
  const weights = await upload(lora, 'depth_later.safetensors');
  expect(await recipeOf(id)).toMatchObject({
    loras: [{ name: 'Depth_Later', weight: 0.5, asset: { id: weights } }],
    model: { asset: { id: weights } },
  });
  await app.client.call('assets.trash', { b, id: weights });
  expect(await recipeOf(id)).toMatchObject({ loras: [{ asset: null }], model: { asset: null } });
});

test('broken and hostile metadata costs neither the picture nor the time', { timeout: 60_000 }, async () => {
  const packed = deflateSync(Buffer.alloc(100 * 1024 * 1024, 0x20), { level: 9 });
  const head = Buffer.from('parameters\0\0');
  const cut = deflateSync(Buffer.from(A1111)).subarray(0, 60);
  const broken: Readonly<Record<string, Buffer>> = {
    bomb: pngChunk('zTXt', Buffer.concat([head, packed])),
    cut: pngChunk('zTXt', Buffer.concat([head, cut])),
    deep: plainText('prompt', '{"a":'.repeat(300_000)),
    nested: plainText(
      'prompt',
      `{"1":{"class_type":"KSampler","inputs":${'['.repeat(90_000)}${']'.repeat(90_000)}}}`,
    ),
    box: pngChunk('caBX', Buffer.from('ffffffff6a756d62', 'hex')),
  };
  for (const [index, [name, chunk]] of Object.entries(broken).entries()) {
    const id = await upload(await png([chunk], 40 + index), `${name}.png`);
    expect(await app.client.call('assets.get', { b, id }), name).toMatchObject({ state: 'ready' });
    const recipe = await recipeOf(id);
    if (name !== 'nested') expect(recipe, name).toBeNull();
  }
});

test('a version without a recipe has none, and the one before keeps its own', async () => {
  const id = await upload(await png([plainText('parameters', A1111)], 60), 'versions.png');
  const next = await png([], 61);
  const answer = await send(`${app.url}/api/v1/brands/${b}/assets/${id}/versions?name=v.png`, 'PUT', {
    key: app.key,
    body: next,
  });
  expect(answer.status).toBeLessThan(300);
  await understood(id);
  expect(await recipeOf(id)).toBeNull();
  expect(await recipeOf(id, 1)).toMatchObject({
    steps: 28,
    raw: [{ path: expect.stringContaining('version=1') }],
  });
  expect(
    (await app.client.call('assets.list', { b, q: 'volumetric' })).items.map((item) => item.id),
  ).not.toContain(id);
});

test('assets are found by what made them, and counted by it', async () => {
  const ids = await Promise.all([
    upload(await png([plainText('parameters', A1111)], 70), 'one.png'),
    upload(await png([plainText('parameters', A1111)], 71), 'two.png'),
  ]);
  const recipe = await recipeOf(ids[0] ?? '');
  const said = {
    generator: recipe?.tool ?? '',
    model: recipe?.model?.name ?? '',
    lora: recipe?.loras[0]?.name ?? '',
    sampler: recipe?.sampler ?? '',
  };
  const found = async (filter: object) =>
    (await app.client.call('assets.list', { b, limit: 200, ...filter })).items.map(({ id }) => id);
  const labels = async (filter: object = {}) =>
    app.client.call('assets.labels', { b, of: ['generator', 'model', 'lora', 'sampler'], ...filter });
  const kept = await labels();
  for (const [kind, name] of Object.entries(said)) {
    expect(name, kind).not.toBe('');
    // Upper or lower case, and the order that the search walks along, make no difference.
    const other = kind === 'generator' ? name : name.toUpperCase();
    for (const filter of [{ [kind]: [other] }, { [kind]: [name], sort: '-duration' as const }]) {
      expect(await found(filter), kind).toEqual(expect.arrayContaining(ids));
    }
    expect(await found({ [kind]: ['nobody'] })).toEqual([]);
    const count = kept[kind as keyof typeof said]?.values.find(
      ({ key }) => key.toLowerCase() === name.toLowerCase(),
    )?.count;
    expect(count, kind).toBe((await found({ [kind]: [name] })).length);
  }
  // Figures are words beside their names.
  expect(await found({ q: `seed ${recipe?.seed ?? ''}` })).toEqual(expect.arrayContaining(ids));

  const model = said.model.toLowerCase();
  const modelCount = async () => (await labels()).model?.values.find(({ key }) => key === model)?.count ?? 0;
  const before = await modelCount();
  await app.client.call('assets.trash', { b, id: ids[0] ?? '' });
  expect(await modelCount()).toBe(before - 1);
  await send(`${app.url}/api/v1/brands/${b}/assets/${ids[1] ?? ''}/versions?name=plain.png`, 'PUT', {
    key: app.key,
    body: await png([], 72),
  });
  await understood(ids[1] ?? '');
  expect(await modelCount()).toBe(before - 2);
  expect(await found({ model: [model] })).not.toContain(ids[1]);
});
