import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { findTools } from '../../src/media/capabilities.ts';
import { needsProxy } from '../../src/media/proxy-rule.ts';
import { probeVideo } from '../../src/media/video-probe.ts';
import { ingest } from '../../src/services/ingest.ts';
import { makeProxy } from '../../src/services/proxy.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { putRaw } from '../support/uploading.ts';

/** Of the packed pictures, whatever holds them. */
function pictureHash(path: string): string {
  const args = [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:v',
    '-c',
    'copy',
    '-bsf:v',
    'h264_mp4toannexb',
    '-f',
    'md5',
    '-',
  ];
  return execFileSync(findTools().ffmpeg ?? '', args).toString();
}

describe.skipIf(findTools().ffmpeg === null)('a film that browsers do not play', () => {
  let app: TestApp;
  let folder = '';
  beforeAll(async () => {
    folder = await makeFixtures();
    app = await startApp({ worker: true });
  }, 120_000);
  afterAll(() => app.close());

  async function upload(name: string) {
    const bytes = readFileSync(join(folder, 'video', name));
    const answer = await putRaw({ url: app.url, key: app.key }, { bytes, name });
    expect(answer.status).toBe(201);
    await app.quiet();
    return app.client.call('assets.get', { b: 'default', id: JSON.parse(answer.text).id as string });
  }

  it(
    'gets a copy that they do, once, and keeps it when the film is read again',
    { timeout: 120_000 },
    async () => {
      const film = await upload('clip.avi');
      expect(film.state).toBe('ready');
      const proxy = film.renditions.find(({ name }) => name === 'proxy');
      expect(proxy).toMatchObject({ mime: 'video/mp4', tool: 'ffmpeg' });
      const headers = { authorization: `Bearer ${app.key}` };
      const bytes = Buffer.from(await (await fetch(`${app.url}${proxy?.path}`, { headers })).arrayBuffer());
      const path = join(app.dataDir, 'proxy.mp4');
      writeFileSync(path, bytes);
      const source = {
        path,
        size: bytes.length,
        detected: { mime: 'video/mp4', ext: 'mp4', mediaType: 'video' } as const,
      };
      const context = { scratch: app.dataDir, tools: findTools(), signal: new AbortController().signal };
      const found = await probeVideo(source, context);
      expect(found?.facts).toMatchObject({ videoCodec: 'avc', width: 640, height: 360, duration: 3 });
      // The index comes before the pictures, so that it starts at once.
      expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));

      const { id: brandId } = (await app.client.call('brands.list', {})).items[0] ?? { id: '' };
      const job = { brandId, assetId: film.id, version: 1 };
      const { signal } = new AbortController();
      await makeProxy(app.app.deps, job, signal);
      await ingest(app.app.deps, job, signal);
      await app.quiet();
      const after = await app.client.call('assets.get', { b: 'default', id: film.id });
      expect(after.renditions.find(({ name }) => name === 'proxy')).toEqual(proxy);
      expect(after.renditions.map(({ name }) => name)).toEqual(['proxy', 'storyboard', 'thumbnail']);
      expect((await fetch(`${app.url}${proxy?.path}`, { headers })).status).toBe(200);
    },
  );

  it(
    'keeps its pictures as they are where only what holds them is in the way',
    { timeout: 120_000 },
    async () => {
      for (const name of ['clip.mov', 'clip.mkv']) {
        const film = await upload(name);
        const proxy = film.renditions.find((made) => made.name === 'proxy');
        const headers = { authorization: `Bearer ${app.key}` };
        const bytes = Buffer.from(await (await fetch(`${app.url}${proxy?.path}`, { headers })).arrayBuffer());
        const path = join(app.dataDir, `${name}.mp4`);
        writeFileSync(path, bytes);
        expect(pictureHash(path), name).toBe(pictureHash(join(folder, 'video', name)));
        expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
      }
    },
  );

  it('is told from one that they play', { timeout: 120_000 }, async () => {
    const film = await upload('with-sound.mp4');
    expect(film.renditions.map(({ name }) => name)).not.toContain('proxy');
  });
});

it.each([
  ['video/mp4', { videoCodec: 'avc', audioCodec: 'aac' }, false],
  ['video/webm', { videoCodec: 'vp9', audioCodec: 'opus' }, false],
  ['video/mp4', { videoCodec: 'hevc', audioCodec: 'aac' }, true],
  ['video/mp4', { videoCodec: 'avc', audioCodec: 'ac3' }, true],
  ['video/quicktime', { videoCodec: 'prores' }, true],
  ['video/vnd.avi', { videoCodec: 'mpeg4' }, true],
  ['audio/mp4', { audioCodec: 'aac' }, false],
])('%s with %o needs a copy: %s', (mime, codecs, expected) => {
  const facts = { ...codecs, ...('videoCodec' in codecs ? { width: 640, height: 360 } : {}), duration: 4 };
  expect(needsProxy(mime, facts)).toBe(expected);
  expect(needsProxy(mime, { ...facts, duration: 20_000 })).toBe(false);
});
