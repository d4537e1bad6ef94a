import { expect, test } from 'vitest';
import { blockWords, claimWords, fileWords, weightWords } from './detail-recipe-words.ts';

test('a claim is told as a claim', () => {
  expect(claimWords({ made: 'ai', generator: 'GPT-4o', credentials: true })).toBe(
    'Carries content credentials (not verified). They say: made with AI by GPT-4o.',
  );
  expect(claimWords({ made: null, generator: 'Leica', credentials: true })).toBe(
    'Carries content credentials (not verified). They name Leica.',
  );
  expect(claimWords({ made: null, generator: null, credentials: true })).toBe(
    'Carries content credentials (not verified).',
  );
  expect(claimWords({ made: 'partly_ai', generator: null, credentials: false })).toBe(
    'Says it was partly made with AI (not verified).',
  );
});

test('weights are named as people know them', () => {
  expect(fileWords('styles\\film_grain.safetensors')).toBe('film_grain');
  expect(fileWords('flux/dev')).toBe('dev');
  expect(fileWords('.safetensors')).toBe('.safetensors');
  expect(weightWords(0.1 + 0.2)).toBe('× 0.3');
  expect(weightWords(null)).toBe('');
});

test('a block is named by what one does with it', () => {
  expect(blockWords('png:workflow')).toBe('the workflow');
  expect(blockWords('png:parameters')).toBe('the recipe');
});
