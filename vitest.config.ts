import { defineConfig } from 'vitest/config';

/**
 * Three projects: `unit` needs nothing but Node, `server` a real PostgreSQL (started once for the run), `page` the
 * built program and a browser. Two workers, since two cores are what the program is made for.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    pool: 'forks',
    // What comes by itself is waited for, however busy the machine is.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'client/**/*.test.ts',
            'web/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'test/floors.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/floors.test.ts', '**/node_modules/**'],
          globalSetup: ['test/support/postgres-server.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          // One browser at a time: two on two cores starve the server that they talk to.
          fileParallelism: false,
        },
      },
    ],
  },
});
