import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../client/index.ts';
import { makeFixtures } from '../../scripts/fixtures.js';
import { findTools } from '../../src/media/capabilities.ts';
import { retryWaiting } from '../../src/services/sweep.ts';
import { makeTempDir, removeTempDir } from '../../src/platform/temp-dir.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

const { ffmpeg } = findTools();

describe.skipIf(ffmpeg === null)('files that wait for a tool', () => {
  let app: TestApp;
  let folder: string;
  let film: Buffer;
  beforeAll(async () => {
    film = await readFile(path.join(await makeFixtures(), 'video/walk.mp4'));
    folder = await makeTempDir('backlot-waiting');
    app = await startApp({ worker: true, settings: { FFMPEG_PATH: path.join(folder, 'ffmpeg') } });
    await app.addBrand('other');
  }, 180_000);
  afterAll(async () => {
    await app.close();
    await removeTempDir(folder);
  });

  it('are usable and say so, and are done by themselves once it is there, in every brand', async () => {
    const key = await app.keyFor('other', 'owner');
    const ids = [
      { b: 'default', id: assetOf(await putRaw(app, { bytes: film, name: 'walk.mp4' })) },
      {
        b: 'other',
        id: assetOf(await putRaw({ url: app.url, brand: 'other', key }, { bytes: film, name: 'walk.mp4' })),
      },
    ];
    const states = () =>
      Promise.all(
        ids.map(async ({ b, id }) => {
          const client = b === 'default' ? app.client : createClient({ origin: app.url, key });
          return (await client.call('assets.get', { b, id })).state;
        }),
      );
    await understood(app);
    expect(await states()).toEqual(['ready_no_preview', 'ready_no_preview']);
    const missing = (await app.client.call('system.capabilities', {})).items.find(
      ({ name }) => name === 'ffmpeg',
    );
    expect(missing).toMatchObject({ available: false });
    expect(missing?.remedy).toContain('FFMPEG_PATH');

    // Nothing is read again while it is missing.
    await retryWaiting(app.app.deps);
    await understood(app);
    expect(await states()).toEqual(['ready_no_preview', 'ready_no_preview']);

    await symlink(ffmpeg ?? '', path.join(folder, 'ffmpeg'));
    await retryWaiting(app.app.deps);
    await understood(app);
    expect(await states()).toEqual(['ready', 'ready']);
    const items = (await app.client.call('system.capabilities', {})).items;
    expect(items.find(({ name }) => name === 'ffmpeg')).toMatchObject({ available: true });
  }, 120_000);
});

describe('pictures that wait for another program than ffmpeg', () => {
  it('are read again by themselves once it is there, and only they', async () => {
    const folder = await makeTempDir('backlot-heif');
    const heif = path.join(folder, 'heif-convert');
    const app = await startApp({ worker: true, settings: { HEIF_CONVERT_PATH: heif } });
    try {
      const fixtures = await makeFixtures();
      const bytes = await readFile(path.join(fixtures, 'image/pier.heic'));
      const id = assetOf(await putRaw(app, { bytes, name: 'pier.heic' }));
      await understood(app);
      const get = () => app.client.call('assets.get', { b: 'default', id });
      expect(await get()).toMatchObject({ state: 'ready_no_preview', stateReason: 'waiting_for_heif' });
      expect((await get()).stateMessage).toContain('libheif');

      // A stand-in that speaks to the same command line: it writes a picture of the right size.
      const png = path.join(folder, 'picture.png');
      const blue = { width: 96, height: 64, channels: 3 as const, background: '#2a5fd8' };
      await sharp({ create: blue }).png().toFile(png);
      await writeFile(heif, `#!/bin/sh\n[ "$1" = --version ] && echo 1.17.6 || cp ${png} "$2"\n`, {
        mode: 0o755,
      });
      await retryWaiting(app.app.deps);
      await understood(app);
      expect(await get()).toMatchObject({ state: 'ready', width: 96, height: 64 });
      expect((await get()).palette[0]).toMatchObject({ name: 'blue' });
    } finally {
      await app.close();
      await removeTempDir(folder);
    }
  }, 120_000);
});
