import { EVENTS_PAGE, newestCursor, readEvents } from '../database/events.ts';
import type { EventRow } from '../database/events.ts';
import type { LibraryEvent } from '../contract/system.ts';
import type { BrandScope } from '../domain/access.ts';
import type { Deps } from './deps.ts';

/** Hears of commits in a brand, by whichever process; answers how to stop. */
export interface EventFeed {
  onBrand(brandId: string, wake: () => void): () => void;
}

const CURSOR = /^\d{1,20}-\d{1,20}$/;

/** Where a listener begins: after the event it saw last, or now. */
export async function startCursor(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  after: string,
): Promise<string> {
  if (CURSOR.test(after)) return after;
  return database.inBrand(scope, (tx) => newestCursor(tx));
}

/** Everything after a cursor, page by page: whoever was away for a day may have missed a million. */
export async function* eventsAfter(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  after: string,
): AsyncGenerator<LibraryEvent[]> {
  for (let from: string | undefined = after; from !== undefined;) {
    const cursor: string = from;
    const page = await database.inBrand(scope, (tx) => readEvents(scope, tx, cursor));
    if (page.length > 0) yield page.map(present);
    from = page.length < EVENTS_PAGE ? undefined : page.at(-1)?.cursor;
  }
}

function present({ cursor, kind, assetId, at }: EventRow): LibraryEvent {
  return { id: cursor, kind, asset: assetId, at: at.toISOString() };
}
