import { CircleAlert, CircleCheck, Pause, Play, RotateCw } from 'lucide-react';
import { formatBytes, formatDuration, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import type { QueueView } from './queue.ts';
import { Bar } from './row.tsx';
import { activeCount } from './rows.ts';
import type { UploadRow } from './rows.ts';
import { findAgain, queue } from './session.ts';

/** How far everything is: `3 of 12 · 45 MB of 120 MB · 3.1 MB/s · 0:24 left`. */
export function Totals({ view }: { readonly view: QueueView }) {
  const { counts, bytes, sent } = view.totals;
  const total = view.rows.size - counts.refused - counts.duplicate;
  const active = activeCount(view.totals);
  const canResume = [...view.rows.values()].some(({ state, file }) => state === 'paused' && file !== null);
  // When all is done the line above says so already.
  if (total === 0 || (active === 0 && !canResume && counts.failed === 0)) return null;
  const parts = [
    `${counts.done} of ${plural(total, 'file')}`,
    `${formatBytes(sent)} of ${formatBytes(bytes)}`,
  ];
  if (view.speed > 0) {
    parts.push(`${formatBytes(view.speed)}/s`, `${formatDuration((bytes - sent) / view.speed)} left`);
  }
  return (
    <div className="px-4 py-2">
      <p className="text-muted">{parts.join(' · ')}</p>
      <Bar value={sent} max={bytes} label="All files" />
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
        {active > 0 ? (
          <Button small onPress={() => queue.pauseAll()}>
            <Pause size={14} aria-hidden /> Pause all
          </Button>
        ) : null}
        {canResume ? (
          <Button small onPress={() => queue.resumeAll()}>
            <Play size={14} aria-hidden /> Resume all
          </Button>
        ) : null}
        {counts.failed > 0 ? (
          <Button small onPress={() => queue.retryFailed()}>
            <RotateCw size={14} aria-hidden /> Retry {plural(counts.failed, 'failed file')}
          </Button>
        ) : null}
        {counts.done > 0 && active > 0 ? (
          <Button small tone="quiet" onPress={() => queue.clear(['done'])}>
            Clear finished
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** Refusals first, in full words, once per reason; then the question about files that are here already. */
export function Notices({ view }: { readonly view: QueueView }) {
  const { counts } = view.totals;
  const waiting = [...view.rows.values()].filter(({ state, file }) => state === 'paused' && file === null);
  return (
    <div className="flex flex-col gap-2 px-4 pb-2 empty:hidden">
      {counts.refused > 0 ? <Refusals rows={view.rows} /> : null}
      {counts.duplicate > 0 ? <Duplicates count={counts.duplicate} /> : null}
      {waiting.length > 0 ? <Unfinished rows={waiting} /> : null}
      {counts.done > 0 ? (
        <p className="flex items-center gap-2">
          <CircleCheck size={15} aria-hidden className="text-good" />
          {plural(counts.done, 'file')} in the library
        </p>
      ) : null}
    </div>
  );
}

function Refusals({ rows }: { readonly rows: ReadonlyMap<string, UploadRow> }) {
  const reasons = new Map<string, { count: number; text: string; remedy: string }>();
  for (const { state, problem } of rows.values()) {
    if (state !== 'refused' || problem === null) continue;
    const seen = reasons.get(problem.code);
    if (seen === undefined) {
      reasons.set(problem.code, { count: 1, text: problem.message, remedy: problem.remedy ?? '' });
    } else seen.count += 1;
  }
  return (
    <div role="alert" className="flex flex-col gap-1">
      {[...reasons].map(([code, { count, text, remedy }]) => (
        <p key={code} className="flex gap-2">
          <CircleAlert size={15} aria-hidden className="mt-0.5 shrink-0 text-bad" />
          <span className="min-w-0 break-words">
            <strong>{plural(count, 'file')} not uploaded.</strong> {text}
            {count > 1 ? ' The others for the same reason.' : ''} {remedy}
          </span>
        </p>
      ))}
      <span>
        <Button small tone="quiet" className="ml-3.5" onPress={() => queue.clear(['refused'])}>
          Take off the list
        </Button>
      </span>
    </div>
  );
}

function Duplicates({ count }: { readonly count: number }) {
  return (
    <div>
      <p>{count === 1 ? 'One file is' : `${plural(count, 'file')} are`} in the library already.</p>
      {count > 1 ? (
        <div className="mt-1 flex flex-wrap gap-2">
          <Button small onPress={() => queue.decideAll('reuse')}>
            Use the existing
          </Button>
          <Button small onPress={() => queue.decideAll('version')}>
            Add versions
          </Button>
          <Button small onPress={() => queue.decideAll('keep')}>
            Keep both
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Unfinished({ rows }: { readonly rows: readonly UploadRow[] }) {
  const findable = rows.some(({ root }) => root !== null);
  return (
    <div>
      <p>
        {plural(rows.length, 'file')} of an earlier visit {rows.length === 1 ? 'is' : 'are'} unfinished.
        Choose the same files or folder again; they go on where they stopped.
      </p>
      <div className="mt-1 flex flex-wrap gap-2">
        {findable ? (
          <Button small onPress={() => void findAgain()}>
            Let the browser find them
          </Button>
        ) : null}
        <Button small tone="quiet" onPress={() => rows.forEach(({ id }) => queue.remove(id))}>
          Give them up
        </Button>
      </div>
    </div>
  );
}
