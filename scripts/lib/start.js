import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { built, ensureBuild } from './build.js';
import { ensureDependencies } from './dependencies.js';
import { orExplain } from './explain.js';
import { SetUpError } from './project.js';
import { ensureTools } from './system.js';

/** Sets up what is missing, then runs the program in this very process: no second Node idles beside it. */
export async function start() {
  await orExplain(async () => {
    await ensureDependencies();
    await ensureBuild();
    await ensureTools(['ffmpeg']);
    if (!existsSync(built('src/main.ts'))) throw new SetUpError('The build has no src/main.ts.');
  });
  process.argv.splice(2, 0, 'start');
  await import(pathToFileURL(built('src/main.ts')).href);
}
