import { CircleAlert, CircleCheck, Copy, Ellipsis, Pause, Pencil, Play, RotateCw, X } from 'lucide-react';
import { memo } from 'react';
import type { ReactNode } from 'react';
import { useLibraryNav } from '../data/nav.ts';
import { TYPE_WORDS } from '../data/words.ts';
import { formatBytes } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { usePanel } from './open.ts';
import { canStart, isMoving } from './rows.ts';
import type { RowState, UploadRow } from './rows.ts';
import { queue } from './session.ts';

/** One file: its name, how far it is or why it stopped, and what can be done about it. */
export function Row({ row }: { readonly row: UploadRow }) {
  const { state, sent, size, fields, guess, problem } = row;
  const shown = [state, sent, size, fields.title, fields.type, guess?.type, problem?.message, canStart(row)];
  return <Shown row={row} mark={shown.join('|')} />;
}

/** Rows change in place, so `mark` says when there is something to paint: most of ten paints a second have nothing. */
const Shown = memo(function Shown({ row }: { readonly row: UploadRow; readonly mark: string }) {
  const name = row.fields.title ?? row.name;
  return (
    <div className="flex h-full items-center gap-2 pr-1 pl-4">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium" title={row.path} dir="auto">
          {name}
        </p>
        <p
          className={`truncate text-label ${row.problem === null ? 'text-muted' : 'text-bad'}`}
          title={titleOf(row)}
        >
          <Status row={row} />
        </p>
        {row.state === 'uploading' && row.size > 0 ? (
          <Bar value={row.sent} max={row.size} label={name} />
        ) : null}
      </div>
      <Acts id={row.id} state={row.state} name={name} isReady={canStart(row)} />
    </div>
  );
});

function titleOf({ problem }: UploadRow): string | undefined {
  return problem === null ? undefined : `${problem.message} ${problem.remedy ?? ''}`;
}

function Status({ row }: { readonly row: UploadRow }): ReactNode {
  const { fields, guess, state } = row;
  const type = fields.type ?? guess?.type;
  const size = row.url !== null && row.size === 0 ? 'Web address' : formatBytes(row.size);
  const what = type === undefined ? size : `${size} · ${TYPE_WORDS[type]}`;
  switch (state) {
    case 'queued':
      return `${what} · Waiting`;
    case 'hashing':
      return `${what} · Reading the file`;
    case 'checking':
      return `${what} · Looking for the same file in the library`;
    case 'uploading':
      return row.url === null ? sending(row, size) : fetching(row, size);
    case 'paused':
      return canStart(row) ? `${what} · Paused` : `${what} · Choose this file again to go on`;
    case 'duplicate':
      return <Held row={row} />;
    case 'done':
      return `${what} · Uploaded`;
    case 'failed':
    case 'refused':
      return (
        <>
          <CircleAlert size={12} aria-hidden className="mr-1 inline" />
          {row.problem?.message}
        </>
      );
  }
}

function sending({ sent, size }: UploadRow, all: string): string {
  if (sent >= size) return `${all} · Sent; the server is storing it`;
  return `${formatBytes(sent)} of ${all} · ${percent(sent, size)} %`;
}

function fetching({ sent, size }: UploadRow, all: string): string {
  if (sent === 0) return 'The server is asking there';
  return size === 0 ? `The server has ${formatBytes(sent)}` : `The server has ${formatBytes(sent)} of ${all}`;
}

function Held({ row: { brand, asset } }: { readonly row: UploadRow }) {
  const { change } = useLibraryNav();
  if (asset === null) return null;
  return (
    <>
      <Copy size={12} aria-hidden className="mr-1 inline" />
      In the library as{' '}
      <button
        type="button"
        className="text-text underline"
        onClick={() => change({ brand, asset: asset.id })}
      >
        {asset.name}
      </button>
    </>
  );
}

export function percent(sent: number, total: number): number {
  return total === 0 ? 0 : Math.min(100, Math.floor((sent / total) * 100));
}

export function Bar(props: { readonly value: number; readonly max: number; readonly label: string }) {
  const share = percent(props.value, props.max);
  return (
    <div
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      className="mt-1 h-1 overflow-hidden rounded-full bg-hover"
    >
      <div className="h-full bg-accent" style={{ width: `${share}%` }} />
    </div>
  );
}

interface ActsProps {
  readonly id: string;
  readonly state: RowState;
  readonly name: string;
  /** The bytes are within reach. */
  readonly isReady: boolean;
}

const Acts = memo(function Acts({ id, state, name, isReady }: ActsProps) {
  if (state === 'done') return <CircleCheck size={16} aria-label="Uploaded" className="mr-2 text-good" />;
  return (
    <div className="flex shrink-0">
      {state === 'duplicate' ? (
        <>
          <Button small onPress={() => queue.decide(id, 'reuse')}>
            Use existing
          </Button>
          <Menu
            label={`What to do with ${name}`}
            actions={[
              { id: 'version', label: 'Add a version to it', run: () => queue.decide(id, 'version') },
              { id: 'keep', label: 'Keep both', run: () => queue.decide(id, 'keep') },
            ]}
          >
            <IconButton small label={`More choices for ${name}`}>
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          </Menu>
        </>
      ) : null}
      {(state === 'failed' || state === 'refused') && isReady ? (
        <IconButton small label={`Retry ${name}`} onPress={() => queue.retry(id)}>
          <RotateCw size={15} aria-hidden />
        </IconButton>
      ) : null}
      {isMoving(state) ? (
        <IconButton small label={`Pause ${name}`} onPress={() => queue.pause(id)}>
          <Pause size={15} aria-hidden />
        </IconButton>
      ) : null}
      {state === 'paused' && isReady ? (
        <IconButton small label={`Resume ${name}`} onPress={() => queue.resume(id)}>
          <Play size={15} aria-hidden />
        </IconButton>
      ) : null}
      {state === 'duplicate' ? null : (
        <IconButton small label={`Describe ${name}`} onPress={() => usePanel.setState({ editing: id })}>
          <Pencil size={15} aria-hidden />
        </IconButton>
      )}
      <IconButton small label={`Take ${name} off the list`} onPress={() => queue.remove(id)}>
        <X size={15} aria-hidden />
      </IconButton>
    </div>
  );
});
