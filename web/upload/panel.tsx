import { ChevronDown, ChevronRight, ChevronUp, X } from 'lucide-react';
import { memo, useDeferredValue, useEffect, useState, useSyncExternalStore } from 'react';
import { useCurrentBrand, useSession } from '../data/session.tsx';
import { plural } from '../i18n/format.ts';
import { IconButton } from '../ui/button.tsx';
import { addAddresses, addChosen } from './adding.ts';
import { summaryOf, useShared } from './defaults.ts';
import { UploadForm } from './form.tsx';
import { UploadList } from './list.tsx';
import { Notices } from './notices.tsx';
import { closePanel, openUpload, usePanel } from './open.ts';
import { pastedAddresses, pastedFiles } from './paste.ts';
import { PickMore } from './pick-more.tsx';
import type { QueueView } from './queue-view.ts';
import { restore } from './resume.ts';
import { percent } from './row.tsx';
import { queue } from './session.ts';
import { Totals } from './summary.tsx';
import { activeCount } from './tally.ts';

export { DropOverlay } from './drop.tsx';
export { openUpload } from './open.ts';

let restored = false;

/** Uploads beside the work: it stays at the foot of the page while the library is used. */
export function UploadPanel() {
  const view = useSyncExternalStore(queue.subscribe, queue.view);
  // Painted in slices between which the page answers: a store's change would be painted in one go, however long it takes.
  const shown = useDeferredValue(view);
  const { isOpen, isSmall } = usePanel();
  useArrivals();
  useLeaveWarning(activeCount(view.tally) > 0);
  if (!isOpen && view.rows.size === 0) return null;
  return (
    <section
      aria-label="Uploads"
      className="popover fixed right-4 bottom-4 z-35 flex max-h-[min(680px,calc(100dvh-80px))] w-120 flex-col overflow-hidden max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[88dvh] max-md:w-full max-md:rounded-b-none"
    >
      <Head view={shown} isSmall={isSmall} />
      {isSmall ? null : <Content view={shown} />}
    </section>
  );
}

/** Files from the Upload button, the clipboard and an earlier visit. */
function useArrivals(): void {
  const { slug } = useCurrentBrand();
  const mayWrite = useSession().verbs.includes('write');
  const waiting = usePanel((state) => state.waiting);
  useEffect(() => {
    if (waiting.length === 0) return;
    void addChosen(slug, waiting);
    usePanel.setState({ waiting: [] });
  }, [slug, waiting]);
  useEffect(() => {
    if (restored || !mayWrite) return;
    restored = true;
    void restore();
  }, [mayWrite]);
  useEffect(() => {
    if (!mayWrite) return;
    const onPaste = (event: ClipboardEvent) => {
      const files = pastedFiles(event);
      const addresses = files.length > 0 ? [] : pastedAddresses(event);
      if (files.length === 0 && addresses.length === 0) return;
      event.preventDefault();
      openUpload(files);
      addAddresses(slug, addresses);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [mayWrite, slug]);
}

/** Browsers show a question of their own; it cannot be worded. */
function useLeaveWarning(isActive: boolean): void {
  useEffect(() => {
    if (!isActive) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isActive]);
}

const Head = memo(function Head({ view, isSmall }: { readonly view: QueueView; readonly isSmall: boolean }) {
  const { name } = useCurrentBrand();
  const { counts, bytes, sent } = view.tally;
  const active = activeCount(view.tally);
  const text =
    view.rows.size === 0
      ? `Upload to ${name}`
      : active > 0
        ? `${doing(view)} · ${percent(sent, bytes)} %`
        : endText(counts.done, counts.failed + counts.refused, counts.paused + counts.duplicate);
  function close(): void {
    void queue.clear(['done', 'refused', 'failed', 'duplicate']);
    closePanel();
  }
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 pr-1 pl-4">
      <h2 className="min-w-0 flex-1 truncate text-title">{text}</h2>
      {/* Spoken at the end only: a number that changes ten times a second is noise. */}
      <p role="status" className="sr-only">
        {view.rows.size > 0 && active === 0 ? text : ''}
      </p>
      <IconButton
        label={isSmall ? 'Show the uploads' : 'Make it small'}
        onPress={() => usePanel.setState({ isOpen: true, isSmall: !isSmall })}
      >
        {isSmall ? <ChevronUp size={16} aria-hidden /> : <ChevronDown size={16} aria-hidden />}
      </IconButton>
      {active === 0 && counts.paused === 0 ? (
        <IconButton label="Close uploads" onPress={close}>
          <X size={16} aria-hidden />
        </IconButton>
      ) : null}
    </header>
  );
});

function doing({ standStill }: QueueView): string {
  if (standStill.has('signedOut')) return 'Signed out';
  if (standStill.has('offline')) return 'Waiting for the connection';
  return standStill.has('you') ? 'Paused' : 'Uploading';
}

function endText(done: number, stopped: number, waiting: number): string {
  const parts: string[] = [];
  if (done > 0) parts.push(`${plural(done, 'file')} uploaded`);
  if (stopped > 0) parts.push(`${stopped} not uploaded`);
  if (waiting > 0) parts.push(`${waiting} waiting for you`);
  return parts.join(', ');
}

const Content = memo(function Content({ view }: { readonly view: QueueView }) {
  const { slug } = useCurrentBrand();
  const editing = usePanel((state) => state.editing);
  const [isDescribing, setDescribing] = useState(false);
  const said = summaryOf(useShared(slug));
  const showsForm = isDescribing || editing !== null;
  return (
    <div className="flex min-h-0 flex-col">
      <Notices view={view} />
      <Totals view={view} />
      {/* The form takes the room of the list: both at once would leave each a slit. */}
      {view.tally.listed === 0 || showsForm ? null : <UploadList tally={view.tally} />}
      <div className="flex shrink-0 flex-col border-t border-line p-4 pb-2">
        <PickMore brand={slug} isLarge={view.rows.size === 0} />
      </div>
      <div className="min-h-10 overflow-y-auto px-4 pb-2">
        <button
          type="button"
          aria-expanded={showsForm}
          onClick={() => {
            usePanel.setState({ editing: null });
            setDescribing(!showsForm);
          }}
          className="flex h-9 w-full items-center gap-2 text-left font-semibold max-md:h-11"
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={`shrink-0 text-muted ${showsForm ? 'rotate-90' : ''}`}
          />
          Details
          {/* What is remembered from last time must be in sight before it is applied to a thousand files. */}
          <span className={`min-w-0 truncate font-normal ${said === null ? 'text-muted' : 'text-accent'}`}>
            {said ?? 'type, hint, tags, product, campaign'}
          </span>
        </button>
        {showsForm ? <UploadForm view={view} /> : null}
      </div>
    </div>
  );
});
