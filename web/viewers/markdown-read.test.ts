import { array, assert, constantFrom, property } from 'fast-check';
import { expect, it } from 'vitest';
import { readMarkdown } from './markdown-read.ts';

const plain = (text: string) => [{ text }];

it('reads headings, paragraphs, quotes, code and rules', () => {
  const text =
    '# Shoot ##\n\nAll plates in **4K**,\nsee `notes.txt`.\n\nBrief\n-----\n> said\n> twice\n---\n```\n<b>x</b>\n```';
  expect(readMarkdown(text)).toEqual([
    { kind: 'heading', level: 1, spans: plain('Shoot') },
    {
      kind: 'paragraph',
      spans: [
        { text: 'All plates in ' },
        { text: '4K', look: 'strong' },
        { text: ', see ' },
        { text: 'notes.txt', look: 'code' },
        { text: '.' },
      ],
    },
    { kind: 'heading', level: 2, spans: plain('Brief') },
    { kind: 'quote', spans: plain('said twice') },
    { kind: 'rule' },
    { kind: 'code', text: '<b>x</b>' },
  ]);
});

it('reads lists within lists, numbers as written and tasks', () => {
  const [list] = readMarkdown('- one\n  more\n  3. three\n- [x] done\n\n- [ ] open');
  const dot = { number: null, isDone: null };
  expect(list).toEqual({
    kind: 'list',
    items: [
      { ...dot, depth: 0, spans: plain('one more') },
      { ...dot, depth: 1, number: '3', spans: plain('three') },
      { ...dot, depth: 0, isDone: true, spans: plain('done') },
      { ...dot, depth: 0, isDone: false, spans: plain('open') },
    ],
  });
});

it('reads tables', () => {
  const [table, after] = readMarkdown('| Shot | Note |\n|:--|--:|\n| 1 | a \\| *b* |\n\nend');
  expect(table).toEqual({
    kind: 'table',
    rows: [
      [plain('Shot'), plain('Note')],
      [plain('1'), [{ text: 'a | ' }, { text: 'b', look: 'em' }]],
    ],
  });
  expect(after).toMatchObject({ kind: 'paragraph' });
});

it('links to web addresses only', () => {
  const [block] = readMarkdown(
    '[a](https://example.com/a) [b](javascript:alert(1)) ![c](data:x) https://example.com/d.',
  );
  expect(block).toMatchObject({
    spans: [
      { text: 'a', href: 'https://example.com/a' },
      { text: ' [b](javascript:alert(1)) ![c](data:x) ' },
      { text: 'https://example.com/d', href: 'https://example.com/d' },
      { text: '.' },
    ],
  });
});

it('leaves names with underscores, lone stars and escaped signs alone', () => {
  const [block] = readMarkdown('take_one_final 2 * 3 \\*not\\* a_b');
  expect(block).toMatchObject({ spans: plain('take_one_final 2 * 3 *not* a_b') });
});

it('ends for every text and loses no letter', () => {
  const piece = constantFrom(
    '#',
    '-',
    '1.',
    '>',
    '```',
    '**',
    '`',
    '[x](https://a.b)',
    'word',
    ' ',
    '\n',
    '\n\n',
    '|',
    '---',
    '_',
  );
  assert(
    property(array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      // The word after an opening fence names a language.
      const letters = (all: string) => all.match(/word/g)?.length ?? 0;
      const named = (text.match(/```[^\n]*/g) ?? []).join('');
      const read = letters(JSON.stringify(readMarkdown(text)));
      expect(read).toBeLessThanOrEqual(letters(text));
      expect(read).toBeGreaterThanOrEqual(letters(text) - letters(named));
    }),
  );
});

it.each(['[', '*', '_', '`', '~', '# ', '[a](https://', 'https://.', '- ', '> ', '| ', '\\', '-', '   '])(
  'reads 256 kB of %j at once',
  (sign) => {
    const wide = sign.repeat(Math.ceil(262_144 / sign.length));
    // A rule that looks at every letter for each letter would take hours.
    readMarkdown(wide);
    readMarkdown(`x ${wide}`);
    readMarkdown(`# a${wide}b`);
    readMarkdown(`${sign}\n`.repeat(60_000));
    readMarkdown(`a|b\n${wide}x-|${wide}x`);
  },
);
