import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { poseOf, readMotion } from '../../src/media/motion-read.ts';
import { detect } from '../../src/media/detect.ts';
import { clipText } from '../../src/media/text-clip.ts';
import { sweepText } from '../../src/media/office-legacy.ts';
import { presetIn } from '../../src/media/prompt-preset.ts';
import { decoder, look, samples } from './samples.ts';
import { describeFile, newScratch } from './support.ts';

samples();

describe('long runs of one sign', () => {
  it('take no longer than other text to be clipped', { timeout: 20_000 }, () => {
    const wide = '\u3000'.repeat(200_000);
    expect(clipText(`one${wide}two${wide}\n${wide}three`)).toBe('one two\nthree');
  });

  it('take no longer than other text to be recognised', { timeout: 20_000 }, async () => {
    const lines = Buffer.from(`a${'\n'.repeat(60_000)}`);
    for (let turn = 0; turn < 200; turn += 1) {
      expect(await detect(lines, 'notes.txt', lines.length)).toMatchObject({ mime: 'text/plain' });
    }
  });

  it('leave the words of a document to be found', { timeout: 20_000 }, async () => {
    const xml = `<w:t>quarterly</w:t>${'<'.repeat(400_000)}`;
    const zip = zipSync(
      { '[Content_Types].xml': new Uint8Array(), 'word/document.xml': Buffer.from(xml) },
      { level: 0 },
    );
    const path = join(await newScratch(), 'document.docx');
    writeFileSync(path, zip);
    expect((await describeFile(decoder, path)).text).toContain('quarterly');
  });
});

describe('prompt presets', () => {
  it.each([
    ['prompts.json', { presetKind: 'Prompt preset', prompts: 2 }, 'lighthouse keeper'],
    ['graph.json', { presetKind: 'ComfyUI workflow', nodes: 2 }, 'a lighthouse made of paper'],
    ['styles.csv', { presetKind: 'Styles', prompts: 1 }, 'ink drawing'],
  ])('%s is recognised by its shape', async (name, more, text) => {
    const found = await look(`other/${name}`);
    expect(found).toMatchObject({
      state: 'ready_no_preview',
      suggestedType: 'prompt_preset',
      facts: { more },
    });
    expect(found.text).toContain(text);
  });

  it.each(['other/project.json', 'other/shots.csv', 'document/notes.txt'])('%s is none', async (name) => {
    expect(await look(name)).not.toHaveProperty('suggestedType');
  });

  it('are not seen in every JSON with a question in it', () => {
    expect(presetIn('{"prompt":"What is your name?","answer":"Ada"}')).toBeNull();
    expect(presetIn('{"nodes":[],"links":[]}')).toBeNull();
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(() => presetIn(json)).not.toThrow();
      }),
    );
  });
});

describe('old office files', () => {
  it('can be found by their words', async () => {
    const found = await look('document/old-brief.doc');
    expect(found.state).toBe('ready_no_preview');
    expect(found.text).toContain('The old brief asks for a harbour at dawn.');
  });

  it('do not make noise searchable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (noise) => {
        expect(sweepText(Buffer.from(noise)).length).toBeLessThan(200);
      }),
    );
  });
});

describe('motion clips', () => {
  it('tell their length and joints, and show poses', async () => {
    const found = await look('other/wave.bvh');
    expect(found).toMatchObject({
      state: 'ready',
      suggestedType: 'motion_capture',
      facts: { duration: 2, frameRate: 30, more: { joints: 11, motionFrames: 60 } },
    });
    const { isOpaque } = await sharp(found.renditions[0]?.path).stats();
    expect(isOpaque).toBe(false);
  });

  it('turn bones as the file says', () => {
    const text = `HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 4 Xposition Yposition Zposition Zrotation JOINT b { OFFSET 0 2 0 CHANNELS 1 Zrotation End Site { OFFSET 0 1 0 } } } MOTION\nFrames: 1\nFrame Time: 0.1\n1 0 0 90 90\n`;
    const motion = readMotion(text);
    const pose =
      motion === null ? [] : poseOf(motion, 0).map((point) => point.map((value) => Math.round(value)));
    expect(pose).toEqual([
      [1, 0, 0],
      [-1, 0, 0],
      [-1, -1, 0],
    ]);
  });

  it.each([
    [
      'fewer numbers than frames',
      'HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 1 Zrotation } MOTION\nFrames: 2\nFrame Time: 0.1\n1\n',
    ],
    [
      'more frames than anybody has',
      'HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 1 Zrotation } MOTION\nFrames: 99999999999\nFrame Time: 0.1\n1\n',
    ],
    ['a skeleton that never ends', 'HIERARCHY ROOT a { OFFSET 0 0 0 MOTION\nFrames: 1\nFrame Time: 0.1\n1\n'],
  ])('with %s are damaged', (_, text) => {
    expect(readMotion(text)).toBeNull();
  });
});
