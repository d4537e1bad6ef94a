import type { LogLevel } from './config.ts';

export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}
export type Fields = Readonly<Record<string, unknown>>;

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** One JSON object a line on standard error; names of files and people stay out of messages, they go into fields. */
export function createLog(level: LogLevel): Log {
  const write = (at: LogLevel, message: string, more: Fields = {}) => {
    if (ORDER.indexOf(at) < ORDER.indexOf(level)) return;
    const line = { time: new Date().toISOString(), level: at, message, ...more };
    process.stderr.write(`${JSON.stringify(line, plainError)}\n`);
  };
  return {
    debug: (message, more) => write('debug', message, more),
    info: (message, more) => write('info', message, more),
    warn: (message, more) => write('warn', message, more),
    error: (message, more) => write('error', message, more),
  };
}

function plainError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
}
