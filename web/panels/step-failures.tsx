import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Operation } from '../../client/index.ts';
import { brandOnly } from '../data/nav.ts';
import { client, explain, queryKeys } from '../data/client.ts';
import { followStep } from '../data/steps.ts';
import { plural } from '../i18n/format.ts';
import { Failed, Quiet } from './detail-section.tsx';
import { reportStep } from './toast-undo.ts';
import { toast } from './toast.tsx';

/** So many are named; who has more of them takes the reason from these. */
const SHOWN = 20;

/** Which assets a step left as they were, and why; asked for when somebody wants to know. */
export function StepFailures({ b, operation }: { readonly b: string; readonly operation: Operation }) {
  const [isOpen, setOpen] = useState(false);
  const { id, failed } = operation;
  return (
    <div className="text-label">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="min-h-6 text-bad underline underline-offset-2 max-md:min-h-11"
      >
        {plural(failed, 'asset')} could not be changed
      </button>
      {isOpen ? <Names b={b} id={id} failed={failed} /> : null}
    </div>
  );
}

function Names({ b, id, failed }: { readonly b: string; readonly id: string; readonly failed: number }) {
  const query = useQuery({
    queryKey: [...queryKeys.brand(b), 'failures', id, failed],
    queryFn: ({ signal }) => client.call('operations.failures', { b, id, limit: SHOWN }, signal),
  });
  if (query.isPending) return <Quiet>Reading …</Quiet>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { items } = query.data;
  const more = failed - items.length;
  const byReason = new Map<string, (typeof items)[number][]>();
  for (const item of items) byReason.set(item.message, [...(byReason.get(item.message) ?? []), item]);
  return (
    <>
      <div className="mt-1 flex max-h-60 flex-col gap-2 overflow-y-auto">
        {[...byReason].map(([message, some]) => (
          <div key={message}>
            <p className="text-muted">{message}</p>
            <ul aria-label={message}>
              {some.map((item) => (
                <li key={item.id} className="break-words">
                  <Link
                    to="/library"
                    search={(old) => ({ ...brandOnly(old), asset: item.id })}
                    className="inline-block min-h-6 font-medium text-accent hover:underline max-md:min-h-11 max-md:py-3"
                    dir="auto"
                  >
                    {item.name}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      {more > 0 ? <p className="mt-1 text-muted">and {plural(more, 'more', 'more')}</p> : null}
    </>
  );
}

/** Tries just those again that stayed as they were; what works out joins the step and its undo. */
export async function retryStep(b: string, id: string): Promise<void> {
  try {
    await client.call('operations.retry', { b, id });
    await followStep(b, id, (ended) => reportStep(b, ended));
  } catch (error) {
    toast({ text: `Not tried again. ${explain(error)}`, tone: 'bad' });
  }
}
