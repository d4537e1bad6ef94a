import { pathToFileURL } from 'node:url';
import { built, ensureBuild } from './build.js';
import { ensureDependencies } from './dependencies.js';
import { orExplain } from './explain.js';

/** Builds what is stale and runs the benchmarks with the arguments given. */
export async function bench() {
  await orExplain(async () => {
    await ensureDependencies();
    await ensureBuild();
  });
  await import(pathToFileURL(built('bench/main.ts')).href);
}
