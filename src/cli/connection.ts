import type { Output } from '../contract/operations.ts';
import type { Verb } from '../domain/access.ts';
import { UsageError, text } from './args.ts';
import type { Parsed } from './args.ts';
import type { Context } from './command.ts';
import { CliError, refusalOf } from './errors.ts';
import type { Connection, Environment, Opened } from './host.ts';

const MAKE_A_KEY =
  'Make one where the server runs: npx backlot keys create --role editor --name laptop. Then set BACKLOT_KEY to it, or give --key.';

function setting(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function addressOf({ host, parsed }: Context): string {
  const port = setting(host.environment, 'BACKLOT_PORT') ?? '4400';
  const address =
    text(parsed, 'url') ?? setting(host.environment, 'BACKLOT_URL') ?? `http://127.0.0.1:${port}`;
  if (!/^https?:\/\/[^\s/]+\/?$/.test(address)) {
    throw new UsageError(`"${address}" is not the address of a server. It looks like http://127.0.0.1:4400.`);
  }
  return address.replace(/\/$/, '');
}

/** A connection to the server of the flags and the environment, with the key that they name. */
export function connect(context: Context): Connection {
  const { host, parsed } = context;
  const origin = addressOf(context);
  const key = text(parsed, 'key') ?? setting(host.environment, 'BACKLOT_KEY');
  if (key === undefined) {
    throw new CliError('no_key', 'There is no API key to sign in with.', MAKE_A_KEY);
  }
  return withPlace(host.connect({ origin, key }), origin);
}

/** Says which address or key was meant when the server is not there or does not know who asks. */
function withPlace(connection: Connection, origin: string): Connection {
  return {
    headers: connection.headers,
    url: (name, input) => connection.url(name, input),
    call: (name, input) =>
      connection.call(name, input).catch((error: unknown) => {
        throw inWords(error, origin);
      }),
  };
}

function inWords(error: unknown, origin: string): unknown {
  const code = refusalOf(error)?.code;
  if (code === 'offline') {
    return new CliError(
      code,
      `No Backlot answers at ${origin}.`,
      'Start it with npm start, or name another address with --url or BACKLOT_URL.',
    );
  }
  if (code !== 'not_signed_in') return error;
  return new CliError(
    code,
    `The server at ${origin} does not know this key. It was revoked, or belongs to another library.`,
    MAKE_A_KEY,
  );
}

export interface Entered {
  readonly brand: string;
  readonly session: Output<'session.get'>;
}

/** The brand of `--brand`, else the only one that the key opens. Refuses when the key may not do what is needed. */
export async function enter(connection: Connection, parsed: Parsed, verb: Verb): Promise<Entered> {
  const session = await connection.call('session.get', {});
  if (!session.verbs.includes(verb)) {
    throw new CliError(
      'not_permitted',
      `The key "${session.name}" may not ${verb}.`,
      'Ask an owner for a key with another role.',
    );
  }
  const brand = text(parsed, 'brand');
  if (brand !== undefined) return { brand, session };
  const [only, ...others] = session.brands;
  if (only === undefined || others.length > 0) {
    throw new UsageError(
      `Name the brand with --brand: ${session.brands.map((item) => item.slug).join(', ') || 'there is none yet'}.`,
    );
  }
  return { brand: only.slug, session };
}

/** Runs work on the library itself and closes it again; says when the folder held none before. */
export async function withLibrary<T, R>(
  { host, parsed }: Context,
  open: (environment: Environment) => Promise<Opened<T>>,
  work: (opened: Opened<T>) => Promise<R>,
): Promise<R> {
  const data = text(parsed, 'data');
  const opened = await open(
    data === undefined ? host.environment : { ...host.environment, BACKLOT_DATA_DIR: data },
  );
  try {
    if (opened.isNew) {
      host.error(
        `There was no library in ${opened.place}; a new one was made. --data names another folder.\n`,
      );
    }
    return await work(opened);
  } finally {
    await opened.close();
  }
}
