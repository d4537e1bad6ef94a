import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchBulk } from './bulk.ts';
import { benchLibrary } from './library.ts';
import { benchPage } from './page.ts';
import { benchQueue } from './queue.ts';
import { missed, printHead } from './report.ts';
import { benchStart } from './start.ts';
import { benchThumbnails } from './thumbnails.ts';
import { benchUploads } from './uploads.ts';

/**
 * Figures on this machine beside their goals: `npm run bench -- uploads library --rows 1000000`. Quiet machine, please:
 * the ratios hold, the milliseconds drift.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '1' },
    dir: { type: 'string' },
  },
});
const scratch = path.resolve(values.dir ?? path.join(tmpdir(), 'backlot-bench'));
await mkdir(scratch, { recursive: true });
const count = Number(values.rows);
const sections: Readonly<Record<string, () => Promise<void>>> = {
  start: () => benchStart(scratch),
  uploads: () => benchUploads(scratch),
  pictures: () => benchThumbnails(scratch),
  library: () => benchLibrary(scratch, count),
  bulk: () => benchBulk(scratch, Math.min(count, 120_000)),
  page: () => benchPage(scratch, { count, minutes: Number(values.minutes) }),
  queue: () => benchQueue(scratch, Math.min(count, 100_000)),
};
const asked = positionals.length === 0 ? Object.keys(sections) : positionals;
printHead();
for (const name of asked) {
  const run = sections[name];
  if (run === undefined) {
    process.stderr.write(`Unknown section ${name}. There are: ${Object.keys(sections).join(', ')}\n`);
    process.exit(2);
  }
  await run();
}
process.stdout.write(`${missed()} goals missed. Scratch files are in ${scratch}.\n`);
process.exit(0);
