import { useEffect } from 'react';
import type { Operation } from '../../client/index.ts';
import { client, explain } from '../data/client.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { findSteps, followStep, forgetStep, useSteps } from '../data/steps.ts';
import type { Step } from '../data/steps.ts';
import { Button } from '../ui/button.tsx';
import { StepFailures, retryStep } from './step-failures.tsx';
import { reached, stateText } from './step-words.ts';
import { reportStep, undoStep } from './toast-undo.ts';
import { toast } from './toast.tsx';

/** Large changes under way: how far each is, and how to stop it. They go on when this page is closed. */
export function Steps() {
  const b = useBrand();
  const list = useSteps((state) => state.list).filter((step) => step.b === b);
  useEffect(() => {
    findSteps(b, (operation) => reportStep(b, operation)).catch(() => undefined);
  }, [b]);
  if (list.length === 0) return null;
  return (
    <section
      aria-label="Changes under way"
      className="popover fixed right-4 bottom-14 z-40 flex w-80 flex-col gap-3 p-3 max-md:inset-x-4 max-md:bottom-32 max-md:w-auto"
    >
      {list.map((step) => (
        <StepRow key={step.operation.id} step={step} />
      ))}
    </section>
  );
}

function StepRow({ step }: { readonly step: Step }) {
  const { b, operation, trouble } = step;
  const { verbs } = useSession();
  const { id, state, total, changed } = operation;
  const isRunning = state === 'running';
  const isPurge = operation.kind === 'trash.purge';
  const mayGoOn = !isPurge || verbs.includes('delete');
  return (
    <div className="flex flex-col gap-1.5">
      <p className="break-words">{operation.summary}</p>
      {state === 'done' ? null : (
        <progress
          className="step-bar"
          aria-label={operation.summary}
          value={reached(operation)}
          max={Math.max(1, total)}
          data-stopped={!isRunning || undefined}
        />
      )}
      <p className="text-label text-muted">{trouble ?? stateText(operation)}</p>
      {operation.failed > 0 ? <StepFailures b={b} operation={operation} /> : null}
      {verbs.includes('write') ? (
        <div className="flex flex-wrap justify-end gap-2">
          {isRunning ? (
            <Button small onPress={() => void act(b, operation, 'operations.cancel')}>
              Cancel
            </Button>
          ) : (
            <>
              <Button small tone="quiet" onPress={() => forgetStep(id)}>
                Leave it so
              </Button>
              {operation.undoable && changed > 0 ? (
                <Button small onPress={() => void undoStopped(b, operation)}>
                  Undo
                </Button>
              ) : null}
              {state === 'done' ? (
                <Button small onPress={() => void retryStep(b, id)}>
                  {operation.failed === 1 ? 'Try it again' : 'Try those again'}
                </Button>
              ) : mayGoOn ? (
                <Button
                  small
                  tone={isPurge ? 'bad' : 'plain'}
                  onPress={() => void act(b, operation, 'operations.resume')}
                >
                  {isPurge ? 'Delete the rest' : state === 'failed' ? 'Try the rest again' : 'Go on'}
                </Button>
              ) : null}
            </>
          )}
        </div>
      ) : null}
    </div>
  );
}

async function act(
  b: string,
  operation: Operation,
  name: 'operations.cancel' | 'operations.resume',
): Promise<void> {
  try {
    await client.call(name, { b, id: operation.id });
    void followStep(b, operation.id, (ended) => reportStep(b, ended));
  } catch (error) {
    toast({ text: explain(error), tone: 'bad' });
  }
}

async function undoStopped(b: string, operation: Operation): Promise<void> {
  forgetStep(operation.id);
  await undoStep(b, operation.id);
}
