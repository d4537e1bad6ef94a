import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROUTES } from '../contract/routes.ts';
import { SETTINGS } from '../platform/config.ts';
import { parse } from './args.ts';
import { callCommand } from './call.ts';
import { COMMANDS } from './cli.ts';
import type { Command } from './command.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');

test('the README has the table of settings as the program has it', () => {
  const rows = SETTINGS.map(
    ({ name, fallback, allowed, means }) => `| \`${name}\` | ${fallback} | ${allowed} | ${means} |`,
  );
  const documented = read('README.md')
    .split('\n')
    // The formatter pads the cells.
    .map((line) => line.replace(/\s+\|/g, ' |'))
    .filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  expect(documented).toEqual(rows);
});

test.each(DOCUMENTS)('%s names only files that exist', (name) => {
  const named = [...read(name).matchAll(/`((?:src|client|web|test|scripts)\/[\w./-]+)`(?!: new;)/g)];
  const missing = named.map((match) => match[1] ?? '').filter((file) => !existsSync(path.join(ROOT, file)));
  expect(missing).toEqual([]);
});

/** The command and flags of a line, as the program would take them. */
function accept(line: string): void {
  const words = (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^["']|["']$/g, ''));
  const [first = '', second = ''] = words;
  if (first === 'start' || first === '--help' || first === '') return;
  const found: Command | null | undefined =
    first === 'call' && second !== ''
      ? callCommand(words.slice(1))
      : COMMANDS.find((command) => command.name === `${first} ${second}` || command.name === first);
  if (found == null) throw new Error(`There is no command for: ${line}`);
  parse(words.slice(found.name.split(' ').length), found.flags);
}

test.each(DOCUMENTS)('%s shows only commands and flags that exist', (name) => {
  const lines = [...read(name).matchAll(/npx backlot ([^`\n)]*)/g)].map((match) =>
    (match[1] ?? '').replace(/ prints .*| on the .*|"$/, '').trim(),
  );
  for (const line of lines) accept(line);
});

test('the README shows only addresses of the API that exist', () => {
  const shown = [...read('README.md').matchAll(/\/api\/v1(\/brands\/default[\w/]*)/g)].map(
    (match) => match[1],
  );
  const known = Object.values(ROUTES).map((route) => (route.split(' ')[1] ?? '').replace('{b}', 'default'));
  expect(shown.length).toBeGreaterThan(1);
  for (const address of shown) expect(known).toContain(address);
});
