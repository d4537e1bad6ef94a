import { Pause, Play, RotateCw, X } from 'lucide-react';
import { memo, useState } from 'react';
import { formatBytes, formatDuration, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { QueueView } from './queue-view.ts';
import { Bar } from './row.tsx';
import { pauseAll, queue, resumeAll } from './session.ts';
import { activeCount } from './tally.ts';

/** How far everything is: `3 of 12 files · 45 MB of 120 MB · 3.1 MB/s · 0:24 left`, and what can be done about all. */
export function Totals({ view }: { readonly view: QueueView }) {
  const { tally, speed, standStill } = view;
  const { counts, bytes, sent, resumable } = tally;
  const total = view.rows.size - counts.refused - counts.duplicate;
  const active = activeCount(tally);
  // When all is done the line above says so already.
  if (total === 0 || (active === 0 && resumable === 0 && counts.failed === 0)) return null;
  const parts = [
    `${counts.done} of ${plural(total, 'file')}`,
    `${formatBytes(sent)} of ${formatBytes(bytes)}`,
  ];
  if (speed > 0) {
    parts.push(`${formatBytes(speed)}/s`, `${formatDuration(Math.max(0, bytes - sent) / speed)} left`);
  }
  const isPaused = standStill.has('you');
  return (
    <div className="px-4 py-2">
      <p className="text-muted">{parts.join(' · ')}</p>
      <Bar value={sent} max={bytes} label="All files" />
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
        <Acts
          canPause={active > 0 && !isPaused}
          canResume={resumable > 0 || isPaused}
          failed={counts.failed}
          hasDone={counts.done > 0}
        />
        <CancelAll unfinished={active + counts.paused + counts.failed} done={counts.done} />
      </div>
    </div>
  );
}
interface ActsProps {
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly failed: number;
  readonly hasDone: boolean;
}

/** Painted when one of them comes or goes, not with every progress. */
const Acts = memo(function Acts({ canPause, canResume, failed, hasDone }: ActsProps) {
  return (
    <>
      {canPause ? (
        <Button small onPress={pauseAll}>
          <Pause size={14} aria-hidden /> Pause all
        </Button>
      ) : null}
      {canResume ? (
        <Button small onPress={resumeAll}>
          <Play size={14} aria-hidden /> Resume all
        </Button>
      ) : null}
      {failed > 0 ? (
        <Button small onPress={() => void queue.retryFailed()}>
          <RotateCw size={14} aria-hidden /> Retry {plural(failed, 'failed file')}
        </Button>
      ) : null}
      {hasDone ? (
        <Button small tone="quiet" onPress={() => void queue.clear(['done'])}>
          Clear finished
        </Button>
      ) : null}
    </>
  );
});

/** What has been sent of unfinished files is given up, so it asks first. */
function CancelAll({ unfinished, done }: { readonly unfinished: number; readonly done: number }) {
  const [isAsking, setAsking] = useState(false);
  if (unfinished < 2) return null;
  function cancel(): void {
    setAsking(false);
    void queue.clear(['queued', 'hashing', 'checking', 'uploading', 'paused', 'failed']);
  }
  return (
    <>
      <Button small tone="quiet" onPress={() => setAsking(true)}>
        <X size={14} aria-hidden /> Cancel all
      </Button>
      <Dialog
        title={`Cancel ${plural(unfinished, 'unfinished upload')}?`}
        role="alertdialog"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        foot={
          <>
            <Button onPress={() => setAsking(false)}>Go on uploading</Button>
            <Button tone="main" onPress={cancel}>
              Cancel uploads
            </Button>
          </>
        }
      >
        What has been sent of them is given up. The files on your computer stay.
        {done > 0 ? ` ${plural(done, 'file')} that arrived stay${done === 1 ? 's' : ''} in the library.` : ''}
      </Dialog>
    </>
  );
}
