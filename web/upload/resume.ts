import { whenSilent } from '../data/client.ts';
import { mayRead, readAgain } from './handles.ts';
import { usePanel } from './open.ts';
import type { SavedRow } from './rows.ts';
import { arrivedOf, queue, store, tab, wasPaused } from './session.ts';
import { activeCount } from './tally.ts';

const LOCK = 'backlot-uploads-';

/** Marks this tab as alive; without locks (plain http) every other tab counts as closed. */
function holdLock(): void {
  if (!('locks' in navigator)) return;
  void navigator.locks.request(LOCK + tab, () => new Promise(() => undefined));
}

async function isAlive(): Promise<(owner: string) => boolean> {
  if (!('locks' in navigator)) return () => false;
  const { held = [] } = await navigator.locks.query();
  const names = new Set(held.map(({ name }) => name));
  return (owner) => names.has(LOCK + owner);
}

/** The network is gone, or some other part of the page got no answer: sending would only fail file by file. */
function watchNetwork(): void {
  const halt = () => {
    if (activeCount(queue.view().tally) > 0) queue.halt('offline');
  };
  globalThis.addEventListener('offline', halt);
  whenSilent(halt);
}

/** Lists what an earlier visit left unfinished; files that the browser may still read go on by themselves. */
export async function restore(): Promise<void> {
  holdLock();
  watchNetwork();
  globalThis.addEventListener('pagehide', () => queue.flush());
  const alive = await isAlive();
  const left = (await store.load()).filter((row) => !alive(row.tab));
  const arrived = await arrivedOf(left);
  const rows = left.filter(({ id }) => !arrived.has(id));
  if (rows.length > 0 && wasPaused()) queue.halt('you');
  await queue.adopt(left, arrived);
  if (rows.length === 0) return;
  usePanel.setState({ isOpen: true });
  await readRoots(rows, false);
}

/** Asks the browser for the files of waiting rows; call it from a click. */
export async function findAgain(): Promise<void> {
  const { tally } = queue.view();
  await readRoots(
    tally.in('paused').filter(({ file, url }) => file === null && url === null),
    true,
  );
}

async function readRoots(rows: readonly SavedRow[], ask: boolean): Promise<void> {
  const byRoot = new Map<string, SavedRow[]>();
  for (const row of rows) {
    if (row.root === null) continue;
    const known = byRoot.get(row.root);
    if (known === undefined) byRoot.set(row.root, [row]);
    else known.push(row);
  }
  for (const [id, mine] of byRoot) {
    const handle = await store.loadRoot(id);
    if (handle === null || !(await mayRead(handle, ask).catch(() => false))) continue;
    for (const row of mine) {
      const file = await readAgain(handle, row);
      if (file !== null) queue.attach(row.id, file);
    }
  }
}
