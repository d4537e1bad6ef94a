import { readFileSync } from 'node:fs';
import { OPERATIONS } from '../contract/operations.ts';
import type { Input, OperationShape, PlainOperation } from '../contract/operations.ts';
import { ROUTES } from '../contract/routes.ts';
import { UsageError, text } from './args.ts';
import type { FlagTable } from './args.ts';
import { COMMON_FLAGS, SERVER_FLAGS } from './command.ts';
import type { Command, Context } from './command.ts';
import { connect, enter } from './connection.ts';
import { printJson } from './print.ts';
import { flagsOf, inputOf, parseJson } from './schema-flags.ts';

const FLAGS: FlagTable = {
  'json-input': {
    value: 'JSON',
    means: 'The whole input as JSON; @FILE reads a file, - reads standard input',
  },
  ...SERVER_FLAGS,
  ...COMMON_FLAGS,
};

function shapeOf(name: PlainOperation): OperationShape {
  return OPERATIONS[name];
}

/** The operations that cross the wire as JSON both ways; the others carry bytes. */
export function plainOperations(): PlainOperation[] {
  return (Object.keys(OPERATIONS) as PlainOperation[]).filter((name) => shapeOf(name).raw === undefined);
}

/** `call assets.get`: the flags of the contract beside those of the command. */
export function commandFor(name: PlainOperation): Command {
  const { input, summary } = shapeOf(name);
  return {
    name: `call ${name}`,
    summary: `${summary}: ${ROUTES[name]}`,
    usage: '[--FIELD VALUE …] [--json-input JSON]',
    flags: { ...flagsOf(input), ...FLAGS },
    examples: [
      `backlot call ${name}${'id' in input.shape && 'b' in input.shape ? ' --id AST-7K2M9QX4' : ''}`,
    ],
    run: (context) => run(context, name),
  };
}

export const call: Command = {
  name: 'call',
  summary: 'Run any operation of the API and print its answer as JSON',
  usage: 'OPERATION [--FIELD VALUE …] [--json-input JSON]',
  flags: FLAGS,
  examples: [
    'backlot call storage.get',
    'backlot call assets.update --id AST-7K2M9QX4 --tags spring,hero --must-include',
    `backlot call assets.bulk --json-input '{"select":{"filter":{"tag":["old"]}},"change":{"trash":true}}'`,
    'backlot call assets.update --help',
  ],
  run: () => {
    throw new UsageError(`Name an operation: ${plainOperations().join(', ')}.`);
  },
};

/** The command for what follows `call`, or null when that is no operation. */
export function callCommand(words: readonly string[]): Command | null {
  const name = plainOperations().find((operation) => operation === words[0]);
  return name === undefined ? null : commandFor(name);
}

async function run(context: Context, name: PlainOperation): Promise<number> {
  const { input: schema, verb } = shapeOf(name);
  const { parsed } = context;
  if (parsed.words.length > 0)
    throw new UsageError(`"${parsed.words[0]}" is one word too many; values follow their flag.`);
  const given = readInput(text(parsed, 'json-input'));
  const inBrand = 'b' in schema.shape && ROUTES[name].includes('{b}');
  const placeholder = inBrand && given['b'] === undefined ? { b: 'default' } : {};
  const checked = inputOf(schema, parsed, { ...placeholder, ...given });
  const connection = connect(context);
  const named = !inBrand || given['b'] !== undefined;
  const input = named ? checked : { ...checked, b: (await enter(connection, parsed, verb ?? 'read')).brand };
  // The schema of this very operation has just checked it; the compiler cannot follow a name that is data.
  printJson(context, await connection.call(name, input as Input<PlainOperation>));
  return 0;
}

function readInput(given: string | undefined): Readonly<Record<string, unknown>> {
  if (given === undefined) return {};
  const source = given === '-' ? 0 : given.startsWith('@') ? given.slice(1) : null;
  const value = parseJson(source === null ? given : readText(source), '--json-input');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError('--json-input must be a JSON object.');
}

function readText(source: string | number): string {
  try {
    return readFileSync(source, 'utf8');
  } catch {
    throw new UsageError(`--json-input: ${source === 0 ? 'standard input' : source} cannot be read.`);
  }
}
