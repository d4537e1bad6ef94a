import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextLine } from '../../src/domain/context-line.ts';
import type { ContextAsset } from '../../src/domain/context-line.ts';

const harbour: ContextAsset = {
  id: 'AST-7K2M9QX4',
  name: 'Harbour',
  mediaType: 'video',
  description: 'Boats leave the harbour at dawn',
  tags: ['sea', 'dawn'],
  mood: ['calm', 'hopeful'],
  hasPeople: false,
  width: 1920,
  height: 1080,
  duration: 12.34,
};

describe('context line', () => {
  it('says in one line what an asset is', () => {
    expect(contextLine(harbour)).toBe(
      'AST-7K2M9QX4: Boats leave the harbour at dawn | Tags: sea, dawn | Mood: calm, hopeful | Has People: no | 1920x1080 | 12.3 s',
    );
  });

  it('leaves out what is not known, and says so where no would be a lie', () => {
    const bare = { ...harbour, description: '', tags: [], mood: [], hasPeople: null, duration: null };
    expect(contextLine(bare)).toBe('AST-7K2M9QX4: Harbour | Has People: unknown | 1920x1080');
    const sound = { ...bare, mediaType: 'audio', width: null, height: null, duration: 184.6 };
    expect(contextLine(sound)).toBe('AST-7K2M9QX4: Harbour | 185 s');
  });

  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom('|', '\n', '\r', '\u2028', '\u0000', '\u202e', '\u200b', '\ud800', ' ', ':', 'a'),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
    maxLength: 60,
  });
  const asset = fc.record({
    id: fc.constant('AST-7K2M9QX4'),
    name: hostile,
    mediaType: fc.constantFrom('image', 'video', 'audio', 'font'),
    description: hostile,
    tags: fc.array(hostile, { maxLength: 4 }),
    mood: fc.array(hostile, { maxLength: 3 }),
    hasPeople: fc.constantFrom(true, false, null),
    width: fc.option(fc.nat()),
    height: fc.option(fc.nat()),
    duration: fc.option(fc.double({ noNaN: false })),
  });

  it('no text can end the line, hide in it or forge a field', () => {
    fc.assert(
      fc.property(asset, (given) => {
        const line = contextLine(given);
        expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(line.startsWith('AST-7K2M9QX4: ')).toBe(true);
        const fields = line.split('|').slice(1);
        for (const field of fields) {
          expect(field).toMatch(/^ (Tags: .+|Mood: .+|Has People: (yes|no|unknown)|\d+x\d+|[\d.e+]+ s) ?$/u);
        }
        expect(fields.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('the same asset gives the same bytes, however its letters were composed', () => {
    fc.assert(
      fc.property(asset, (given) => {
        const composed = contextLine(given);
        expect(contextLine({ ...given, tags: [...given.tags] })).toBe(composed);
        expect(contextLine({ ...given, description: given.description.normalize('NFD') })).toBe(
          contextLine({ ...given, description: given.description.normalize('NFC') }),
        );
      }),
    );
  });
});
