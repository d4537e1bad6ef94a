import { build } from './lib/build.js';
import { ensureDependencies } from './lib/dependencies.js';
import { orExplain } from './lib/explain.js';

// npm run build [-- --stale]: builds everything, or only what is older than its sources.
await orExplain(async () => {
  await ensureDependencies();
  await build({ all: !process.argv.includes('--stale') });
});
