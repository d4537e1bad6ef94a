import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDatabase } from '../src/database/database.ts';
import type { Database } from '../src/database/database.ts';
import { createLog } from '../src/platform/log.ts';
import { reconcile, sweep } from '../src/services/sweep.ts';
import { openLocalStore } from '../src/storage/local.ts';
import { beginTus, continueTus, digestOf, putRaw, startPrey } from './prey.ts';
import type { Acknowledged, Ground, Prey } from './prey.ts';

/** The calls by which bytes reach the disk, the database and the client. */
export const CALLS = [
  'openat',
  'pwritev',
  'pwrite64',
  'write',
  'writev',
  'fsync',
  'fdatasync',
  'link',
  'rename',
  'unlink',
  'sendto',
  'close',
] as const;
export type Call = (typeof CALLS)[number];
export const DOORS = ['raw', 'tus'] as const;

/** Counts of a run; everything below `killed` but `resumed` must be 0 for the promise to hold. */
export interface Tally {
  points: number;
  killed: number;
  acknowledged: number;
  resumed: number;
  /** Files of interrupted uploads that the clean-up found, and that is what it is for. */
  orphansRemoved: number;
  slowestStart: number;
  lost: number;
  wrongDigest: number;
  rowsWithoutBytes: number;
  orphansLeft: number;
  temporaryLeft: number;
  reservedLeft: number;
  usedDrift: number;
}

export function emptyTally(): Tally {
  return {
    points: 0,
    killed: 0,
    acknowledged: 0,
    resumed: 0,
    orphansRemoved: 0,
    slowestStart: 0,
    lost: 0,
    wrongDigest: 0,
    rowsWithoutBytes: 0,
    orphansLeft: 0,
    temporaryLeft: 0,
    reservedLeft: 0,
    usedDrift: 0,
  };
}

/** What must never be counted, by name, as far as it was. */
export function broken(tally: Tally): Partial<Tally> {
  const { lost, wrongDigest, rowsWithoutBytes, orphansLeft, temporaryLeft, reservedLeft, usedDrift } = tally;
  const all = { lost, wrongDigest, rowsWithoutBytes, orphansLeft, temporaryLeft, reservedLeft, usedDrift };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count !== 0));
}

export class Hunt {
  readonly tally = emptyTally();
  readonly acknowledged: Acknowledged[] = [];
  readonly #ground: Ground;
  #prey: Prey | null = null;
  #names = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async prey(): Promise<Prey> {
    if (this.#prey !== null) return this.#prey;
    const prey = await startPrey(this.#ground);
    this.tally.slowestStart = Math.max(this.tally.slowestStart, Math.round(prey.readyAfter));
    void this.#forget(prey);
    this.#prey = prey;
    return prey;
  }

  async #forget(prey: Prey): Promise<void> {
    await prey.ended;
    if (this.#prey === prey) this.#prey = null;
  }

  async stop(): Promise<void> {
    await this.#prey?.kill();
    this.#prey = null;
  }

  /** Uploads with a SIGKILL at the n-th call of a kind; false when the upload ended before there was one. */
  async killAt(at: { call: Call; n: number; door: 'raw' | 'tus'; size: number }): Promise<boolean> {
    const prey = await this.prey();
    const trap = await setTrap(prey.pid, at.call, at.n);
    const bytes = randomBytes(at.size);
    this.#names += 1;
    const name = `kill ${this.#names}.dat`;
    this.tally.points += 1;
    const upload = at.door === 'raw' ? this.#raw(prey, bytes, name) : this.#tus(prey, bytes, name);
    await upload;
    // A call after the answer may still spring the trap: the process dies with nothing under way.
    const died = await Promise.race([prey.ended.then(() => true), pause(30).then(() => false)]);
    await trap.remove();
    if (died) this.tally.killed += 1;
    return died;
  }

  async #raw(prey: Prey, bytes: Buffer, name: string): Promise<void> {
    this.#note(await putRaw(prey, bytes, name));
  }

