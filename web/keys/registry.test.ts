import { describe, expect, it } from 'vitest';
import { chordOf } from './registry.ts';

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('chords', () => {
  it('names the key with what is held, alike on every system', () => {
    expect(chordOf({ ...NONE, key: 'a', ctrlKey: true })).toBe('Mod+a');
    expect(chordOf({ ...NONE, key: 'A', metaKey: true, shiftKey: true })).toBe('Mod+Shift+a');
    expect(chordOf({ ...NONE, key: ' ' })).toBe('Space');
    expect(chordOf({ ...NONE, key: 'ArrowDown', shiftKey: true })).toBe('Shift+ArrowDown');
  });

  it('does not tell Shift for keys that print: layouts differ in what needs it', () => {
    expect(chordOf({ ...NONE, key: '?', shiftKey: true })).toBe('?');
    expect(chordOf({ ...NONE, key: '/' })).toBe('/');
    expect(chordOf({ ...NONE, key: '/', shiftKey: true })).toBe('/');
  });
});
