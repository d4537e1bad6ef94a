import { UsageError, isOn, parse } from './args.ts';
import { brandsCreate, brandsList } from './brands.ts';
import { call, callCommand } from './call.ts';
import { demo } from './demo.ts';
import type { Command } from './command.ts';
import { download } from './download.ts';
import { refusalOf } from './errors.ts';
import { helpFor, helpForAll, usageLine } from './help.ts';
import type { CliHost } from './host.ts';
import { keysCreate, keysList, keysRevoke, signIn } from './keys.ts';
import { list, search } from './list.ts';
import { planSet, planShow } from './plan.ts';
import { printable } from './print.ts';
import { upload } from './upload.ts';
import { rebuild } from './renditions.ts';
import { capabilities, reconcile, sweep } from './upkeep.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  upload,
  list,
  search,
  download,
  call,
  brandsCreate,
  brandsList,
  keysCreate,
  keysList,
  keysRevoke,
  signIn,
  planShow,
  planSet,
  demo,
  capabilities,
  sweep,
  reconcile,
  rebuild,
];

/** Runs one command; answers the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const [first] = argv;
  if (first === undefined || first === '--help' || first === '-h') {
    host.out(helpForAll(COMMANDS));
    return 0;
  }
  if (first === '--version') {
    host.out(`${host.version}\n`);
    return 0;
  }
  if (first === 'help') return runCli([...argv.slice(1), '--help'], host);
  const found = find(argv);
  return found === null ? unknown(argv, host) : run(found, host);
}

interface FoundCommand {
  readonly command: Command;
  readonly rest: readonly string[];
}

/** Names of two words come before those of one; `call` takes its operation into its name. */
function find(argv: readonly string[]): FoundCommand | null {
  const [first = '', second = ''] = argv;
  if (first === 'call') {
    const command = callCommand(argv.slice(1));
    if (command !== null) return { command, rest: argv.slice(2) };
  }
  for (const [name, taken] of [
    [`${first} ${second}`, 2],
    [first, 1],
  ] as const) {
    const command = COMMANDS.find((one) => one.name === name);
    if (command !== undefined) return { command, rest: argv.slice(taken) };
  }
  return null;
}

function unknown(argv: readonly string[], host: CliHost): number {
  const [first = ''] = argv;
  const family = COMMANDS.filter((command) => command.name.startsWith(`${first} `));
  if (family.length > 0) {
    const asked = argv.includes('--help');
    (asked ? host.out : host.error)(`${family.map(usageLine).join('\n')}\n`);
    return asked ? 0 : 2;
  }
  host.error(`backlot: there is no command "${printable(first)}".\n\n${helpForAll(COMMANDS)}`);
  return 2;
}

async function run({ command, rest }: FoundCommand, host: CliHost): Promise<number> {
  if (rest.includes('--help') || rest.includes('-h')) {
    host.out(helpFor(command));
    return 0;
  }
  let json = rest.includes('--json');
  try {
    const parsed = parse(rest, command.flags);
    json = isOn(parsed, 'json');
    return await command.run({ host, parsed });
  } catch (error) {
    return explain(error, { command, host, json });
  }
}

/** The one place where errors become words and an exit code; what is not expected goes up. */
function explain(error: unknown, at: { command: Command; host: CliHost; json: boolean }): number {
  const { command, host, json } = at;
  if (error instanceof UsageError) {
    host.error(
      json
        ? `${JSON.stringify({ error: { code: 'usage', message: error.message, remedy: usageLine(command) } })}\n`
        : `backlot: ${printable(error.message)}\n${usageLine(command)}\nbacklot ${command.name} --help explains it.\n`,
    );
    return 2;
  }
  const refusal = refusalOf(error);
  if (refusal === null) throw error;
  if (json) host.error(`${JSON.stringify({ error: refusal })}\n`);
  else {
    const remedy = refusal.remedy === null ? '' : `${printable(refusal.remedy)}\n`;
    host.error(`backlot: ${printable(refusal.message)}\n${remedy}`);
  }
  return 1;
}
