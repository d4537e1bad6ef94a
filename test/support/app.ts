import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '../../client/index.ts';
import type { Client } from '../../client/index.ts';
import { buildApp } from '../../src/build.ts';
import type { App } from '../../src/build.ts';
import { countJobs } from '../../src/database/jobs.ts';
import { createBrand, findBrand, setPlan } from '../../src/database/workspace.ts';
import { enterBrand, verbsOf } from '../../src/domain/access.ts';
import type { Actor, Role } from '../../src/domain/access.ts';
import { DEFAULT_PLAN } from '../../src/domain/quota.ts';
import type { Plan } from '../../src/domain/quota.ts';
import { parseConfig } from '../../src/platform/config.ts';
import { createLog } from '../../src/platform/log.ts';
import { createKey } from '../../src/services/credentials.ts';
import { createTestDatabase } from './postgres.ts';
import type { TestDatabase } from './postgres.ts';

/** The whole program on a free port, with a database and a data folder of its own. */
export interface TestApp {
  readonly app: App;
  readonly url: string;
  readonly dataDir: string;
  readonly database: TestDatabase;
  /** An owner's key of the brand `default`. */
  readonly key: string;
  readonly client: Client;
  keyFor(brand: string, role: Role): Promise<string>;
  addBrand(slug: string): Promise<void>;
  setPlan(plan: Partial<Plan>): Promise<void>;
  /** Settles when no job waits or runs. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const OWNER: Actor = { kind: 'owner', id: 'test', name: 'Test', verbs: verbsOf('owner'), brandId: null };

export interface StartOptions {
  readonly worker?: boolean;
  /** Settings beside those of the test's own folder, port and database. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startApp(options: StartOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'backlot-test-'));
  const config = parseConfig({
    ...options.settings,
    BACKLOT_DATA_DIR: dataDir,
    BACKLOT_PORT: '0',
    DATABASE_URL: database.url,
  });
  const app = await buildApp(config, createLog('silent'));
  const url = await app.serve();
  if (options.worker === true) await app.work();
  const { deps } = app;

  const keyFor = async (slug: string, role: Role) => {
    const brand = await findBrand(deps.database.workspace, slug);
    const scope = enterBrand(OWNER, brand, 'admin');
    return (await createKey(deps, scope, { name: `${slug} ${role}`, role })).secret;
  };
  const key = await keyFor('default', 'owner');
  return {
    app,
    url,
    dataDir,
    database,
    key,
    client: createClient({ origin: url, key }),
    keyFor,
    async addBrand(slug) {
      await createBrand(deps.database.workspace, slug, slug);
    },
    setPlan: (plan) => setPlan(deps.database.workspace, { ...DEFAULT_PLAN, ...plan }),
    async quiet() {
      for (;;) {
        const jobs = await countJobs(deps.database.workspace);
        if (Object.values(jobs).every((count) => count === 0)) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      await app.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
