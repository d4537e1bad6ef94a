import type { Input, Output, PlainOperation } from '../contract/operations.ts';
import type { OperationName } from '../contract/routes.ts';
import type { Deps } from '../services/deps.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A running server, reached through the typed client. Rejects with errors that carry `code` and `remedy`. */
export interface Connection {
  call<K extends PlainOperation>(name: K, input: Input<K>): Promise<Output<K>>;
  url(name: OperationName, input: Readonly<Record<string, unknown>>): string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a command without a server works on; close it when done. */
export interface Opened<T> {
  readonly deps: T;
  /** Origin that a server with the same settings would have. */
  readonly address: string;
  /** Where the library lies, for messages. */
  readonly place: string;
  /** True when there was no library yet and this call made one. */
  readonly isNew: boolean;
  close(): Promise<void>;
}

/** What a command may use. Floors above hand it in, so that no command opens anything by itself. */
export interface CliHost {
  readonly environment: Environment;
  readonly version: string;
  readonly connect: (options: { origin: string; key: string }) => Connection;
  /** Opens the database of the settings; works beside a running server. */
  readonly openBase: (environment: Environment) => Promise<Opened<Pick<Deps, 'database'>>>;
  /** Opens database and files, for work on both. */
  readonly openDeps: (environment: Environment) => Promise<Opened<Deps>>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Whether a person watches: standard output and standard error both go to a terminal. */
  readonly isTerminal: boolean;
  /** Characters in a line of the terminal. */
  readonly columns: () => number;
}
