import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, percentile } from './report.ts';
import { startServer, treeMemory } from './server.ts';

/** Start of the program on a folder that exists, and its memory with nothing to do. */
export async function benchStart(scratch: string): Promise<void> {
  const dataDir = path.join(scratch, 'start');
  await (await startServer(dataDir)).stop();
  const times: number[] = [];
  let memory = 0;
  for (let run = 0; run < 5; run += 1) {
    const server = await startServer(dataDir);
    times.push(server.readyAfter);
    if (run === 4) {
      // What a start needed, connections and garbage, is given back within the first minute.
      await sleep(45_000);
      memory = await treeMemory(server.process.pid ?? 0);
    }
    await server.stop();
  }
  atMost({
    section: 'start',
    what: 'process to first answer, median of 5',
    value: percentile(times, 0.5),
    goal: 1500,
    unit: 'ms',
  });
  atMost({
    section: 'start',
    what: 'idle memory, database included (shared pages once)',
    value: memory,
    goal: 150,
    unit: 'MB',
  });
}
