import { lazy as lazyOnce } from 'react';
import { client, isSilence } from './client.ts';

const FIRST_WAIT_MS = 1000;
const LAST_WAIT_MS = 10_000;

/**
 * React's own, but a part that cannot be had now stays away, and is asked for again once the server answers; thrown, the
 * failure would take the whole page with it. Some browsers remember that a module failed: there it comes with a reload.
 */
export const lazy: typeof lazyOnce = (load) => lazyOnce(() => persist(load));

async function persist<T>(load: () => Promise<T>): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LAST_WAIT_MS)) {
    try {
      return await load();
    } catch {
      // For the same reason it is not tried before it can be had.
      do await new Promise((resolve) => setTimeout(resolve, wait));
      while (!(await answers()));
    }
  }
}

function answers(): Promise<boolean> {
  return client.call('session.get', {}).then(
    () => true,
    (error: unknown) => !isSilence(error),
  );
}
