import { z } from 'zod';
import { UsageError, kebab, text } from './args.ts';
import type { Flag, FlagTable, Parsed } from './args.ts';

type Kind = 'text' | 'number' | 'switch' | 'list' | 'json';

/** Fields that the contract keeps short and a command line spells out. */
const SPELLED: Readonly<Record<string, string>> = { b: 'brand' };

function flagName(field: string): string {
  return SPELLED[field] ?? kebab(field);
}

/** The flags that an operation's input stands for, with the words of the contract. */
export function flagsOf(schema: z.ZodObject): FlagTable {
  const flags: Record<string, Flag> = {};
  for (const [field, type] of fieldsOf(schema)) {
    const { inner, needed } = unwrap(type);
    const kind = kindOf(inner);
    const placeholder = placeholderOf(kind);
    const said = type.description ?? inner.description ?? meaningOf(inner, kind);
    flags[flagName(field)] = {
      ...(placeholder === null ? {} : { value: placeholder }),
      means: needed && field !== 'b' ? `${said} (needed)` : said,
    };
  }
  return flags;
}

/** The input that the flags make, converted by the schema's own types and checked by it. */
export function inputOf<S extends z.ZodObject>(
  schema: S,
  parsed: Parsed,
  known: Readonly<Record<string, unknown>> = {},
): z.output<S> {
  const input: Record<string, unknown> = { ...known };
  for (const [field, type] of fieldsOf(schema)) {
    const value = convert(parsed, flagName(field), kindOf(unwrap(type).inner));
    if (value !== undefined) input[field] = value;
  }
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw wrong(schema, input, result.error);
}

/** The first complaint of the schema, in the words of a command line. */
function wrong(schema: z.ZodObject, input: Readonly<Record<string, unknown>>, error: z.ZodError): UsageError {
  const [issue] = error.issues;
  const [field = '', ...deeper] = issue?.path ?? [];
  const name = String(field);
  if (input[name] === undefined) return new UsageError(`--${flagName(name)} is missing.`);
  const place = [flagName(name), ...deeper.filter((part) => typeof part === 'string')].join('.');
  if (issue?.code === 'invalid_value') {
    return new UsageError(`--${place} must be one of ${issue.values.map(String).join(', ')}.`);
  }
  const type = asType(schema.shape[name]);
  const said = type.description ?? unwrap(type).inner.description;
  const hint = said === undefined ? '' : ` (${said})`;
  return new UsageError(`--${place} is not right: ${issue?.message ?? 'not allowed'}${hint}.`);
}

function convert(parsed: Parsed, flag: string, kind: Kind): unknown {
  if (kind === 'switch') return parsed.switches.get(flag);
  const given = text(parsed, flag);
  if (given === undefined) return undefined;
  if (kind === 'list') {
    const items = (parsed.values.get(flag) ?? []).flatMap((value) => value.split(','));
    return items.map((item) => item.trim()).filter((item) => item !== '');
  }
  if (kind === 'number') return given.trim() === '' ? given : Number(given);
  return kind === 'json' ? parseJson(given, `--${flag}`) : given;
}

/** JSON that a person typed; `place` is named when it cannot be read. */
export function parseJson(given: string, place: string): unknown {
  try {
    const value: unknown = JSON.parse(given);
    return value;
  } catch {
    throw new UsageError(`${place} is not valid JSON.`);
  }
}

function fieldsOf(schema: z.ZodObject): [string, z.ZodType][] {
  return Object.entries(schema.shape).map(([field, type]) => [field, asType(type)]);
}

/** Parts of a schema are typed as the core's; all of ours are made by zod itself. */
function asType(type: unknown): z.ZodType {
  if (type instanceof z.ZodType) return type;
  throw new Error('A field of the contract is not a zod type.');
}

function unwrap(type: z.ZodType): { inner: z.ZodType; needed: boolean } {
  let inner = type;
  let needed = true;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
    if (inner instanceof z.ZodOptional) needed = false;
    inner = asType(inner.unwrap());
  }
  return { inner, needed };
}

function kindOf(inner: z.ZodType): Kind {
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodBoolean) return 'switch';
  if (inner instanceof z.ZodArray) {
    return inner.element instanceof z.ZodString || inner.element instanceof z.ZodEnum ? 'list' : 'json';
  }
  return inner instanceof z.ZodString || inner instanceof z.ZodEnum ? 'text' : 'json';
}

function placeholderOf(kind: Kind): string | null {
  if (kind === 'switch') return null;
  if (kind === 'number') return 'N';
  if (kind === 'json') return 'JSON';
  return kind === 'list' ? 'A,B' : 'TEXT';
}

function meaningOf(inner: z.ZodType, kind: Kind): string {
  const element = inner instanceof z.ZodArray ? inner.element : inner;
  if (element instanceof z.ZodEnum) {
    return `${kind === 'list' ? 'Any of' : 'One of'} ${element.options.join(', ')}`;
  }
  return {
    text: 'Text',
    number: 'A number',
    switch: 'Yes; --no-… for no',
    list: 'Several, separated by commas',
    json: 'A JSON value',
  }[kind];
}
