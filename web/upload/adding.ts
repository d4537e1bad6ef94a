import type { UploadFields } from '../../client/index.ts';
import { useKeep } from '../data/keep.ts';
import { sharedOf } from './defaults.ts';
import { fromDrop, fromHandle, fromInput } from './entries.ts';
import { handlesOf } from './handles.ts';
import { countLeftOut, leftOutText } from './left-out.ts';
import type { LeftOut } from './left-out.ts';
import { usePanel } from './open.ts';
import type { Picked } from './rows.ts';
import { queue, store, tab } from './session.ts';
import { breathe, createPace } from './slices.ts';

/** Takes files from an `<input>` or the clipboard into the queue. */
export async function addChosen(brand: string, files: Iterable<File>): Promise<void> {
  const { leaveOut, leftOut } = countLeftOut();
  await take(brand, fromInput(files, leaveOut));
  tell(leftOut);
}

/** Reads a drop into the queue while the folder is still being walked. Call it inside the drop event. */
export async function addDrop(brand: string, data: DataTransfer): Promise<void> {
  const { leaveOut, leftOut } = countLeftOut();
  const found = fromDrop(data, leaveOut);
  const roots = new Map<string, string>();
  for (const [name, handle] of await handlesOf(data)) roots.set(name, keepRoot(handle));
  await take(brand, found, (path) => roots.get(path.split('/')[0] ?? ''));
  tell(leftOut);
}

/** Reads what the browser opened for the page; it can be opened again after a reload. */
export async function addHandles(brand: string, handles: readonly FileSystemHandle[]): Promise<void> {
  const { leaveOut, leftOut } = countLeftOut();
  for (const handle of handles) {
    const root = keepRoot(handle);
    await take(brand, fromHandle(handle, leaveOut), () => root);
  }
  tell(leftOut);
}

export function addAddresses(brand: string, addresses: readonly string[]): void {
  queue.addAddresses(brand, addresses, fieldsOf(brand));
}

let roots = 0;
function keepRoot(handle: FileSystemHandle): string {
  roots += 1;
  const id = `${tab}-${roots}`;
  store.saveRoot(id, handle);
  return id;
}

/** Queues entry by entry and lets the page breathe in between: reading the size of a file may go to the disk. */
async function take(
  brand: string,
  found: AsyncIterable<Picked> | Iterable<Picked>,
  rootOf: (path: string) => string | undefined = () => undefined,
): Promise<void> {
  const mustBreathe = createPace();
  const fields = fieldsOf(brand);
  for await (const one of found) {
    const root = rootOf(one.path);
    queue.add(brand, [root === undefined ? one : { ...one, root }], fields);
    if (mustBreathe()) await breathe();
  }
}

/** What is said of all files. They go where the form says, and by themselves into the collection that is open. */
function fieldsOf(brand: string): UploadFields {
  const { open } = useKeep.getState();
  return { ...(open === null ? {} : { collection: [open.id] }), ...sharedOf(brand) };
}

function tell(leftOut: LeftOut): void {
  usePanel.setState({ leftOut: leftOutText(leftOut) });
}
