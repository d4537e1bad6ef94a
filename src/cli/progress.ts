import path from 'node:path';
import { formatBytes } from '../domain/quota.ts';
import type { CliHost } from './host.ts';
import { clip, printable } from './print.ts';

/** Shows what is under way. Everything is a no-op where no person watches. */
export interface Progress {
  /** Files and bytes known so far; `complete` once nothing more will be found. */
  expect(found: { files: number; bytes: number; complete: boolean }): void;
  begin(file: { path: string; size: number }): Tracked;
  /** Prints lines that stay, above the bars. */
  say(write: () => void): void;
  end(): void;
}

export interface Tracked {
  sent(bytes: number): void;
  end(outcome: { counted: number }): void;
}

type Screen = Pick<CliHost, 'error' | 'isTerminal' | 'columns'>;

const REDRAW_MS = 100;
const BAR = 20;

export function createProgress(host: Screen): Progress {
  if (!host.isTerminal) {
    return {
      expect: () => undefined,
      begin: () => ({ sent: () => undefined, end: () => undefined }),
      say: (write) => write(),
      end: () => undefined,
    };
  }
  return new TerminalProgress(host);
}

interface Row {
  readonly name: string;
  readonly size: number;
  sent: number;
}

class TerminalProgress implements Progress {
  readonly #host: Screen;
  readonly #rows = new Set<Row>();
  readonly #timer: NodeJS.Timeout;
  readonly #began = performance.now();
  #expected = { files: 0, bytes: 0, complete: false };
  #doneFiles = 0;
  #doneBytes = 0;
  #drawn = 0;

  constructor(host: Screen) {
    this.#host = host;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  expect(found: { files: number; bytes: number; complete: boolean }): void {
    this.#expected = found;
  }

  begin(file: { path: string; size: number }): Tracked {
    const row: Row = { name: printable(path.basename(file.path)), size: file.size, sent: 0 };
    this.#rows.add(row);
    return {
      sent: (bytes) => {
        row.sent = bytes;
      },
      end: ({ counted }) => {
        this.#rows.delete(row);
        this.#doneFiles += 1;
        this.#doneBytes += counted;
      },
    };
  }

  say(write: () => void): void {
    this.#clear();
    write();
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#drawn > 0) this.#host.error(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }

  #draw(): void {
    const lines = [...[...this.#rows].map((row) => this.#rowLine(row)), this.#totalLine()];
    this.#clear();
    const room = this.#host.columns() - 1;
    this.#host.error(lines.map((line) => `${clip(line, room)}\n`).join(''));
    this.#drawn = lines.length;
  }

  #rowLine(row: Row): string {
    const share = row.size === 0 ? 1 : Math.min(1, row.sent / row.size);
    const name = clip(row.name, 30).padEnd(30);
    return `  ${name} ${bar(share)} ${percent(share)} of ${formatBytes(row.size)}`;
  }

  #totalLine(): string {
    const sent =
      this.#doneBytes + [...this.#rows].reduce((sum, row) => sum + Math.min(row.sent, row.size), 0);
    const { files, bytes, complete } = this.#expected;
    const rate = formatBytes(sent / Math.max(0.1, (performance.now() - this.#began) / 1000));
    const whole = complete && bytes > 0 ? `${bar(sent / bytes)} ${percent(sent / bytes)}  ` : '';
    const of = `${files}${complete ? '' : '+'}`;
    return `${whole}${this.#doneFiles} of ${of} files, ${formatBytes(sent)} of ${formatBytes(bytes)}, ${rate}/s`;
  }
}

function bar(share: number): string {
  const full = Math.round(Math.max(0, Math.min(1, share)) * BAR);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}]`;
}

function percent(share: number): string {
  return `${Math.floor(Math.max(0, Math.min(1, share)) * 100)}%`.padStart(4);
}
