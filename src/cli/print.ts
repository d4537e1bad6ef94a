import type { Context } from './command.ts';
import { isOn } from './args.ts';

/** Text from elsewhere, safe to show: control characters could move the cursor or hide what follows. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
}

export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

export function wantsJson({ parsed }: Context): boolean {
  return isOn(parsed, 'json');
}

export function printJson({ host }: Context, value: unknown): void {
  host.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Rows for a person: aligned under their heads and clipped to the terminal; for a program: tabs, without heads. */
export function printTable(
  { host }: Context,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const safe = rows.map((row) => row.map(printable));
  if (!host.isTerminal) {
    for (const row of safe) host.out(`${row.join('\t')}\n`);
    return;
  }
  const widths = heads.map((head, at) => Math.max(head.length, ...safe.map((row) => row[at]?.length ?? 0)));
  const room = host.columns() - 1;
  for (const row of [heads, ...safe]) {
    const line = row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
    host.out(`${clip(line.trimEnd(), room)}\n`);
  }
}