  /** A resumable upload is taken up again after the restart, as its client would. */
  async #tus(prey: Prey, bytes: Buffer, name: string): Promise<void> {
    const begun = await beginTus(prey, bytes, name);
    if (begun === null) return;
    const done = await continueTus(prey, begun);
    if (done !== null) {
      this.#note(done);
      return;
    }
    await prey.ended;
    const resumed = await continueTus(await this.prey(), begun);
    if (resumed === null) this.tally.lost += 1;
    else this.tally.resumed += 1;
    this.#note(resumed);
  }

  #note(done: Acknowledged | null): void {
    if (done === null) return;
    this.acknowledged.push(done);
    this.tally.acknowledged += 1;
  }

  /** Four clients upload until the process is killed at a random moment. */
  async killUnderLoad(): Promise<void> {
    const prey = await this.prey();
    const load = Array.from({ length: 4 }, async (_, client) => {
      for (let turn = 0; turn < 400; turn += 1) {
        const bytes = randomBytes(1000 + Math.floor(Math.random() ** 4 * 2_000_000));
        const done = await putRaw(prey, bytes, `load ${client} ${turn}.dat`);
        this.#note(done);
        if (done === null) return;
      }
    });
    await pause(50 + Math.random() * 900);
    await prey.kill();
    await Promise.all(load);
    this.tally.points += 1;
    this.tally.killed += 1;
  }

  /** Compares what was acknowledged with rows and bytes, then cleans up and looks for leftovers. */
  async judge(): Promise<Tally> {
    await this.stop();
    const { databaseUrl, dataDir } = this.#ground;
    if (databaseUrl === null) throw new Error('Rows can be judged in an external database only.');
    const database = openDatabase({ url: databaseUrl }, 4);
    try {
      await this.#judgeRows(database);
      await this.#cleanUp(database);
      const { rows } = await sql<{ reserved: number; drift: number }>`
        select reserved_bytes as reserved,
          used_bytes - (select coalesce(sum(size_bytes), 0)::bigint from version) as drift
        from workspace_usage`.execute(database.workspace);
      this.tally.reservedLeft = rows[0]?.reserved ?? -1;
      this.tally.usedDrift = rows[0]?.drift ?? -1;
      const left = await readdir(path.join(dataDir, 'files/.staging'));
      const parts = await readdir(path.join(dataDir, 'files/.resumable'));
      this.tally.temporaryLeft = left.length + parts.length;
      return this.tally;
    } finally {
      await database.close();
    }
  }

  async #judgeRows(database: Database): Promise<void> {
    const { rows } = await sql<{ id: string; key: string; digest: string }>`
      select asset_id as id, storage_key as key, encode(sha256, 'hex') as digest from version`.execute(
      database.workspace,
    );
    const stored = new Map<string, string>();
    for (const row of rows) {
      const bytes = await readFile(path.join(this.#ground.dataDir, 'files', row.key)).catch(() => null);
      if (bytes === null) this.tally.rowsWithoutBytes += 1;
      else if (digestOf(bytes) !== row.digest) this.tally.wrongDigest += 1;
      else stored.set(row.id, row.digest);
    }
    for (const { id, sha256 } of this.acknowledged) {
      if (!stored.has(id)) this.tally.lost += 1;
      else if (stored.get(id) !== sha256) this.tally.wrongDigest += 1;
    }
  }

  async #cleanUp(database: Database): Promise<void> {
    const { rows } = await sql<{ id: string }>`select id from installation`.execute(database.workspace);
    const store = await openLocalStore({
      dir: path.join(this.#ground.dataDir, 'files'),
      installationId: rows[0]?.id ?? '',
    });
    const deps = { database, store, log: createLog('error') };
    await sql`update reservation set expires_at = now() - interval '1 second'`.execute(database.workspace);
    await sql`update upload set touched_at = now() - interval '2 days'`.execute(database.workspace);
    await sweep(deps);
    const found = await reconcile(deps, { graceHours: 0, allowMany: true });
    this.tally.orphansRemoved += found.removed;
    this.tally.orphansLeft = (await reconcile(deps, { graceHours: 0, allowMany: true })).orphans;
  }
}

/** Counts a process's calls of one kind from now on and kills it at the n-th; each thread counts for itself. */
async function setTrap(pid: number, call: Call, n: number): Promise<{ remove(): Promise<void> }> {
  const inject = `inject=${call}:signal=SIGKILL:when=${n}`;
  const child = spawn(
    'strace',
    ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject, '-p', String(pid)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
      if (said.includes('attached')) resolve();
    });
    child.once('exit', () => reject(new Error(`strace could not be attached: ${said}`)));
    child.once('error', reject);
  });
  return {
    async remove() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
