import { parseArgs } from 'node:util';

/** One flag of a command, without its dashes. */
export interface Flag {
  /** What stands for the value in the help; absent for a switch, which also takes `--no-…`. */
  readonly value?: string;
  readonly means: string;
}
export type FlagTable = Readonly<Record<string, Flag>>;

/** The command line of one command, split. */
export interface Parsed {
  readonly words: readonly string[];
  /** Values by flag, in the order given; a flag may be repeated. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly switches: ReadonlyMap<string, boolean>;
}

/** The command was written wrongly; ends with exit code 2 and the right usage. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export function parse(argv: readonly string[], flags: FlagTable): Parsed {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      flag.value === undefined
        ? { type: 'boolean' as const }
        : { type: 'string' as const, multiple: true as const },
    ]),
  );
  const args = joinValues(argv, flags);
  const values = new Map<string, string[]>();
  const switches = new Map<string, boolean>();
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true, allowNegative: true });
    for (const [name, value] of Object.entries(parsed.values)) {
      if (typeof value === 'boolean') switches.set(name, value);
      else if (Array.isArray(value)) values.set(name, value.map(String));
    }
    return { words: parsed.positionals, values, switches };
  } catch (error) {
    throw asUsage(error);
  }
}

/**
 * `--sort -size` is one flag with its value here; the parser of Node would take the value for another flag. Names may
 * also be written as the API writes them, `--mediaType`.
 */
function joinValues(argv: readonly string[], flags: FlagTable): string[] {
  const joined: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? '';
    if (arg === '--') return [...joined, ...argv.slice(at)];
    if (!arg.startsWith('--')) {
      joined.push(arg);
      continue;
    }
    const [written = '', ...rest] = arg.slice(2).split('=');
    const name = kebab(written);
    const next = argv[at + 1];
    if (rest.length > 0) joined.push(`--${name}=${rest.join('=')}`);
    else if (flags[name]?.value !== undefined && next !== undefined && !next.startsWith('--')) {
      joined.push(`--${name}=${next}`);
      at += 1;
    } else joined.push(`--${name}`);
  }
  return joined;
}

function asUsage(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!(error instanceof Error) || !code.startsWith('ERR_PARSE_ARGS')) return error;
  const [flag = ''] = /--?[\w-]+/.exec(error.message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return new UsageError(`${flag} is not a flag of this command.`);
  const takesNone = error.message.includes('does not take');
  return new UsageError(takesNone ? `${flag} takes no value.` : `${flag} needs a value.`);
}

/** `mediaType` as a flag is `media-type`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The last value of a flag. */
export function text(parsed: Parsed, name: string): string | undefined {
  return parsed.values.get(name)?.at(-1);
}

export function required(parsed: Parsed, name: string): string {
  const value = text(parsed, name);
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`);
  return value;
}

export function isOn(parsed: Parsed, name: string): boolean {
  return parsed.switches.get(name) === true;
}

/** A whole number from a flag. */
export function whole(parsed: Parsed, name: string, range: { min: number; max: number }): number | undefined {
  const value = text(parsed, name);
  if (value === undefined) return undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  throw new UsageError(`--${name} must be a whole number from ${range.min} to ${range.max}.`);
}

/** The value of a flag that names one of a few things. */
export function oneOf<T extends string>(parsed: Parsed, name: string, allowed: readonly T[]): T | undefined {
  const value = text(parsed, name);
  if (value === undefined) return undefined;
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${allowed.join(', ')}.`);
  return found;
}

/** For commands that take flags alone. */
export function noWords(parsed: Parsed): void {
  const [first] = parsed.words;
  if (first !== undefined) throw new UsageError(`"${first}" is one word too many.`);
}
