import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortName } from './brand-words.ts';

it('makes of any name a short one that the server takes, or none', () => {
  expect(shortName('Café Zoë & Söhne')).toBe('cafe-zoe-sohne');
  expect(shortName('Halde ')).toBe('halde');
  expect(shortName('halde-', true)).toBe('halde-');
  expect(shortName('日本')).toBe('');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.boolean(), (name, isTyping) => {
      expect(shortName(name, isTyping)).toMatch(/^([a-z0-9][a-z0-9-]{0,62})?$/);
    }),
  );
});
