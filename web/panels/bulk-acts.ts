import { create } from 'zustand';
import type { AssetCard } from '../../client/index.ts';
import { client, explain } from '../data/client.ts';
import { activeStore } from '../data/library.ts';
import { selectionCount, selectionInput, useView } from '../data/view.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { applyPlan, startBulk } from './bulk-run.ts';
import type { BulkPlan } from './bulk-run.ts';
import type { BulkChange } from './bulk-words.ts';
import { toast } from './toast.tsx';

interface BulkState {
  readonly dialog: 'edit' | 'tags' | null;
  /** Waits for a yes. */
  readonly plan: BulkPlan | null;
  readonly busy: boolean;
  /** Grows when a change is done, so that shared values are read again. */
  readonly done: number;
  /** Where the menu of the cards stands. */
  readonly menu: { readonly x: number; readonly y: number } | null;
}

/** What is under way with the selection; the bar, the menu and the panel of many all start it here. */
export const useBulk = create<BulkState>()(() => ({
  dialog: null,
  plan: null,
  busy: false,
  done: 0,
  menu: null,
}));

export async function runBulk(b: string, change: BulkChange): Promise<void> {
  useBulk.setState({ busy: true });
  const plan = await startBulk(b, useView.getState().selection, change);
  useBulk.setState(({ done }) => ({ plan, busy: false, done: done + 1 }));
}

export async function confirmBulk(b: string): Promise<void> {
  const { plan } = useBulk.getState();
  if (plan === null) return;
  useBulk.setState({ busy: true });
  await applyPlan(b, plan);
  useBulk.setState(({ done }) => ({ plan: null, busy: false, done: done + 1 }));
}

/** One file comes as it is, many as one zip that is written while it travels. */
export async function downloadSelection(b: string): Promise<void> {
  const { selection } = useView.getState();
  const select = selectionInput(selection);
  if (select === null) return;
  const [only] = selection.kind === 'ids' && selection.ids.size === 1 ? selection.ids : [];
  if (only !== undefined) return fetchTo(client.url('files.get', { b, id: only, download: true }));
  try {
    const zip = await client.call('zips.create', { b, select });
    fetchTo(zip.path);
    const count = selectionCount(selection);
    const left = zip.count < count ? ` ${plural(count - zip.count, 'asset')} had no file to take.` : '';
    toast({
      text: `One zip with ${plural(zip.count, 'file')} (${formatBytes(zip.bytes)}) is on its way.${left}`,
    });
  } catch (error) {
    toast({ text: `Nothing was downloaded. ${explain(error)}`, tone: 'bad' });
  }
}

/** A link that is pressed: the browser keeps the download going and shows how far it is. */
function fetchTo(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}

/** The selected cards as far as they were loaded; null when the selection is a filter, whose cards nobody has seen. */
export function selectedCards(): readonly AssetCard[] | null {
  const { selection } = useView.getState();
  return selection.kind === 'ids' ? (activeStore()?.pick(selection.ids) ?? []) : null;
}

export type Shared<T> =
  | { readonly kind: 'same'; readonly value: T }
  | { readonly kind: 'mixed' }
  | { readonly kind: 'unknown' };

/** One value that all have, or that they differ. */
export function sharedOf<T>(cards: readonly AssetCard[] | null, read: (card: AssetCard) => T): Shared<T> {
  const [first, ...others] = cards ?? [];
  if (first === undefined) return { kind: 'unknown' };
  const value = read(first);
  const same = JSON.stringify(value);
  return others.every((card) => JSON.stringify(read(card)) === same)
    ? { kind: 'same', value }
    : { kind: 'mixed' };
}

/** Tags that every card has. */
export function sharedTags(cards: readonly AssetCard[] | null): string[] {
  const [first, ...others] = cards ?? [];
  if (first === undefined) return [];
  return first.tags.filter((tag) => others.every((card) => card.tags.includes(tag)));
}
