import type { FlagTable } from './args.ts';
import type { Command } from './command.ts';

/** Commands that run the program itself; `main.ts` handles them before any command here. */
const PROGRAM: readonly (readonly [string, string])[] = [
  ['start', 'Run the server and the worker; --port, --host, --data, --roles stand for the settings'],
  ['worker', 'Run the worker alone'],
];

export function helpForAll(commands: readonly Command[]): string {
  const rows = [...PROGRAM, ...commands.map((command) => [command.name, command.summary] as const)];
  return [
    'Usage: backlot COMMAND [flags]',
    '',
    ...columns(rows),
    '',
    'backlot COMMAND --help explains one command.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage.',
    '',
  ].join('\n');
}

export function usageLine(command: Command): string {
  return `Usage: backlot ${`${command.name} ${command.usage}`.trim()}`;
}

export function helpFor(command: Command): string {
  return [
    usageLine(command),
    '',
    `${command.summary}.`,
    '',
    ...columns(flagRows(command.flags)),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function flagRows(flags: FlagTable): (readonly [string, string])[] {
  return Object.entries(flags).map(([name, flag]) => [
    `--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    flag.means,
  ]);
}

const WIDTH = 110;

/** Two columns; the right one is broken between words. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, means]) =>
    wrap(means, WIDTH - left - 4).map((line, at) => `  ${(at === 0 ? name : '').padEnd(left)}  ${line}`),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
