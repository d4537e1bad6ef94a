import { Copy, Download, Link2, RotateCcw, TextQuote, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-aria-components';
import type { AssetDetail } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { useSession } from '../data/session.tsx';
import { formatBytes } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import { copyText } from './detail-copy.ts';
import { KeepActions } from './favourite.tsx';
import { toastUndo } from './toast-undo.ts';
import { toast } from './toast.tsx';

/** The asset's own address, which anybody with access can open. */
export function addressOf(b: string, id: string): string {
  return `${location.origin}/library/${id}?brand=${encodeURIComponent(b)}`;
}

export async function trashAsset(b: string, asset: Pick<AssetDetail, 'id' | 'name'>): Promise<void> {
  try {
    const { operation } = await client.call('assets.trash', { b, id: asset.id });
    toastUndo(b, operation, `“${asset.name}” is in the trash.`);
  } catch (error) {
    toast({ text: `“${asset.name}” stays where it is. ${explain(error)}`, tone: 'bad' });
  }
  await refresh(b, asset.id);
}

export async function restoreAsset(b: string, asset: Pick<AssetDetail, 'id' | 'name'>): Promise<void> {
  try {
    await client.call('assets.restore', { b, id: asset.id });
    toast({ text: `“${asset.name}” is back in the library.`, tone: 'good' });
  } catch (error) {
    toast({ text: `“${asset.name}” stays in the trash. ${explain(error)}`, tone: 'bad' });
  }
  await refresh(b, asset.id);
}

async function refresh(b: string, id: string): Promise<void> {
  await Promise.all([queryClient.invalidateQueries({ queryKey: queryKeys.asset(b, id) }), refreshLibrary(b)]);
}

export interface DetailActionsProps {
  readonly b: string;
  readonly asset: AssetDetail;
  /** After the asset has been deleted for ever. */
  readonly onGone: () => void;
}

/** What can be done with the one asset shown; the labels say nothing of a selection because none is meant. */
export function DetailActions({ b, asset, onGone }: DetailActionsProps) {
  const [asking, setAsking] = useState(false);
  const { verbs } = useSession();
  const trashed = asset.trashedAt !== null;
  return (
    <div className="@container">
      <div className="flex flex-wrap items-center gap-y-2">
        <Link
          href={client.url('files.get', { b, id: asset.id, download: true })}
          download={asset.fileName}
          className="btn mr-1 px-2 @max-[17.25rem]:w-8.5 @max-[17.25rem]:px-0"
          aria-label="Download"
        >
          <Download size={15} aria-hidden /> <span className="@max-[17.25rem]:hidden">Download</span>
        </Link>
        <KeepActions b={b} asset={asset} />
        <CopyMenu b={b} asset={asset} />
        {!verbs.includes('write') ? null : trashed ? (
          <div className="flex w-full gap-2">
            <Button className="flex-1" onPress={() => void restoreAsset(b, asset)}>
              <RotateCcw size={15} aria-hidden /> Restore
            </Button>
            {verbs.includes('delete') ? (
              <Button tone="bad" onPress={() => setAsking(true)}>
                Delete for ever
              </Button>
            ) : null}
          </div>
        ) : (
          <IconButton label="Move to trash" className="ml-auto" onPress={() => void trashAsset(b, asset)}>
            <Trash2 size={16} aria-hidden />
          </IconButton>
        )}
      </div>
      <PurgeDialog b={b} asset={asking ? asset : null} onClose={() => setAsking(false)} onGone={onGone} />
    </div>
  );
}

/** What to hand on: a link for people, the id for programs, the line for a language model. */
function CopyMenu({ b, asset }: { readonly b: string; readonly asset: AssetDetail }) {
  const copies = [
    { id: 'link', label: 'Copy link', Icon: Link2, text: addressOf(b, asset.id), what: 'The link' },
    { id: 'id', label: `Copy id ${asset.id}`, Icon: Copy, text: asset.id, what: 'The id' },
    {
      id: 'line',
      label: 'Copy context line',
      Icon: TextQuote,
      text: asset.contextLine,
      what: 'The context line',
    },
  ];
  return (
    <Menu
      label="Copy"
      actions={copies.map(({ id, label, Icon, text, what }) => ({
        id,
        label,
        icon: <Icon size={15} aria-hidden />,
        run: () => void copyText(text, what),
      }))}
    >
      <IconButton label="Copy …">
        <Copy size={16} aria-hidden />
      </IconButton>
    </Menu>
  );
}

export interface PurgeDialogProps {
  readonly b: string;
  /** Null closes it. */
  readonly asset: Pick<AssetDetail, 'id' | 'name' | 'totalSize' | 'versionCount'> | null;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

/** The last question before bytes are gone; it names what would go. */
export function PurgeDialog({ b, asset, onClose, onGone }: PurgeDialogProps) {
  const [busy, setBusy] = useState(false);

  async function purge(): Promise<void> {
    if (asset === null) return;
    setBusy(true);
    try {
      const { bytes } = await client.call('trash.purge', { b, id: asset.id });
      toast({ text: `“${asset.name}” is gone; ${formatBytes(bytes)} are free again.` });
      onClose();
      onGone();
    } catch (error) {
      toast({ text: `“${asset.name}” was not deleted. ${explain(error)}`, tone: 'bad' });
      onClose();
    }
    setBusy(false);
    await refreshLibrary(b);
  }

  return (
    <Dialog
      role="alertdialog"
      title="Delete for ever?"
      isOpen={asset !== null}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button tone="bad" isDisabled={busy} onPress={() => void purge()}>
            Delete for ever
          </Button>
        </>
      }
    >
      {asset === null ? null : (
        <p>
          <strong className="break-words">{asset.name}</strong>
          {asset.versionCount > 1 ? ` with its ${asset.versionCount} versions` : ''} (
          {formatBytes(asset.totalSize)}) will be deleted. This cannot be undone.
        </p>
      )}
    </Dialog>
  );
}
