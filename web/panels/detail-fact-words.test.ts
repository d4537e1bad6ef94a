import { expect, it } from 'vitest';
import { byteFacts, factGroups, factText, sizeUnit, wordFacts } from './detail-fact-words.ts';

it('writes the facts of the bytes with units, leaving out what is said elsewhere or says nothing', () => {
  const facts = {
    width: 640,
    duration: 3,
    animated: false,
    frames: 1,
    bitRate: 1_411_200,
    sampleRate: 44_100,
    audioCodec: 'PCM',
    more: { lossless: true, bitsPerSample: 16, deep: { er: 1 } },
  };
  expect(byteFacts(facts)).toEqual([
    { label: 'Bit rate', value: '1.41 Mbit/s' },
    { label: 'Audio codec', value: 'PCM' },
    { label: 'Lossless', value: 'Yes' },
    { label: 'Bit depth', value: '16 bit' },
  ]);
});

it('writes a fact as one line or not at all', () => {
  expect(factText('axes', ['wght', 'slnt'])).toBe('wght, slnt');
  expect(factText('frameRate', 29.97)).toBe('29.97 fps');
  expect(['avc', 'AAC', 'pcm_s16le', 'odd'].map((name) => factText('audioCodec', name))).toEqual([
    'H.264',
    'AAC',
    'PCM',
    'odd',
  ]);
  expect(factText('x', [{ deep: 1 }])).toBeNull();
  expect(factText('x', '')).toBeNull();
});

it('measures pages in points', () => {
  expect(sizeUnit({ more: { unit: 'points' } })).toBe('pt');
  expect(sizeUnit({})).toBe('px');
});

it('keeps together what belongs together, with the place as people write it', () => {
  const facts = {
    sampleRate: 44_100,
    channels: 2,
    more: {
      iso: 200,
      camera: 'Keeper K1',
      latitude: -38.7,
      longitude: 9.1,
      copyright: 'The Keepers',
      orientation: 1,
    },
  };
  expect(factGroups(facts)).toEqual([
    {
      title: 'Camera',
      lines: [
        { label: 'Camera', value: 'Keeper K1' },
        { label: 'ISO', value: '200' },
        { label: 'Position', value: '38.7° S, 9.1° E' },
      ],
    },
    { title: 'Sound', lines: [{ label: 'Sample rate', value: '44.1 kHz' }] },
    { title: 'Rights', lines: [{ label: 'Copyright', value: 'The Keepers' }] },
  ]);
  expect(byteFacts(facts)).toEqual([{ label: 'Channels', value: 'Stereo' }]);
  // Those of a picture are its colours.
  expect(byteFacts({ channels: 4 })).toEqual([]);
});

it('lists words one by one, each once', () => {
  expect(wordFacts({ more: { triggerWords: 'ohwx, dawn , ohwx', keywords: '' } })).toEqual([
    { title: 'Trigger words', words: ['ohwx', 'dawn'] },
  ]);
});
