import { useParams } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { Download, Link2Off, LockKeyhole } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { BacklotError } from '../../client/index.ts';
import { client, explain } from '../data/client.ts';
import { useShared, useSharedItems } from '../data/shared.ts';
import type { SharedHead, SharedItem } from '../data/shared.ts';
import { formatBytes, formatDate, plural } from '../i18n/format.ts';
import { SharedGrid } from '../panels/share-grid.tsx';
import { Lightbox } from '../panels/share-lightbox.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import '../styles/share.css';

/** What somebody sees who was sent a link: the things shared, and nothing of the place they come from. */
export function SharePage() {
  const { token = '' }: { token?: string } = useParams({ strict: false });
  const head = useShared(token);
  const code = head.error instanceof BacklotError ? head.error.code : null;
  if (head.data !== undefined) return <Shown token={token} head={head.data} />;
  if (code === 'share_locked') return <Locked token={token} />;
  if (head.isPending) return <main className="h-full" aria-busy="true" />;
  const isGone = code === 'share_gone' || code === 'invalid_input';
  return (
    <Note
      icon={<Link2Off size={36} strokeWidth={1.5} aria-hidden className="mb-4 text-muted" />}
      title={isGone ? 'This link leads nowhere' : 'This page cannot be read now'}
      text={
        isGone
          ? 'It may be incomplete, turned off or expired. Ask whoever sent it for a new one.'
          : explain(head.error)
      }
    >
      {isGone ? null : <Button onPress={() => void head.refetch()}>Try again</Button>}
    </Note>
  );
}

function Note(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <main className="grid h-full place-items-center overflow-auto p-6 text-center">
      <title>{props.title}</title>
      <div className="flex w-full max-w-sm flex-col items-center">
        {props.icon}
        <h1 className="mb-2 text-head">{props.title}</h1>
        <p className="mb-5 text-muted">{props.text}</p>
        {props.children}
      </div>
    </main>
  );
}

function Locked({ token }: { readonly token: string }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  async function unlock(): Promise<void> {
    setBusy(true);
    try {
      await client.call('shared.unlock', { token, password });
      await queries.invalidateQueries({ queryKey: ['shared', token] });
    } catch (cause) {
      setError(explain(cause));
      setBusy(false);
    }
  }
  return (
    <Note
      icon={<LockKeyhole size={36} strokeWidth={1.5} aria-hidden className="mb-4 text-muted" />}
      title="This link asks for a password"
      text="Whoever sent it can tell you."
    >
      <form
        className="flex w-full flex-col gap-3 text-left"
        onSubmit={(event) => {
          event.preventDefault();
          if (password !== '' && !busy) void unlock();
        }}
      >
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          value={password}
          error={error}
          onChange={(text) => {
            setPassword(text);
            setError(undefined);
          }}
        />
        <Button type="submit" tone="main" isDisabled={busy || password === ''}>
          Open
        </Button>
      </form>
    </Note>
  );
}

function Shown({ token, head }: { readonly token: string; readonly head: SharedHead }) {
  const items = useSharedItems(token);
  const [at, setAt] = useState<number | null>(null);
  const list: readonly SharedItem[] = items.data?.pages.flatMap((page) => page.items) ?? [];
  /** The next page is read before the last picture of this one is reached. */
  const step = async (to: number) => {
    const reading = to + 10 > list.length && items.hasNextPage ? items.fetchNextPage() : null;
    if (to >= list.length) await reading;
    if (to < 0 || (to >= list.length && reading === null)) return;
    setAt(to);
  };
  const facts = [
    head.kind === 'collection' ? plural(head.count, 'file') : singleFacts(list[0]),
    head.expiresAt === null ? '' : `open until ${formatDate(head.expiresAt)}`,
  ].filter((fact) => fact !== '');
  return (
    <div className="h-full overflow-y-auto">
      <title>{head.name}</title>
      <div inert={at !== null}>
        <header className="mx-auto flex max-w-[1600px] flex-wrap items-end gap-x-6 gap-y-2 px-8 pt-10 pb-6 max-md:px-4 max-md:pt-6 max-md:pb-4">
          <div className="min-w-0 flex-1">
            <h1 className="share-title" dir="auto">
              {head.name}
            </h1>
            {head.description === '' ? null : (
              <p className="mt-2 max-w-2xl whitespace-pre-line text-muted" dir="auto">
                {head.description}
              </p>
            )}
          </div>
          <p className="text-muted">{facts.join(' · ')}</p>
          {head.zip === null ? null : (
            <a href={head.zip} download className="btn btn-main">
              <Download size={15} aria-hidden /> Download all
            </a>
          )}
        </header>
        <main className="mx-auto max-w-[1600px] px-8 pb-12 max-md:px-4">
          {items.error === null ? null : (
            <p role="alert" className="mb-4 text-bad">
              {explain(items.error)}
            </p>
          )}
          {list.length === 0 && items.isSuccess ? (
            <p className="py-16 text-center text-muted">There is nothing in here at the moment.</p>
          ) : null}
          <SharedGrid
            items={list}
            hasMore={items.hasNextPage}
            onMore={() => void (items.isFetchingNextPage ? undefined : items.fetchNextPage())}
            onOpen={setAt}
          />
        </main>
      </div>
      {at === null || list[at] === undefined ? null : (
        <Lightbox
          item={list[at]}
          place={`${at + 1} of ${head.kind === 'collection' ? head.count : 1}`}
          {...(head.kind === 'collection' ? { onStep: (by) => void step(at + by) } : {})}
          onClose={() => setAt(null)}
        />
      )}
    </div>
  );
}

function singleFacts(item: SharedItem | undefined): string {
  return item === undefined ? '' : formatBytes(item.size);
}
