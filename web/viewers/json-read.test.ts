import { assert, boolean, jsonValue, property } from 'fast-check';
import { expect, it } from 'vitest';
import { readJson } from './json-read.ts';
import type { JsonNode } from './json-read.ts';

function valueOf(node: JsonNode): unknown {
  if (node.kind === 'text') return node.text;
  if (!('children' in node)) return JSON.parse(node.text) as unknown;
  const pairs = node.children.map(([key, child]) => [key, valueOf(child)] as const);
  return node.kind === 'array' ? pairs.map(([, child]) => child) : Object.fromEntries(pairs);
}

it('reads what JSON writes', () => {
  assert(
    property(jsonValue({ maxDepth: 3 }), boolean(), (value, isSpaced) => {
      const text = JSON.stringify(value, null, isSpaced ? 2 : 0);
      const node = readJson(text);
      expect(node === null ? 'nothing' : valueOf(node)).toEqual(JSON.parse(text));
    }),
    { numRuns: 60 },
  );
});

it('keeps all digits of a number', () => {
  expect(readJson('{"seed": 18446744073709551615}')).toMatchObject({
    children: [['seed', { kind: 'number', text: '18446744073709551615' }]],
  });
});

it('gives what is there of a text that was cut at any place', () => {
  const text = JSON.stringify({ shots: [{ name: 'har\n"bour"', at: -1.5e3 }, true], note: null, é: 'ß' });
  for (let end = 1; end < text.length; end += 1) {
    const node = readJson(text.slice(0, end));
    expect(node, text.slice(0, end)).toMatchObject({ kind: 'object', isCut: true });
  }
});

it('is null for what is no JSON', () => {
  for (const text of ['', 'shot list', '{"a" 1}', '[1,]', '{"a":1} x', '{a:1}', '['.repeat(5000)]) {
    expect(readJson(text), text.slice(0, 20)).toBeNull();
  }
});
