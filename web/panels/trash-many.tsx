import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '../../client/index.ts';
import { client, explain } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { followStep } from '../data/steps.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { reportStep, toastUndo } from './toast-undo.ts';
import { toast } from './toast.tsx';

export type Trashed = Output<'trash.list'>['items'][number];

/** Ticks everything shown, and says what can be done with what is ticked. */
export function ChosenBar(props: {
  readonly b: string;
  readonly items: readonly Trashed[];
  readonly chosen: readonly Trashed[];
  readonly mayDelete: boolean;
  readonly setTicked: (ticked: ReadonlySet<string>) => void;
}) {
  const { b, items, chosen, mayDelete, setTicked } = props;
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const bytes = chosen.reduce((sum, { totalSize }) => sum + totalSize, 0);
  const isAll = chosen.length === items.length;
  const ids = chosen.map(({ id }) => id);

  async function restore(): Promise<void> {
    setBusy(true);
    try {
      const done = await client.call('assets.bulk', { b, select: { ids }, change: { restore: true } });
      const text = `${plural(done.changed, 'asset')} back in the library.`;
      if (done.operation === null || done.changed === 0) toast({ text });
      else toastUndo(b, done.operation, text);
      setTicked(new Set());
    } catch (error) {
      toast({ text: `Nothing was restored. ${explain(error)}`, tone: 'bad' });
    }
    setBusy(false);
    await refreshLibrary(b);
  }

  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line">
      <label className="flex min-h-8 items-center gap-2 max-md:min-h-11">
        <input
          type="checkbox"
          aria-label="Select all shown"
          className="mx-2 size-4 accent-accent max-md:mx-3.5"
          checked={isAll}
          ref={(box) => {
            if (box !== null) box.indeterminate = chosen.length > 0 && !isAll;
          }}
          onChange={() => setTicked(new Set(isAll ? [] : items.map(({ id }) => id)))}
        />
        <span role="status">
          {chosen.length === 0
            ? `Select all ${items.length} shown`
            : `${plural(chosen.length, 'selected', 'selected')} · ${formatBytes(bytes)}`}
        </span>
      </label>
      {chosen.length === 0 ? null : (
        <span className="ml-auto flex flex-wrap gap-1">
          <Button small isDisabled={busy} onPress={() => void restore()}>
            <RotateCcw size={14} aria-hidden /> Restore {chosen.length}
          </Button>
          {mayDelete ? (
            <Button small tone="bad" isDisabled={busy} onPress={() => setAsking(true)}>
              <Trash2 size={14} aria-hidden /> Delete {chosen.length} for ever
            </Button>
          ) : null}
        </span>
      )}
      <GoneDialog
        b={b}
        ids={ids}
        count={chosen.length}
        bytes={bytes}
        isOpen={asking}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}

/** The last question before bytes are gone: all of the trash, or some of it. */
export function GoneDialog(props: {
  readonly b: string;
  /** Null means everything. */
  readonly ids: readonly string[] | null;
  readonly count: number;
  readonly bytes: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { b, ids, count, bytes, isOpen, onClose } = props;
  const [busy, setBusy] = useState(false);

  async function empty(): Promise<void> {
    setBusy(true);
    try {
      const done =
        ids === null
          ? await client.call('trash.empty', { b })
          : await client.call('trash.purgeMany', { b, ids: [...ids] });
      const kept =
        done.kept === 0
          ? ''
          : ` ${plural(done.kept, 'asset')} stayed because productions use ${done.kept === 1 ? 'it' : 'them'}.`;
      if (!done.done && done.operation !== null) {
        void followStep(b, done.operation, (ended) => reportStep(b, ended));
      } else {
        toast({
          text: `${plural(done.purged, 'asset')} deleted; ${formatBytes(done.bytes)} are free again.${kept}`,
        });
      }
    } catch (error) {
      toast({ text: `Nothing was deleted. ${explain(error)}`, tone: 'bad' });
    }
    setBusy(false);
    onClose();
    await refreshLibrary(b);
  }

  return (
    <Dialog
      role="alertdialog"
      title={ids === null ? 'Empty the trash?' : 'Delete for ever?'}
      isOpen={isOpen}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep them</Button>
          <Button tone="bad" isDisabled={busy} onPress={() => void empty()}>
            {busy ? 'Deleting …' : `Delete ${plural(count, 'asset')} for ever`}
          </Button>
        </>
      }
    >
      <p>
        <strong>{plural(count, 'asset')}</strong> with {formatBytes(bytes)} will be deleted. This cannot be
        undone. Assets that productions use stay.
      </p>
    </Dialog>
  );
}
