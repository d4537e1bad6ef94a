/**
 * The decoding process: takes one task at a time over the channel to its parent and answers with a description. It runs
 * under limits, in a process group of its own; whatever goes wrong here ends at most this process.
 */
import { removeBackground } from './background.ts';
import type { Description, KindContext } from './contract.ts';
import type { TaskMessage } from './decoder-messages.ts';
import { drawPicture } from './deliver.ts';
import { kindOf } from './kinds.ts';
import { CannotDecode, failed, OutOfMemory } from './outcome.ts';
import { makeProxy } from './proxy.ts';

process.on('message', (task: TaskMessage) => {
  void handle(task);
});

// The parent is gone, perhaps killed: nobody waits for an answer, and a running tool must end as well.
process.on('disconnect', () => {
  process.kill(-process.pid, 'SIGKILL');
});

send({ type: 'ready' });

async function handle(task: TaskMessage): Promise<void> {
  const controller = new AbortController();
  const context = {
    scratch: task.scratch,
    tools: task.tools,
    signal: controller.signal,
    early: (description: Description) => send({ type: 'early', id: task.id, description }),
  };
  try {
    sendDone(task.id, await work(task, context));
  } catch (error) {
    if (error instanceof OutOfMemory) send({ type: 'memory', id: task.id });
    else if (error instanceof CannotDecode) sendDone(task.id, failed(error.reason));
    else {
      console.error(error);
      sendDone(task.id, failed('decoder_crashed'));
    }
  }
}

function work({ make, source, cut, picture }: TaskMessage, context: KindContext): Promise<Description> {
  if (make === 'background' && cut !== undefined) return removeBackground(source, context, cut);
  if (make === 'proxy') return makeProxy(source, context);
  if (make === 'picture' && picture !== undefined) return drawPicture(source, context, picture);
  return kindOf(source.detected).describe(source, context);
}

function sendDone(id: number, description: Description): void {
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6;
  send({ type: 'done', id, description, cpuSeconds, memory: process.memoryUsage.rss() });
}

function send(message: object): void {
  process.send?.(message);
}
