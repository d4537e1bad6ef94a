import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { findTools } from '../../src/media/capabilities.ts';
import type { Decoder } from '../../src/media/contract.ts';
import { LoudnessMeter } from '../../src/media/loudness.ts';
import { describeFile, hasFfmpeg, newScratch, testDecoder } from './support.ts';

const RATE = 48_000;

/** Sine of full scale times `gain`, on every channel. */
function tone(seconds: number, options: { gain: number; hertz: number; channels: number }): Float32Array {
  const { gain, hertz, channels } = options;
  return Float32Array.from({ length: seconds * RATE * channels }, (_, i) => {
    return gain * Math.sin((2 * Math.PI * hertz * Math.floor(i / channels)) / RATE);
  });
}

function measure(channels: number, ...pieces: readonly Float32Array[]) {
  const meter = new LoudnessMeter(RATE, channels);
  for (const piece of pieces) meter.add(piece);
  return meter.result();
}

describe('loudness', () => {
  // EBU Tech 3341, tests 1 and 2: a stereo sine of 1 kHz at −23 dBFS is −23 LUFS.
  it.each([-23, -33])('of a stereo tone at %i dBFS is that many LUFS', (level) => {
    const gain = 10 ** (level / 20);
    const { integrated, peak } = measure(2, tone(20, { gain, hertz: 1000, channels: 2 }));
    expect(integrated).toBeCloseTo(level, 0);
    expect(Math.abs((integrated ?? 0) - level)).toBeLessThanOrEqual(0.1);
    expect(peak).toBeCloseTo(level, 1);
  });

  // EBU Tech 3341, test 3: what lies far below the programme does not count.
  it('leaves out what is far quieter than the rest', () => {
    const at = (seconds: number, level: number) =>
      tone(seconds, { gain: 10 ** (level / 20), hertz: 1000, channels: 2 });
    const { integrated } = measure(2, at(10, -36), at(60, -23), at(10, -36));
    expect(Math.abs((integrated ?? 0) + 23)).toBeLessThanOrEqual(0.1);
  });

  // EBU Tech 3342, test 1.
  it('has a range between the quiet and the loud part', () => {
    const at = (level: number) => tone(20, { gain: 10 ** (level / 20), hertz: 1000, channels: 2 });
    expect(measure(2, at(-20), at(-30)).range).toBeCloseTo(10, 0);
  });

  it('is unknown for silence and for less than a block', () => {
    expect(measure(2, new Float32Array(RATE * 4))).toEqual({});
    expect(measure(1, tone(0.2, { gain: 0.5, hertz: 440, channels: 1 })).integrated).toBeUndefined();
  });

  it('stays finite whatever the samples are', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 400 }), (samples) => {
        const loud = new Float32Array(RATE);
        loud.set(samples);
        for (const value of Object.values(measure(1, loud))) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });

  it('is told although a render left infinities behind', () => {
    const spoilt = tone(20, { gain: 10 ** (-23 / 20), hertz: 1000, channels: 2 });
    spoilt.set([Infinity, -Infinity, 3e38, Number.NaN], 5000);
    const { integrated, peak } = measure(2, spoilt);
    expect(Math.abs((integrated ?? 0) + 23)).toBeLessThanOrEqual(0.1);
    expect(peak).toBeCloseTo(-23, 1);
  });
});

describe.skipIf(!hasFfmpeg)('sound files', () => {
  let folder = '';
  let decoder: Decoder;
  beforeAll(async () => {
    folder = await makeFixtures();
    decoder = testDecoder();
  }, 120_000);
  afterAll(() => decoder.close());

  it.each(['wav', 'mp3', 'ogg', 'opus', 'm4a', 'flac', 'aac'])('%s has peaks and a loudness', async (ext) => {
    const found = await describeFile(decoder, join(folder, `audio/phrase.${ext}`));
    expect(found.state).toBe('ready');
    expect(found.renditions.map(({ name }) => name)).toEqual(['thumbnail', 'waveform']);
    expect(Math.abs(Number(found.facts.more?.['loudness']) + 13.5)).toBeLessThan(0.5);
    expect(found.facts.more?.['tempoEstimate']).toBeUndefined();
  });

  it('tells the loudness of a video', async () => {
    const found = await describeFile(decoder, join(folder, 'video/with-sound.mp4'));
    expect(Math.abs(Number(found.facts.more?.['loudness']) + 13.5)).toBeLessThan(0.5);
    expect((await describeFile(decoder, join(folder, 'video/walk.mp4'))).facts.more).not.toHaveProperty(
      'loudness',
    );
  });

  it('estimates the tempo of a beat, and of noise none', async () => {
    const scratch = await newScratch();
    const make = (name: string, expression: string): string => {
      const path = join(scratch, name);
      const source = `aevalsrc=${expression}:s=44100:d=24`;
      execFileSync(findTools().ffmpeg ?? '', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', source, path]);
      return path;
    };
    const beat = make('beat.wav', "'0.6*sin(2*PI*180*t)*exp(-30*mod(t,0.5))'");
    expect((await describeFile(decoder, beat)).facts.more).toMatchObject({ tempoEstimate: 120 });
    const noise = make('noise.wav', "'0.2*(random(0)-0.5)'");
    expect((await describeFile(decoder, noise)).facts.more).not.toHaveProperty('tempoEstimate');
  });
});
