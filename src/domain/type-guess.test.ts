import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSET_TYPES, MEDIA_TYPES } from './asset-types.ts';
import type { AssetType, MediaType } from './asset-types.ts';
import { guessType } from './type-guess.ts';

const CASES: readonly (readonly [MediaType, string, string, AssetType])[] = [
  ['image', 'brandLogo_final.png', '', 'logo'],
  ['image', 'catalogue.png', '', 'image'],
  ['image', 'acme-white.svg', 'Brand kit/Logos', 'logo'],
  ['image', 'Rock_BaseColor_4k.png', '', 'texture'],
  ['image', 'mossy.png', 'Textures/Rock', 'texture'],
  ['image', 'hero.png', 'concept art', 'concept_art'],
  ['image', 'anna_turnaround.png', '', 'character_reference'],
  ['image', 'sref-02.png', '', 'style_reference'],
  ['image', 'spring moodboard.jpg', '', 'mood_board'],
  ['video', 'Intro2024.mp4', '', 'intro_template'],
  ['video', 'introduction to sailing.mp4', '', 'video'],
  ['video', 'endcard.mov', '', 'outro'],
  ['video', 'ink-wipe.mov', '', 'transition'],
  ['video', 'C0012.MP4', 'Day 1/Interviews', 'voiceover'],
  ['video', 'logo reveal.mp4', '', 'video'],
  ['audio', 'vo-take2.wav', '', 'voiceover'],
  ['audio', 'whoosh_03.wav', '', 'sound_effect'],
  ['audio', '0231.wav', 'SFX/doors', 'sound_effect'],
  ['audio', 'harbour atmo.wav', '', 'ambience'],
  ['audio', 'sunny day.mp3', '', 'background_music'],
  ['audio', 'voiceover.wav', 'music', 'voiceover'],
  ['model3d', 'robot_rigged.glb', '', 'rig'],
  ['model3d', 'chair.glb', '', 'model_3d'],
  ['document', 'Spot 3 script.docx', '', 'script'],
  ['document', 'invoice.pdf', '', 'document'],
  ['weights', 'anna-v2.safetensors', '', 'lora'],
  ['weights', 'dreamland-v10.ckpt', '', 'other'],
  ['weights', 'anna.pt', 'models/Lora', 'lora'],
  ['weights', 'canny.safetensors', 'models/ControlNet', 'controlnet'],
  ['lut', 'teal.cube', '', 'lut'],
  ['font', 'Inter-Bold.ttf', 'logo fonts', 'font'],
  ['data', 'a.json', 'prompts', 'prompt_preset'],
  ['other', 'logo.xyz', 'logos', 'other'],
];

describe('the guess of what a file is for', () => {
  it.each(CASES)('%s %s in "%s" is %s', (...[mediaType, fileName, folder, type]) => {
    expect(guessType({ mediaType, fileName, folder })).toBe(type);
  });

  const media = fc.constantFrom(...MEDIA_TYPES);

  it('knows every file, and the name outweighs the folders', () => {
    fc.assert(
      fc.property(media, fc.string(), fc.string(), (mediaType, fileName, folder) => {
        const guess = guessType({ mediaType, fileName, folder });
        expect(ASSET_TYPES).toContain(guess);
        const byName = guessType({ mediaType, fileName });
        if (byName !== guessType({ mediaType, fileName: '' })) expect(guess).toBe(byName);
      }),
    );
  });

  it('does not depend on case, nor on how words are parted', () => {
    const parts = fc.constantFrom(' ', '_', '-', '.', '__', ' - ');
    fc.assert(
      fc.property(fc.constantFrom(...CASES), parts, (example, parting) => {
        const [mediaType, fileName, folder] = example;
        const clues = { mediaType, fileName: fileName.replaceAll(/[_-]/g, parting), folder };
        expect(
          guessType({
            ...clues,
            fileName: clues.fileName.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(),
          }),
        ).toBe(guessType(clues));
      }),
    );
  });
});
