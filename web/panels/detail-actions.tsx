import { Copy, Download, Link2, RotateCcw, TextQuote, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-aria-components';
import type { AssetDetail } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { refreshLibrary } from '../data/library.ts';
import { formatBytes } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
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
  const trashed = asset.trashedAt !== null;
  return (
    <div className="flex flex-wrap items-center gap-1">
      <Link
        href={client.url('files.get', { b, id: asset.id, download: true })}
        download={asset.fileName}
        className="btn"
      >
        <Download size={15} aria-hidden /> Download
      </Link>
      <IconButton label="Copy link" onPress={() => void copyText(addressOf(b, asset.id), 'The link')}>
        <Link2 size={16} aria-hidden />
      </IconButton>
      <IconButton label={`Copy id ${asset.id}`} onPress={() => void copyText(asset.id, 'The id')}>
        <Copy size={16} aria-hidden />
      </IconButton>
      <IconButton
        label="Copy the context line for a language model"
        onPress={() => void copyText(asset.contextLine, 'The context line')}
      >
        <TextQuote size={16} aria-hidden />
      </IconButton>
      <KeepActions b={b} asset={asset} />
      <span className="flex-1" />
      {trashed ? (
        <>
          <Button onPress={() => void restoreAsset(b, asset)}>
            <RotateCcw size={15} aria-hidden /> Restore
          </Button>
          <Button tone="bad" onPress={() => setAsking(true)}>
            Delete for ever
          </Button>
        </>
      ) : (
        <IconButton label="Move to trash" onPress={() => void trashAsset(b, asset)}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      )}
      <PurgeDialog b={b} asset={asking ? asset : null} onClose={() => setAsking(false)} onGone={onGone} />
    </div>
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
