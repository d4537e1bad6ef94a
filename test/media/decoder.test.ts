import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { NO_TOOLS } from '../../src/media/capabilities.ts';
import type { Decoder, Description } from '../../src/media/contract.ts';
import { expectSound } from '../suites/media-kind.ts';
import { decoderProcesses, describeFile, hasFfmpeg, newScratch, sourceOf, testDecoder } from './support.ts';

let folder = '';
let decoder: Decoder;
const others: Decoder[] = [];

beforeAll(async () => {
  folder = await makeFixtures();
  decoder = testDecoder();
}, 120_000);

afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
});

afterAll(async () => {
  await decoder.close();
});

function another(...args: Parameters<typeof testDecoder>): Decoder {
  const made = testDecoder(...args);
  others.push(made);
  return made;
}

/** A child that answers nothing, crashes or lies, in place of the real one. */
async function standIn(code: string): Promise<string> {
  const path = join(await newScratch(), 'child.mjs');
  writeFileSync(path, code);
  return path;
}

describe('facts through the real pool', () => {
  it('turns a rotated photo upright and finds its colours', async () => {
    const found = await describeFile(decoder, join(folder, 'image/rotated-exif-6.jpg'));
    expect(found).toMatchObject({ state: 'ready', facts: { width: 400, height: 600, transparent: false } });
    expect(found.palette?.map(({ name }) => name)).toContain('green');
    expect(found.placeholder).toMatch(/^[A-Za-z0-9+/=]{20,48}$/);
    expect(found.dctHash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('tells a transparent logo from one that only has the channel', async () => {
    const logo = await describeFile(decoder, join(folder, 'image/logo-transparent.png'));
    const opaque = await describeFile(decoder, join(folder, 'image/alpha-channel-but-opaque.png'));
    expect(logo.facts.transparent).toBe(true);
    expect(opaque.facts.transparent).toBe(false);
    // The clear ground is no colour of the logo.
    expect(logo.palette?.[0]?.name).toBe('blue');
  });

  it('counts the frames of animations', async () => {
    const found = await describeFile(decoder, join(folder, 'image/moving.gif'));
    expect(found.facts).toMatchObject({ animated: true, frames: 12, duration: 0.96 });
  });

  it('hashes a picture and its other format alike, different pictures apart', async () => {
    const [png, jpg, other] = await Promise.all(
      ['image/desert.png', 'image/desert-noon.jpg', 'image/neon-street.jpg'].map((name) =>
        describeFile(decoder, join(folder, name)),
      ),
    );
    expect(distance(png?.dctHash, jpg?.dctHash)).toBeLessThanOrEqual(8);
    expect(distance(png?.dctHash, other?.dctHash)).toBeGreaterThan(14);
  });

  it('reads pages and text of a PDF', async () => {
    const found = await describeFile(decoder, join(folder, 'document/three-pages.pdf'));
    expect(found).toMatchObject({ state: 'ready', facts: { pages: 3 } });
    expect(found.text).toContain('The keeper waves.');
  });

  it('says that an encrypted PDF is protected', async () => {
    const found = await describeFile(decoder, join(folder, 'document/encrypted.pdf'));
    expect(found).toMatchObject({ state: 'protected', reason: 'protected' });
  });

  it('finds the text of office files and plain text', async () => {
    const brief = await describeFile(decoder, join(folder, 'document/brief.docx'));
    const notes = await describeFile(decoder, join(folder, 'document/notes.txt'));
    expect(brief.text).toBe('Campaign brief\nShoot the lighthouse & the harbour.');
    expect(notes.text).toContain('Café interior');
  });

  it('reads tags and cover of a song', async () => {
    const name = hasFfmpeg ? 'audio/theme-with-cover.mp3' : 'audio/phrase.wav';
    const found = await describeFile(decoder, join(folder, name));
    expect(found.facts.duration).toBeCloseTo(6, 0);
    if (hasFfmpeg) expect(found.facts).toMatchObject({ title: 'Harbour Theme', artist: 'The Keepers' });
  });

  it('tells the thumbnail of a large photo before its preview', async () => {
    const order: string[] = [];
    const path = join(folder, 'image/large-24mpx.jpg');
    const found = await decoder.describeInSteps({
      source: await sourceOf(path),
      scratch: await newScratch(),
      signal: new AbortController().signal,
      early: (first) => order.push(first.renditions.map(({ name }) => name).join()),
    });
    order.push(found.renditions.map(({ name }) => name).join());
    expect(order).toEqual(['thumbnail', 'thumbnail,preview']);
    expect(found.facts).toMatchObject({ width: 6000, height: 4000 });
  });
});

describe.skipIf(!hasFfmpeg)('video', () => {
  it.each([
    ['walk.mp4', { width: 640, height: 360, duration: 5, videoCodec: 'avc' }],
    ['clip.avi', { width: 640, height: 360, duration: 3 }],
    ['rotated.mp4', { width: 360, height: 640 }],
  ])('%s', async (name, facts) => {
    const found = await describeFile(decoder, join(folder, 'video', name));
    expect(found).toMatchObject({ state: 'ready', facts });
    expect(found.renditions.map(({ name }) => name)).toEqual(['thumbnail', 'storyboard']);
  });

  it('takes a better frame than a black one', async () => {
    const found = await describeFile(decoder, join(folder, 'video/starts-black.mp4'));
    expect(found.palette?.[0]?.name).not.toBe('black');
  });

  it('calls a film without pictures a sound', async () => {
    const found = await describeFile(decoder, join(folder, 'video/sound-only.mp4'));
    expect(found.detected).toEqual({ mime: 'audio/mp4', ext: 'm4a', mediaType: 'audio' });
  });

  it('waits for ffmpeg where there is none, with the facts it can tell', async () => {
    const found = await describeFile(another({ tools: NO_TOOLS }), join(folder, 'video/walk.mp4'));
    expect(found).toMatchObject({
      state: 'ready_no_preview',
      reason: 'waiting_for_ffmpeg',
      facts: { width: 640 },
    });
  });
});

describe('bad files', () => {
  it('ends every one in a stated state', async () => {
    const names = readdirSync(join(folder, 'bad'));
    const found = await Promise.all(names.map((name) => describeFile(decoder, join(folder, 'bad', name))));
    for (const [i, one] of found.entries()) expectSound(one, names[i] ?? '');
    const states = Object.fromEntries(found.map((one, i) => [names[i], `${one.state} ${one.reason ?? ''}`]));
    expect(states).toMatchObject({
      'pixel-bomb.png': 'failed too_large',
      'huge.svg': 'failed too_large',
      'entity-bomb.svg': 'failed damaged',
      'noise-named.jpg': 'failed damaged',
      'lying-boxes.mp4': 'failed damaged',
      'truncated.jpg': 'ready damaged',
      'truncated.png': 'failed damaged',
      'truncated.bmp': 'ready damaged',
      'html-named.png': 'ready_no_preview no_preview_for_type',
      'playlist-named.mp4': 'ready_no_preview no_preview_for_type',
    });
  });

  it('never shows what the memory held before in place of missing pixels', async () => {
    await describeFile(decoder, join(folder, 'image/desert.png'));
    const found = await describeFile(decoder, join(folder, 'bad/truncated.png'));
    expect(found).toMatchObject({
      state: 'failed',
      facts: { width: 1200, height: 800, damaged: true },
      renditions: [],
    });
  });

  it('refuses a pixel bomb at once', async () => {
    const started = Date.now();
    await describeFile(decoder, join(folder, 'bad/pixel-bomb.png'));
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('never opens what a playlist names, even when it is announced as video', async () => {
    const scratch = await newScratch();
    const canary = join(scratch, 'canary');
    mkdirSync(canary);
    const path = join(scratch, 'bytes');
    writeFileSync(path, `#EXTM3U\n#EXTINF:5,\nfile://${join(folder, 'video/walk.mp4')}\n#EXT-X-ENDLIST\n`);
    const source = await sourceOf(path, { mime: 'video/mp4', ext: 'mp4', mediaType: 'video' });
    const found = await decoder.describe(source, canary, new AbortController().signal);
    expect(found).toMatchObject({ state: 'failed', reason: 'damaged', renditions: [] });
  });
});

describe('a decoder that misbehaves', () => {
  async function withStandIn(code: string, deadline = 60_000): Promise<Description> {
    const work = { limits: {}, deadline };
    return describeFile(
      another({ childEntry: await standIn(code), limits: { decode: work, long: work } }),
      join(folder, 'document/notes.txt'),
    );
  }

  it('is killed at the deadline, with everything it started', async () => {
    const marker = `6${process.pid}.5`;
    const found = await withStandIn(
      `import { spawn } from 'node:child_process'; process.on('SIGTERM', () => {}); process.send({ type: 'ready' });
       process.on('message', () => { spawn('sleep', ['${marker}']); for (;;) ; });`,
      3000,
    );
    expect(found).toMatchObject({ state: 'failed', reason: 'timeout' });
    await expect
      .poll(() => commandLines().filter((line) => line.includes(marker)), { timeout: 30_000 })
      .toEqual([]);
  });

  it.each([
    ['crashes', `process.on('message', () => process.exit(3));`, 'decoder_crashed'],
    ['is killed', `process.on('message', () => process.kill(process.pid, 'SIGKILL'));`, 'decoder_crashed'],
    ['runs out of memory', `process.on('message', () => process.abort());`, 'too_large'],
    [
      'answers with numbers that are not finite or paths outside',
      `process.on('message', ({ id }) => process.send({ type: 'done', id, cpuSeconds: 0, memory: 0, description: { state: 'ready', facts: { width: null }, renditions: [{ name: 'thumbnail', path: '/etc/passwd', mime: 'image/webp', ext: 'webp', tool: 'x', toolVersion: '1' }] } }));`,
      'decoder_crashed',
    ],
    [
      'names a file outside the scratch folder',
      `process.on('message', ({ id }) => process.send({ type: 'done', id, cpuSeconds: 0, memory: 0, description: { state: 'ready', facts: {}, renditions: [{ name: 'thumbnail', path: '/etc/passwd', mime: 'image/webp', ext: 'webp', tool: 'x', toolVersion: '1' }] } }));`,
      'decoder_crashed',
    ],
  ])('%s', async (_, code, reason) => {
    const found = await withStandIn(`process.send({ type: 'ready' }); ${code}`);
    expect(found).toMatchObject({ state: 'failed', reason });
  });

  it('keeps the thumbnail that was told early when it dies over the large picture', async () => {
    // It says who it is, so that it can be ended at the very moment when it has told the thumbnail.
    const told = `{ state: 'ready', facts: { pages: process.pid }, renditions: [] }`;
    const code = `process.on('message', ({ id }) => { process.send({ type: 'early', id, description: ${told} }); });
      process.send({ type: 'ready' });`;
    const work = { limits: {}, deadline: 60_000 };
    const limits = { decode: work, long: work };
    const found = await another({ childEntry: await standIn(code), limits }).describeInSteps({
      source: await sourceOf(join(folder, 'document/notes.txt')),
      scratch: await newScratch(),
      signal: new AbortController().signal,
      early: ({ facts }) => process.kill(facts.pages ?? 0, 'SIGKILL'),
    });
    expect(found).toMatchObject({ state: 'ready', facts: { pages: expect.any(Number) as unknown } });
  });

  it('cannot be started at all', async () => {
    const found = await describeFile(
      another({ childEntry: '/nonexistent/child.js' }),
      join(folder, 'document/notes.txt'),
    );
    expect(found).toMatchObject({ state: 'failed', reason: 'decoder_missing' });
  });
});

describe('the pool', () => {
  it('stops at once when aborted, waiting or working, and serves the others', async () => {
    const pool = another({ parallel: 1 });
    const large = join(folder, 'image/large-24mpx.jpg');
    const first = new AbortController();
    const second = new AbortController();
    const tasks = [
      pool.describe(await sourceOf(large), await newScratch(), first.signal),
      pool.describe(await sourceOf(large), await newScratch(), second.signal),
      describeFile(pool, join(folder, 'image/street.gif')),
    ];
    const settled = Promise.allSettled(tasks);
    await sleep(50);
    second.abort(new Error('changed my mind'));
    first.abort(new Error('changed my mind'));
    const [working, waiting, other] = await settled;
    expect(working).toMatchObject({ status: 'rejected', reason: { message: 'changed my mind' } });
    expect(waiting).toMatchObject({ status: 'rejected', reason: { message: 'changed my mind' } });
    expect(other).toMatchObject({ status: 'fulfilled', value: { state: 'ready' } });
  });

  it('survives the death of its processes between files', async () => {
    const pool = another({ parallel: 1 });
    await describeFile(pool, join(folder, 'image/street.gif'));
    for (const pid of await decoderProcesses()) process.kill(pid, 'SIGKILL');
    await sleep(100);
    expect(await describeFile(pool, join(folder, 'image/street.gif'))).toMatchObject({ state: 'ready' });
  });

  it('keeps nothing running when idle, and resolves what waits when closed', async () => {
    await decoder.close();
    decoder = testDecoder();
    const pool = another({ parallel: 1, idleSeconds: 0.2 });
    await describeFile(pool, join(folder, 'image/street.gif'));
    await expect.poll(decoderProcesses, { timeout: 30_000 }).toEqual([]);
    const waiting = describeFile(pool, join(folder, 'image/large-24mpx.jpg'));
    await sleep(50);
    await pool.close();
    expect(await waiting).toMatchObject({ state: 'failed', reason: 'stopped' });
  });

  it('reads several kinds side by side', async () => {
    const names = ['image/street.gif', 'image/logo.svg', 'document/one-page.pdf', 'image/lake.webp'];
    const all = await Promise.all(names.map((name) => describeFile(decoder, join(folder, name))));
    expect(all.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready', 'ready']);
  });
});

function distance(a = '', b = ''): number {
  const differing = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  return differing.toString(2).replaceAll('0', '').length;
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
}
