import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { openSharing, useKeep } from '../data/keep.ts';
import type { ShareSubject } from '../data/keep.ts';
import { useBrand } from '../data/session.tsx';
import { formatDate, formatRelative, plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Switch } from '../ui/switch.tsx';
import { copyText } from './detail-copy.ts';
import { ShareForm } from './share-form.tsx';
import type { ShareTerms } from './share-form.tsx';
import { toast } from './toast.tsx';

type Share = Output<'shares.create'>;

/** Links to one asset or collection: make one, copy it, change what it allows, turn it off and on. */
export function ShareDialog() {
  const subject = useKeep((state) => state.sharing);
  return (
    <Dialog
      title={subject === null ? 'Share' : `Share “${subject.name}”`}
      isOpen={subject !== null}
      onClose={() => openSharing(null)}
      wide
    >
      {subject === null ? null : <Links subject={subject} />}
    </Dialog>
  );
}

function Links({ subject }: { readonly subject: ShareSubject }) {
  const b = useBrand();
  const about = { [subject.kind]: subject.id };
  const { data, error } = useQuery({
    queryKey: [...queryKeys.shares(b), subject.id],
    queryFn: async ({ signal }) => (await client.call('shares.list', { b, ...about }, signal)).items,
  });
  const [busy, setBusy] = useState(false);

  async function create(terms: ShareTerms): Promise<void> {
    setBusy(true);
    try {
      const made = await client.call('shares.create', { b, ...about, ...terms });
      await copyText(made.url, 'The link');
    } catch (cause) {
      toast({ text: `No link was made. ${explain(cause)}`, tone: 'bad' });
    }
    await refresh(b);
    setBusy(false);
  }

  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">
        {subject.kind === 'collection'
          ? 'Whoever has the link sees what is in the collection at that moment, without an account.'
          : 'Whoever has the link sees the latest version, without an account.'}
      </p>
      <ShareForm act="Create and copy the link" isDisabled={busy} onDone={(terms) => void create(terms)} />
      {error === null ? null : (
        <p role="alert" className="text-bad">
          {explain(error)}
        </p>
      )}
      {data === undefined || data.length === 0 ? null : (
        <section aria-label="Links">
          <h3 className="mb-1 text-label font-semibold text-muted">{plural(data.length, 'link')}</h3>
          <ul className="divide-y divide-line rounded-md border border-line">
            {data.map((share) => (
              <LinkRow key={share.id} b={b} share={share} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

async function refresh(b: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: queryKeys.shares(b) });
}

const STATE_TEXT: Readonly<Record<Share['state'], string>> = {
  open: 'Open',
  off: 'Turned off',
  expired: 'Expired',
  hidden: 'In the trash or deleted: shows nothing',
};

function factsOf(share: Share): string {
  return [
    STATE_TEXT[share.state],
    share.hasPassword ? 'password' : '',
    share.allowDownload ? 'downloads allowed' : 'no downloads',
    share.expiresAt === null ? 'no end' : `until ${formatDate(share.expiresAt)}`,
    plural(share.views, 'view'),
    share.downloads === 0 ? '' : plural(share.downloads, 'download'),
    share.lastUsedAt === null ? 'never opened' : `last opened ${formatRelative(share.lastUsedAt)}`,
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}

function LinkRow({ b, share }: { readonly b: string; readonly share: Share }) {
  const [isEditing, setEditing] = useState(false);
  async function change(terms: ShareTerms & { readonly on?: boolean }): Promise<void> {
    try {
      await client.call('shares.update', { b, id: share.id, ...terms });
      setEditing(false);
    } catch (cause) {
      toast({ text: `The link stays as it was. ${explain(cause)}`, tone: 'bad' });
    }
    await refresh(b);
  }
  const isOff = share.state === 'off';
  return (
    <li className="flex flex-col gap-2 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <input
          readOnly
          aria-label="Address of the link"
          value={share.url}
          className={`field h-8 min-w-40 flex-1 ${share.state === 'open' ? '' : 'text-muted line-through'}`}
          onFocus={(event) => event.target.select()}
        />
        <Button small onPress={() => void copyText(share.url, 'The link')}>
          <Copy size={14} aria-hidden /> Copy
        </Button>
        <Button small onPress={() => setEditing(!isEditing)}>
          {isEditing ? 'Cancel' : 'Change'}
        </Button>
        <Switch isSelected={!isOff} onChange={(on) => void change({ on })}>
          <span className="min-w-7">{isOff ? 'Off' : 'On'}</span>
        </Switch>
      </div>
      <p className="text-label text-muted">{factsOf(share)}</p>
      {isEditing ? (
        <ShareForm act="Save" share={share} isDisabled={false} onDone={(terms) => void change(terms)} />
      ) : null}
    </li>
  );
}
