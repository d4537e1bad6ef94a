import { check } from './lib/check.js';
import { ensureDependencies } from './lib/dependencies.js';
import { orExplain } from './lib/explain.js';

await orExplain(ensureDependencies);
const failed = await check();
if (failed.length > 0) {
  console.log(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
