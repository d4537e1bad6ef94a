import { CircleAlert, CircleCheck, Info, LogIn, WifiOff, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useView } from '../data/view.ts';
import { plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { usePanel } from './open.ts';
import type { QueueView } from './queue-view.ts';
import { findAgain } from './resume.ts';
import { queue, resumeAll } from './session.ts';
import { inSlices } from './slices.ts';
import { activeCount } from './tally.ts';
import type { Tally } from './tally.ts';

/** What a person should know, most pressing first: why nothing moves, refusals in full words, open questions. */
export function Notices({ view }: { readonly view: QueueView }) {
  const { tally } = view;
  const { counts } = tally;
  return (
    <div className="flex shrink-0 flex-col gap-2 px-4 pb-2 empty:hidden">
      <StandingStill view={view} />
      {tally.refusals.size > 0 ? <Refusals tally={tally} /> : null}
      {counts.duplicate > 0 ? <Duplicates count={counts.duplicate} /> : null}
      {tally.missing > 0 ? <Unfinished tally={tally} /> : null}
      <LeftOutLine />
      {/* At the end the title says it. */}
      {counts.done > 0 && activeCount(tally) > 0 ? (
        <Line icon={<CircleCheck size={15} aria-hidden className="mt-0.5 shrink-0 text-good" />}>
          {plural(counts.done, 'file')} arrived in the library
        </Line>
      ) : null}
    </div>
  );
}

function Line({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <p className="flex gap-2">
      {icon}
      <span className="min-w-0 flex-1 break-words">{children}</span>
    </p>
  );
}

function StandingStill({ view: { standStill, tally } }: { readonly view: QueueView }) {
  const waiting = activeCount(tally);
  if (standStill.has('signedOut')) {
    return (
      <div role="alert" className="flex flex-col gap-1">
        <Line icon={<LogIn size={15} aria-hidden className="mt-0.5 shrink-0 text-warn" />}>
          <strong>You are signed out.</strong> {plural(waiting, 'file stays', 'files stay')} in this list;
          what was sent is kept. Open a sign-in link in another tab, then go on here.
        </Line>
        <span>
          <Button small className="ml-6" onPress={resumeAll}>
            Go on
          </Button>
        </span>
      </div>
    );
  }
  if (!standStill.has('offline')) return null;
  return (
    <div role="status">
      <Line icon={<WifiOff size={15} aria-hidden className="mt-0.5 shrink-0 text-warn" />}>
        <strong>No connection to the server.</strong>{' '}
        {plural(waiting, 'file waits and goes on by itself', 'files wait and go on by themselves')} when it is
        back. What was sent is kept.
      </Line>
    </div>
  );
}

/** What more room would let through. */
const NO_ROOM = 'over_quota';

function Refusals({ tally }: { readonly tally: Tally }) {
  const retry = () => {
    const rows = tally.in('refused').filter(({ problem }) => problem?.code === NO_ROOM);
    void inSlices(rows, ({ id }) => queue.retry(id));
  };
  return (
    <div role="alert" className="flex flex-col gap-1">
      {[...tally.refusals].map(([code, { count, problem }]) => (
        <Line key={code} icon={<CircleAlert size={15} aria-hidden className="mt-0.5 shrink-0 text-bad" />}>
          <strong>{plural(count, 'file')} not uploaded.</strong> {problem.message}
          {count > 1 ? ' The others for the same reason.' : ''} {problem.remedy}
        </Line>
      ))}
      <div className="ml-5.5 flex flex-wrap gap-2">
        {tally.refusals.has(NO_ROOM) ? (
          <>
            <Button small onPress={() => useView.getState().setAdvisorOpen(true)}>
              Free up space
            </Button>
            <Button small onPress={retry}>
              Try again
            </Button>
          </>
        ) : null}
        <Button small tone="quiet" onPress={() => void queue.clear(['refused'])}>
          Take off the list
        </Button>
      </div>
    </div>
  );
}

function Duplicates({ count }: { readonly count: number }) {
  return (
    <div>
      <p>{count === 1 ? 'One file is' : `${plural(count, 'file')} are`} in the library already.</p>
      {count > 1 ? (
        <div className="mt-1 flex flex-wrap gap-2">
          <Button small onPress={() => void queue.decideAll('reuse')}>
            Use the existing
          </Button>
          <Button small onPress={() => void queue.decideAll('version')}>
            Add versions
          </Button>
          <Button small onPress={() => void queue.decideAll('keep')}>
            Keep both
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Unfinished({ tally }: { readonly tally: Tally }) {
  const { missing, findable } = tally;
  const giveUp = () => {
    for (const row of tally.in('paused')) if (row.file === null && row.url === null) queue.remove(row.id);
  };
  return (
    <div>
      <p>
        {plural(missing, 'file')} of an earlier visit {missing === 1 ? 'is' : 'are'} unfinished.{' '}
        {findable === missing
          ? 'The browser may open what it had if you allow it.'
          : missing === 1
            ? 'Choose it again; it goes on where it stopped.'
            : 'Choose the same files or folder again; they go on where they stopped.'}
      </p>
      <div className="mt-1 flex flex-wrap gap-2">
        {findable > 0 ? (
          <Button small onPress={() => void findAgain()}>
            Let the browser find them
          </Button>
        ) : null}
        <Button small tone="quiet" onPress={giveUp}>
          {missing === 1 ? 'Give it up' : 'Give them up'}
        </Button>
      </div>
    </div>
  );
}

function LeftOutLine() {
  const leftOut = usePanel((state) => state.leftOut);
  if (leftOut === '') return null;
  return (
    <div role="status" className="flex items-start">
      <div className="min-w-0 flex-1">
        <Line icon={<Info size={15} aria-hidden className="mt-0.5 shrink-0 text-muted" />}>{leftOut}</Line>
      </div>
      <IconButton small label="Dismiss" onPress={() => usePanel.setState({ leftOut: '' })}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
}
