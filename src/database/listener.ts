import { Client } from 'pg';
import { clientConfig } from './database.ts';
import type { Connection } from './database.ts';
import { EVENT_CHANNEL } from './events.ts';

export interface Listener {
  /** Called with a brand's id whenever something of that brand was committed; returns how to stop. */
  onBrand(brandId: string, wake: () => void): () => void;
  close(): Promise<void>;
}

const RETRY_MS = 1000;

/** One connection that hears of commits by every process. While it is broken, whoever listens also polls. */
export function listenForEvents(connection: Connection): Listener {
  const waiting = new Map<string, Set<() => void>>();
  let client: Client | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const next = new Client(clientConfig(connection));
    next.on('notification', ({ payload }) => {
      for (const wake of waiting.get(payload ?? '') ?? []) wake();
    });
    next.on('error', () => next.end().catch(() => undefined));
    next.on('end', reconnect);
    client = next;
    await next.connect();
    await next.query(`listen ${EVENT_CHANNEL}`);
  };
  const reconnect = (): void => {
    if (closed) return;
    clearTimeout(retry);
    retry = setTimeout(() => void connect().catch(reconnect), RETRY_MS);
  };
  void connect().catch(reconnect);

  return {
    onBrand(brandId, wake) {
      const set = waiting.get(brandId) ?? new Set();
      waiting.set(brandId, set.add(wake));
      return () => {
        set.delete(wake);
        if (set.size === 0) waiting.delete(brandId);
      };
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
