import path from 'node:path';
import { sql } from 'kysely';
import { openBase } from '../src/build.ts';
import { parseConfig } from '../src/platform/config.ts';
import { createLog } from '../src/platform/log.ts';
import { atMost, percentile } from './report.ts';
import { WORDS, seedLibrary } from './seed.ts';
import { send, startServer } from './server.ts';

const RUNS = 60;
const word = (i: number) => WORDS[i % WORDS.length] ?? '';

/** A brand of many assets among nine smaller ones, asked over HTTP as a page or an agent asks. */
export async function benchLibrary(scratch: string, count: number): Promise<void> {
  const dataDir = seededFolder(scratch, count);
  await seed(dataDir, { slug: 'default', count });
  const server = await startServer(dataDir, { BACKLOT_ROLES: 'server' });
  try {
    const headers = { authorization: `Bearer ${await server.key('default')}` };
    const ask = async (query: string) => {
      const answer = await send(new URL(`/api/v1/brands/default/${query}`, server.url), { headers });
      if (answer.status !== 200) throw new Error(`${query} answered ${answer.status}`);
      return answer;
    };
    let cursor = '';
    for (let page = 1; page < 200; page += 1) {
      const after = cursor === '' ? '' : `&after=${encodeURIComponent(cursor)}`;
      cursor = (JSON.parse((await ask(`assets?limit=50${after}`)).body.toString()) as { next: string }).next;
    }
    const far = (i: number, step: number) => Math.floor(((i * step) % 1000) * (count / 1000) * 0.95);
    const questions: readonly [string, number, (i: number) => string][] = [
      ['newest 50', 10, () => 'assets?limit=50'],
      ['page 200', 10, () => `assets?limit=50&after=${encodeURIComponent(cursor)}`],
      ['name, 3 letters, common', 60, (i) => `assets?limit=50&q=${word(i).slice(0, 3)}`],
      ['name, 6 letters, common', 60, (i) => `assets?limit=50&q=${word(i).slice(0, 6)}`],
      ['name, inside a word, common', 60, (i) => `assets?limit=50&q=${word(i).slice(1, 5)}`],
      ['name, 6 characters, rare', 60, (i) => `assets?limit=50&q=${100_000 + i * 7919}`],
      ['name, two words', 60, (i) => `assets?limit=50&q=${word(i)}%20teal`],
      ['name, 2 letters', 60, (i) => `assets?limit=50&q=${word(i).slice(0, 2)}`],
      ['groups by type', 60, () => 'assets/groups?by=type'],
      ['groups by size', 60, () => 'assets/groups?by=size'],
      ['all facets', 60, () => 'assets/facets'],
      ['all facets under two filters', 60, () => 'assets/facets?type=video&source=generated'],
      ['quick groups under a common word', 100, (i) => `assets/groups?by=type&exact=false&q=${word(i)}`],
      ['quick facets under a common word', 100, (i) => `assets/facets?exact=false&q=${word(i)}`],
      ['quick labels under a common word', 100, (i) => `assets/labels?exact=false&q=${word(i)}`],
      ['labels of the whole library', 100, () => 'assets/labels?exact=false'],
      ['groups by product', 60, () => 'assets/groups?by=product'],
      ['newest of a product', 60, (i) => `assets?limit=50&product=Product%20${1 + (i % 39)}`],
      ['approved, five stars, by name', 60, () => 'assets?limit=50&status=approved&rating=5&sort=name'],
      [
        'a saved search of four filters, counted',
        100,
        (i) =>
          `assets/groups?by=none&exact=false&status=approved&product=Product%20${1 + (i % 39)}&tag=teal&minRating=3`,
      ],
      ['best rated 50', 60, () => 'assets?limit=50&sort=-rating'],
      ['200 cards at a random row', 60, (i) => `assets?limit=200&offset=${far(i, 777)}`],
      [
        '200 cards at a random row of a type',
        60,
        (i) => `assets?limit=200&type=image&offset=${Math.floor(far(i, 777) / 2)}`,
      ],
    ];
    for (const [what, goal, question] of questions) {
      const times: number[] = [];
      for (let i = 0; i < RUNS + 3; i += 1) {
        const { ms } = await ask(question(i));
        if (i >= 3) times.push(ms);
      }
      atMost({
        section: 'library',
        what: `${what}, p95 (${count} assets)`,
        value: percentile(times, 0.95),
        median: percentile(times, 0.5),
        goal,
        unit: 'ms',
      });
    }
  } finally {
    await server.stop();
  }
}

/** One folder for every section that needs so many assets: seeding a million takes minutes. */
export function seededFolder(scratch: string, count: number): string {
  return path.join(scratch, `seeded-${count}`);
}

/** Seeds once; a later run finds the rows and begins at once. */
export async function seed(dataDir: string, { slug, count }: { slug: string; count: number }): Promise<void> {
  const base = await openBase(parseConfig({ BACKLOT_DATA_DIR: dataDir }), createLog('error'));
  try {
    const there = await sql<{ n: number }>`
      select coalesce(max(live_count), 0) as n from brand_usage`.execute(base.database.workspace);
    if ((there.rows[0]?.n ?? 0) >= count) return;
    process.stdout.write(`seeding ${count} assets …\n`);
    await base.database.workspace.connection().execute(async (db) => {
      await sql`set statement_timeout = 0`.execute(db);
      await sql`set maintenance_work_mem = '512MB'`.execute(db);
      const others = Array.from({ length: 9 }, (_, i) => ({
        slug: `other-${i + 1}`,
        count: Math.ceil(count / 50),
      }));
      await seedLibrary(db, [{ slug, count }, ...others]);
    });
  } finally {
    await base.close();
  }
}
