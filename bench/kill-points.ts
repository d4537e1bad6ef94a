import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../src/database/embedded.ts';
import { CALLS, DOORS, Hunt, broken } from './kills.ts';

/**
 * Kills the program at every call of an upload, then under load at random moments, and looks for what it had promised:
 * `node dist/bench/kill-points.js --minutes 8`. Prints one line of JSON; ends with 1 when a promise was broken.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '8' } } });
const until = Date.now() + Number(values.minutes) * 60_000;
const SIZES = [1000, 300_000, 12_000_000];
/** Past this many calls of a kind, every third one stands for its neighbours. */
const DENSE = 24;
const program = path.join(path.dirname(fileURLToPath(import.meta.url)), '../src/main.js');

const folder = await mkdtemp(path.join(tmpdir(), 'backlot-kills-'));
const server = await startEmbedded({
  dataDir: path.join(folder, 'postgres'),
  log: { info: () => undefined, warn: (message) => process.stderr.write(`${message}\n`) },
});
const { host, port, user, database } = server.connection;
const databaseUrl = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
const hunt = new Hunt({ program, dataDir: path.join(folder, 'data'), databaseUrl });
const reached: Record<string, number> = {};
try {
  const open = SIZES.flatMap((size) =>
    DOORS.flatMap((door) => CALLS.map((call) => ({ size, door, call, n: 1 }))),
  );
  // A third of the time goes to random moments under load.
  const pointsUntil = Date.now() + (until - Date.now()) * 0.7;
  while (open.length > 0 && Date.now() < pointsUntil) {
    const at = open.shift();
    if (at === undefined) break;
    const killed = await hunt.killAt(at);
    if (killed) {
      reached[`${at.door} ${at.size} ${at.call}`] = at.n;
      open.push({ ...at, n: at.n + (at.n < DENSE ? 1 : 3) });
    }
  }
  while (Date.now() < until) await hunt.killUnderLoad();
  const tally = await hunt.judge();
  process.stdout.write(`${JSON.stringify({ ...tally, unfinished: open.length, reached })}\n`);
  process.exitCode = Object.keys(broken(tally)).length === 0 ? 0 : 1;
} finally {
  await hunt.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
