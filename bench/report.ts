export interface Row {
  readonly section: string;
  readonly what: string;
  /** What was measured, with its unit. */
  readonly figure: string;
  /** The figure divided by its goal (or by the machine's own limit), so that 1.00 or better is met. */
  readonly ratio: number | null;
  readonly goal: string;
  readonly median?: number;
}

const rows: Row[] = [];

/** A figure that should be at most the goal. A median beside it tells a slow answer from a busy machine. */
export function atMost(row: {
  section: string;
  what: string;
  value: number;
  goal: number;
  unit: string;
  median?: number;
}): void {
  add({
    ...row,
    ratio: row.value === 0 ? Infinity : row.goal / row.value,
    goal: `≤ ${row.goal} ${row.unit}`,
  });
}

/** A figure that should be at least the goal. */
export function atLeast(row: {
  section: string;
  what: string;
  value: number;
  goal: number;
  unit: string;
}): void {
  add({ ...row, ratio: row.value / row.goal, goal: `≥ ${row.goal} ${row.unit}` });
}

/** A figure beside others, without a goal. */
export function note(row: { section: string; what: string; value: number; unit: string }): void {
  add({ ...row, ratio: null, goal: '' });
}

function add(row: {
  section: string;
  what: string;
  value: number;
  unit: string;
  ratio: number | null;
  goal: string;
  median?: number;
}): void {
  const line = { ...row, figure: `${digits(row.value)} ${row.unit}` };
  rows.push(line);
  process.stdout.write(`${format(line)}\n`);
}

function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

function format(row: Row): string {
  const ratio = row.ratio === null ? '' : `${row.ratio.toFixed(2)}×${row.ratio >= 1 ? '' : ' !'}`;
  const median = row.median === undefined ? '' : `median ${digits(row.median)}`;
  return [
    row.section.padEnd(10),
    row.what.padEnd(52),
    row.figure.padStart(14),
    row.goal.padStart(16),
    ratio.padStart(9),
    median,
  ]
    .join(' ')
    .trimEnd();
}

export function printHead(): void {
  const head = { section: 'section', what: 'what', figure: 'measured', goal: 'goal', ratio: null };
  process.stdout.write(`${format(head)}   (ratio: 1.00 or more meets the goal)\n`);
}

export function missed(): number {
  return rows.filter((row) => row.ratio !== null && row.ratio < 1).length;
}

/** The value below which the share of the sorted samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
