import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/media/json.ts';

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('brackets in strings are no nesting, brackets outside are', () => {
  expect(parseJson(JSON.stringify(`${'['.repeat(5000)}"\\"{`))).toContain('[[[');
  expect(parseJson('['.repeat(200) + ']'.repeat(200))).toHaveLength(1);
  expect(() => parseJson('['.repeat(201) + ']'.repeat(201))).toThrow(SyntaxError);
  expect(() => parseJson('{"a":'.repeat(1e6))).toThrow(SyntaxError);
  expect(() => parseJson('"open')).toThrow(SyntaxError);
});
