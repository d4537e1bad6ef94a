import { expect, it } from 'vitest';
import { changeText, kindText } from './history-words.ts';

it('says what happened in words, known or not', () => {
  expect(kindText('assets.trash')).toBe('Moved to trash');
  expect(kindText('assets.enhance')).toBe('Assets enhance');
});

it('writes values short and never as an empty string', () => {
  expect(changeText(null)).toBe('empty');
  expect(changeText([])).toBe('empty');
  expect(changeText(['a', 'b'])).toBe('a, b');
  expect(changeText(false)).toBe('no');
  expect(changeText('😀'.repeat(200))).toBe(`${'😀'.repeat(160)} …`);
});
