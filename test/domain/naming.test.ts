import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/failures.ts';
import {
  NAME_MAX_BYTES,
  TAGS_MAX,
  TAG_MAX_CHARACTERS,
  cleanFileName,
  cleanName,
  cleanParagraph,
  cleanTags,
  cleanText,
  nameFromFile,
} from '../../src/domain/naming.ts';

/** Any code units, lone surrogates, controls and overrides among them. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '\ud800',
      '\udfff',
      '\u202e',
      '\u2028',
      '\u0000',
      '\n',
      '\r',
      '/',
      '\\',
      '.',
      ' ',
      'é',
      '🌅',
      '|',
      ',',
    ),
  }),
);
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** The result, or null where the text was refused in the words of the failure table. */
function accepted(work: () => string): string | null {
  try {
    return work();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return null;
  }
}

describe('a text', () => {
  it('is one line of well-formed NFC without controls, and stays as it is when cleaned again', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const text = cleanText(raw);
        expect(text).not.toMatch(UNWANTED);
        expect(text).toBe(text.normalize('NFC').trim());
        expect(Buffer.from(text).toString('utf8')).toBe(text);
        expect(cleanText(text)).toBe(text);
      }),
    );
  });

  it('of several lines keeps its lines and nothing else that controls', () => {
    fc.assert(
      fc.property(fc.array(anyText), (lines) => {
        const text = cleanParagraph(lines.join('\r\n'));
        expect(text.replaceAll('\n', '')).not.toMatch(UNWANTED);
        expect(cleanParagraph(text)).toBe(text);
      }),
    );
    expect(cleanParagraph('one\r\ntwo\n\nthree')).toBe('one\ntwo\n\nthree');
  });
});

describe('a file name', () => {
  it('has no folder, at most 255 bytes, and is the same when cleaned again', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const name = accepted(() => cleanFileName(raw));
        if (name === null) return;
        expect(name).not.toMatch(/[/\\]/);
        expect(['', '.', '..']).not.toContain(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(NAME_MAX_BYTES);
        expect(cleanFileName(name)).toBe(name);
      }),
    );
  });

  it('keeps its ending when it is shortened, and never half a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 260, maxLength: 600 }),
        fc.constantFrom('.png', '.jpeg', '.mp4', '.safetensors'),
        (stem, ending) => {
          const name = accepted(() => cleanFileName(`x${stem.replaceAll(/[/\\]/g, '')}x${ending}`));
          expect(name?.endsWith(ending)).toBe(true);
          expect(Buffer.byteLength(name ?? '')).toBeLessThanOrEqual(NAME_MAX_BYTES);
          expect(Buffer.from(name ?? '').toString('utf8')).toBe(name);
        },
      ),
    );
  });

  it.each(['', '.', '..', '/', '///', '\\', ' ', '\u0000', '\u202e', '../..', 'a/..'])(
    'cannot be %j',
    (raw) => {
      expect(accepted(() => cleanFileName(raw))).toBeNull();
    },
  );

  it('gives a name to show that is never empty', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const file = accepted(() => cleanFileName(raw));
        if (file !== null) expect(accepted(() => cleanName(nameFromFile(file)))).not.toBeNull();
      }),
    );
    expect(nameFromFile('Harbour_Sunset_01.final.png')).toBe('Harbour Sunset 01.final');
    expect(nameFromFile('.hidden')).toBe('.hidden');
    expect(nameFromFile('___.png')).toBe('___.png');
  });
});

describe('tags', () => {
  it('are unique, lower case and free of what parts them in lists', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 30 }), (raw) => {
        const joined = accepted(() => JSON.stringify(cleanTags(raw)));
        if (joined === null) return;
        const tags = cleanTags(raw);
        expect(new Set(tags).size).toBe(tags.length);
        for (const tag of tags) {
          expect(tag).not.toMatch(/[,|]/);
          expect(tag).not.toBe('');
          expect([...tag].length).toBeLessThanOrEqual(TAG_MAX_CHARACTERS);
        }
        expect(cleanTags(tags)).toEqual(tags);
      }),
    );
  });

  it('are limited in number and length', () => {
    const many = Array.from({ length: TAGS_MAX + 1 }, (_, i) => `tag ${i}`);
    expect(() => cleanTags(many)).toThrow(/at most 200 tags/);
    expect(cleanTags(many.slice(1))).toHaveLength(TAGS_MAX);
    expect(() => cleanTags(['x'.repeat(TAG_MAX_CHARACTERS + 1)])).toThrow(/at most 64 characters/);
    expect(cleanTags(['🌅'.repeat(TAG_MAX_CHARACTERS)])).toHaveLength(1);
  });
});
