import type { FlagTable, Parsed } from './args.ts';
import type { CliHost } from './host.ts';

export interface Context {
  readonly host: CliHost;
  readonly parsed: Parsed;
}

/** One command; the list of them is in `cli.ts`. */
export interface Command {
  /** One or two words. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly flags: FlagTable;
  readonly examples: readonly string[];
  /** Answers the exit code; throws `UsageError` for a wrong command line. */
  readonly run: (context: Context) => Promise<number>;
}

export const COMMON_FLAGS: FlagTable = {
  json: { means: 'Print one JSON document instead of text' },
  help: { means: 'Show this help' },
};

/** For commands that talk to a running server. */
export const SERVER_FLAGS: FlagTable = {
  url: { value: 'ADDRESS', means: 'Address of the server; else BACKLOT_URL, else http://127.0.0.1:4400' },
  key: { value: 'KEY', means: 'API key; else BACKLOT_KEY' },
};

/** For commands that work on the library itself, beside a running server or without one. */
export const LIBRARY_FLAGS: FlagTable = {
  data: { value: 'DIR', means: 'Data folder; else BACKLOT_DATA_DIR, else ./data. DATABASE_URL is honoured' },
};
