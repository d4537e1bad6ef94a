import path from 'node:path';
import { seed } from './library.ts';
import { atMost } from './report.ts';
import { send, startServer } from './server.ts';

const GOAL_SECONDS = 20;

/** A large selection trashed, retagged and undone, as a person does it from the page; the whole round, to the last row. */
export async function benchBulk(scratch: string, count: number): Promise<void> {
  const dataDir = path.join(scratch, `bulk-${count}`);
  await seed(dataDir, { slug: 'big', count });
  const server = await startServer(dataDir);
  try {
    const headers = { authorization: `Bearer ${await server.key('big')}` };
    const ask = async (method: string, question: string, body?: object): Promise<Answer> => {
      const answer = await send(new URL(`/api/v1/brands/big/${question}`, server.url), {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      });
      if (answer.status !== 200) throw new Error(`${question}: ${answer.status} ${answer.body.toString()}`);
      return JSON.parse(answer.body.toString()) as Answer;
    };
    const finished = async (id: string) => {
      for (;;) {
        const { state } = await ask('GET', `operations/${id}`);
        if (state !== 'running') return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const timed = async (what: string, work: () => Promise<Answer>): Promise<string> => {
      const began = performance.now();
      const { operation } = await work();
      await finished(operation);
      const value = (performance.now() - began) / 1000;
      atMost({ section: 'bulk', what: `${what} (${count} assets)`, value, goal: GOAL_SECONDS, unit: 's' });
      return operation;
    };
    const select = { filter: {}, all: true };
    for (const [what, change] of Object.entries(CHANGES)) {
      const operation = await timed(what, () => ask('POST', 'assets/bulk', { select, change }));
      await timed(`${what}, undone`, () => ask('POST', `operations/${operation}/undo`));
    }
  } finally {
    await server.stop();
  }
}

interface Answer {
  readonly operation: string;
  readonly state: string;
}

const CHANGES = {
  'move to trash': { trash: true },
  'add a tag': { addTags: ['campaign-2027'] },
  'set the status': { set: { status: 'approved' } },
  'set the type': { set: { type: 'document' } },
} as const;
