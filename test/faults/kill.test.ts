import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLS, DOORS, Hunt, broken } from '../../bench/kills.ts';
import { beginTus, continueTus, digestOf, putRaw, request, startPrey } from '../../bench/prey.ts';
import type { Acknowledged } from '../../bench/prey.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { compileProgram } from '../support/program.ts';

/** A sample; `node dist/bench/kill-points.js` walks through every point. So many on a busy machine, more on a quiet one. */
const POINTS_LEAST = 10;
const POINTS_MS = 25_000;
const UNTRACED =
  spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0 ? null : 'strace is not usable here';

let program: Awaited<ReturnType<typeof compileProgram>> = { main: '', remove: () => Promise.resolve() };
const folders: string[] = [];
const scratch = async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'backlot-kill-'));
  folders.push(folder);
  return folder;
};
beforeAll(async () => {
  program = await compileProgram();
}, 120_000);
afterAll(async () => {
  await program.remove();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

describe.skipIf(UNTRACED !== null)(
  `killed at a call of an upload${UNTRACED === null ? '' : ` (skipped: ${UNTRACED})`}`,
  () => {
    it(
      'loses nothing that was acknowledged and keeps nothing that was not',
      { timeout: 300_000 },
      async () => {
        const database = await createTestDatabase();
        const hunt = new Hunt({ program: program.main, dataDir: await scratch(), databaseUrl: database.url });
        try {
          const until = Date.now() + POINTS_MS;
          const points = [1000, 300_000, 12_000_000].flatMap((size) =>
            DOORS.flatMap((door) => CALLS.map((call) => ({ size, door, call, n: 1 + (call.length % 3) }))),
          );
          // Another few of the many points in each run; the seed tells which.
          const seed = Number(process.env['TEST_SEED'] ?? Date.now() % points.length);
          for (let i = 0; i < points.length && (i < POINTS_LEAST || Date.now() < until); i += 1) {
            const point = points[(seed + i * 17) % points.length];
            if (point !== undefined) await hunt.killAt(point);
          }
          for (let turn = 0; turn < 3; turn += 1) await hunt.killUnderLoad();
          const tally = await hunt.judge();
          expect(tally.killed, JSON.stringify(tally)).toBeGreaterThan(5);
          expect(broken(tally), `seed ${seed}: ${JSON.stringify(tally)}`).toEqual({});
        } finally {
          await hunt.stop();
          await database.drop();
        }
      },
    );

    it(
      'has synced the bytes, then the folder, then the row, before it answers',
      { timeout: 240_000 },
      async () => {
        const database = await createTestDatabase();
        const dataDir = await scratch();
        const prey = await startPrey({ program: program.main, dataDir, databaseUrl: database.url });
        try {
          await putRaw(prey, randomBytes(10), 'first.dat');
          const trace = path.join(dataDir, 'trace');
          const strace = spawn(
            'strace',
            [
              '-f',
              '-y',
              '-s',
              '200',
              '-o',
              trace,
              '-e',
              'trace=pwritev,pwrite64,fsync,fdatasync,link,write,writev,sendto',
              '-p',
              String(prey.pid),
            ],
            { stdio: ['ignore', 'ignore', 'pipe'] },
          );
          await new Promise((resolve) => strace.stderr.once('data', resolve));
          const done = await putRaw(prey, randomBytes(300_000), 'second.dat');
          expect(done).not.toBeNull();
          await pause(100);
          await new Promise((resolve) => {
            strace.once('exit', resolve);
            strace.kill('SIGINT');
          });
          const lines = (await readFile(trace, 'utf8')).split('\n');
          const first = (pattern: RegExp, after = 0) =>
            lines.findIndex((line, at) => at > after && pattern.test(line));
          const written = lines.findLastIndex((line) => /write(v|64)?\(\d+<[^>]*\.staging/.test(line));
          const synced = first(/fsync\(\d+<[^>]*\.staging/, written);
          const linked = first(/ link\(.*\.staging/, synced);
          const folder = first(/fsync\(\d+<[^>]*\/assets\/\w+>/, linked);
          const answered = first(/HTTP\/1\.1 201/);
          const commit = lines.findLastIndex((line, at) => at < answered && /commit/i.test(line));
          const order = [written, synced, linked, folder, commit, answered];
          expect(
            order.every((at) => at > 0),
            `${order.join()}\n${lines.join('\n').slice(0, 3000)}`,
          ).toBe(true);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        } finally {
          await prey.kill();
          await database.drop();
        }
      },
    );
  },
);

describe('killed with its own database', () => {
  it(
    'comes back with everything it acknowledged, and goes on with what was begun',
    { timeout: 120_000 },
    async () => {
      const ground = { program: program.main, dataDir: await scratch(), databaseUrl: null };
      const acknowledged: Acknowledged[] = [];
      let prey = await startPrey(ground);
      const bytes = randomBytes(3_000_000);
      const begun = await beginTus(prey, bytes, 'walk.dat');
      expect(begun).not.toBeNull();
      if (begun === null) return;
      for (let turn = 0; turn < 2; turn += 1) {
        const current = prey;
        const load = Array.from({ length: 3 }, async () => {
          for (;;) {
            const done = await putRaw(current, randomBytes(20_000), 'load.dat');
            if (done === null) return;
            acknowledged.push(done);
          }
        });
        const sending = request(prey, `PATCH /${begun.location.slice(1)}`, {
          headers: {
            'tus-resumable': '1.0.0',
            'upload-offset': String(turn === 0 ? 0 : -1),
            'content-type': 'application/offset+octet-stream',
          },
          body: bytes.subarray(0, 1_000_000),
        }).catch(() => null);
        // Under way in earnest, however slow the machine.
        const enough = acknowledged.length + 4;
        while (acknowledged.length < enough) await pause(20);
        await prey.kill();
        await Promise.all([...load, sending]);
        prey = await startPrey(ground);
        expect(prey.readyAfter).toBeLessThan(60_000);
      }
      try {
        const resumed = await continueTus(prey, begun);
        expect(resumed?.sha256).toBe(digestOf(bytes));
        if (resumed !== null) acknowledged.push(resumed);
        expect(acknowledged.length).toBeGreaterThan(5);
        const lost: string[] = [];
        for (const { id, sha256 } of acknowledged) {
          const file = await request(prey, `GET /api/v1/brands/default/assets/${id}/file`);
          if (file.status !== 200 || digestOf(file.body) !== sha256) lost.push(id);
        }
        expect(lost, `of ${acknowledged.length}`).toEqual([]);
      } finally {
        await prey.kill();
        // The watcher of the database ends it a moment after the program.
        await pause(2500);
      }
    },
  );
});
