import { create } from 'zustand';
import type { Operation } from '../../client/index.ts';
import { client, explain, isSilence } from './client.ts';
import { refreshLibrary } from './library.ts';

/** A large step that the server works off by itself; the page only follows it. */
export interface Step {
  readonly b: string;
  readonly operation: Operation;
  /** Why it cannot be followed at the moment. */
  readonly trouble: string | null;
}

export const useSteps = create<{ readonly list: readonly Step[] }>()(() => ({ list: [] }));

const POLL_MS = 500;
/** A server that is away is asked less often. */
const SILENT_MS = 3000;

type Ended = (operation: Operation) => void;

function keep(step: Step): void {
  useSteps.setState(({ list }) => {
    const rest = list.filter((one) => one.operation.id !== step.operation.id);
    return { list: [...rest, step].toSorted((a, c) => a.operation.at.localeCompare(c.operation.at)) };
  });
}

export function forgetStep(id: string): void {
  useSteps.setState(({ list }) => ({ list: list.filter((one) => one.operation.id !== id) }));
}

const followed = new Set<string>();

/** Follows a step to its end, whoever began it; `ended` hears of it once. */
export async function followStep(b: string, id: string, ended: Ended): Promise<void> {
  if (followed.has(id)) return;
  followed.add(id);
  for (;;) {
    let wait = POLL_MS;
    try {
      const operation = await client.call('operations.get', { b, id });
      if (operation.state !== 'running') {
        // One that left some assets as they were stays to be seen.
        if (operation.state === 'done' && operation.failed === 0) forgetStep(id);
        else keep({ b, operation, trouble: null });
        ended(operation);
        break;
      }
      keep({ b, operation, trouble: null });
    } catch (error) {
      if (!isSilence(error)) {
        forgetStep(id);
        break;
      }
      wait = SILENT_MS;
      useSteps.setState(({ list }) => ({
        list: list.map((one) => (one.operation.id === id ? { ...one, trouble: explain(error) } : one)),
      }));
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  followed.delete(id);
  await refreshLibrary(b);
}

/** Steps that run already: after a reload, or begun by somebody else. */
export async function findSteps(b: string, ended: Ended): Promise<void> {
  const { items } = await client.call('operations.list', { b, limit: 20 });
  for (const { id, state } of items) if (state === 'running') void followStep(b, id, ended);
}
