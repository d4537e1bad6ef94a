import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { systemOperations } from '../contract/system.ts';
import type { LibraryEvent } from '../contract/system.ts';
import type { Deps } from '../services/deps.ts';
import { Failure } from '../domain/failures.ts';
import { eventsAfter, startCursor } from '../services/events.ts';
import type { EventFeed } from '../services/events.ts';
import { enterPathBrand } from './identify.ts';
import { inputReader } from './input.ts';
import { routeOf } from './mount.ts';

const BEAT_MS = 15_000;
/** A slower transaction may hold an event back after its wake-up; looking again soon shows it in time. */
const POLL_MS = 1000;
/** Streams end after this and are opened again by the browser, which frees what a dead connection may hold. */
const LIFE_MS = 60 * 60_000;

/** Server-sent events of one brand, resumable by `Last-Event-ID`. */
export function mountEvents(app: FastifyInstance, deps: Deps, feed: EventFeed): void {
  const read = inputReader(systemOperations['events.stream'].input);
  const open = new Set<ServerResponse>();
  // A stream never ends by itself in time; browsers connect again when the server is back.
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });
  app.route({
    ...routeOf('events.stream'),
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const scope = await enterPathBrand(deps, request, 'read');
      const seen = request.headers['last-event-id'];
      let cursor = await startCursor(
        deps,
        scope,
        typeof seen === 'string' ? seen : (read(request).after ?? ''),
      );

      // A client that left while the cursor was read fires no more events that could end what starts here.
      if (request.raw.socket.destroyed) return reply.hijack();
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      reply.raw.write(`retry: 1000\nid: ${cursor}\nevent: hello\ndata: {}\n\n`);

      open.add(reply.raw);
      let reading = Promise.resolve();
      const readOn = async (beat: boolean): Promise<void> => {
        const isOver = () => reply.raw.destroyed || reply.raw.writableEnded;
        if (isOver()) return;
        // A key may have been revoked, or a session ended, since the stream was opened.
        const stillMay = () => enterPathBrand(deps, request, 'read');
        if (beat) {
          await stillMay();
          reply.raw.write(': beat\n\n');
        }
        for await (const events of eventsAfter(deps, scope, cursor)) {
          await stillMay();
          if (isOver()) return;
          const isTaken = reply.raw.write(events.map(told).join(''));
          cursor = events.at(-1)?.id ?? cursor;
          if (!isTaken) await drained(reply.raw);
        }
      };
      const pump = (beat = false): void => {
        const next = reading.then(() => readOn(beat));
        reading = next.catch((error: unknown) => {
          if (error instanceof Failure) return void reply.raw.end();
          deps.log.warn('An event stream broke', { error });
          reply.raw.destroy();
        });
      };
      let soon: NodeJS.Timeout | undefined;
      const stop = feed.onBrand(scope.brandId, () => {
        pump();
        clearTimeout(soon);
        soon = setTimeout(() => pump(), POLL_MS);
      });
      // What was missed, and what was committed while the stream was being opened.
      pump();
      const beat = setInterval(() => pump(true), BEAT_MS);
      const life = setTimeout(() => reply.raw.end(), LIFE_MS);
      reply.raw.once('close', () => {
        open.delete(reply.raw);
        stop();
        clearInterval(beat);
        clearTimeout(life);
        clearTimeout(soon);
      });
    },
  });
}

function told({ id, kind, asset, at }: LibraryEvent): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ asset, at })}\n\n`;
}

/** Resolves when a client that reads slowly has caught up, or has left. */
async function drained(stream: ServerResponse): Promise<void> {
  if (stream.destroyed) return;
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  settled.abort();
}
