import { expect, test } from 'vitest';
import { assetOperations } from '../contract/assets.ts';
import { UsageError, parse } from './args.ts';
import { flagsOf, inputOf } from './schema-flags.ts';
import { parseSize } from './sizes.ts';

const LIST = assetOperations['assets.list'].input;
const read = (...argv: string[]) => inputOf(LIST, parse(argv, flagsOf(LIST)), { b: 'acme' });
const wrong = (...argv: string[]) => {
  try {
    read(...argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  return 'accepted';
};

test('flags become the input of the contract', () => {
  expect(
    read(
      '--type',
      'logo,font',
      '--tag',
      'a',
      '--tag',
      'b',
      '--min-width',
      '800',
      '--sort',
      '-size',
      '--count',
    ),
  ).toEqual({
    b: 'acme',
    type: ['logo', 'font'],
    tag: ['a', 'b'],
    minWidth: 800,
    sort: '-size',
    count: true,
  });
  expect(read('--mediaType=video', '--brand', 'other', '--no-must-include')).toEqual({
    b: 'other',
    mediaType: ['video'],
    mustInclude: false,
  });
});

test('a wrong flag or value is named', () => {
  expect(wrong('--shade', 'red')).toBe('--shade is not a flag of this command.');
  expect(wrong('--type')).toBe('--type needs a value.');
  expect(wrong('--type', '--sort', 'name')).toBe('--type needs a value.');
  expect(wrong('--count=yes')).toBe('--count takes no value.');
  expect(wrong('--orientation', 'round')).toBe('--orientation must be one of landscape, portrait, square.');
  expect(wrong('--min-width', 'wide')).toContain('--min-width is not right');
  expect(wrong('--month', 'May')).toContain('such as 2026-11');
});

test('what follows -- is not a flag', () => {
  expect(parse(['a', '--', '--b'], {}).words).toEqual(['a', '--b']);
});

test('sizes are read as people write them', () => {
  expect(['50GB', '1.5 TB', '512MiB', '1000', '0'].map((size) => parseSize(size, '--quota'))).toEqual([
    50e9,
    1.5e12,
    512 * 2 ** 20,
    1000,
    0,
  ]);
  for (const size of ['', 'lots', '5 XB', '-1', '1e3', '9999TB']) {
    expect(() => parseSize(size, '--quota')).toThrow(UsageError);
  }
});
