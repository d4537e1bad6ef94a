import { request } from 'node:http';
import { API_BASE } from '../../src/contract/routes.ts';

export interface Heard {
  readonly id: string;
  readonly kind: string;
  readonly asset: string | null;
}

/** An open event stream of a brand and what came through it. */
export interface Stream {
  readonly heard: readonly Heard[];
  /** Whether the server has ended it. */
  ended(): boolean;
  close(): void;
}

/** Resolves when the stream has said hello; events from then on are heard. */
export function listen(
  { url, key }: { url: string; key: string },
  options: { brand?: string; after?: string } = {},
): Promise<Stream> {
  const heard: Heard[] = [];
  let over = false;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}${API_BASE}/brands/${options.brand ?? 'default'}/events`,
      {
        agent: false,
        headers: {
          authorization: `Bearer ${key}`,
          ...(options.after === undefined ? {} : { 'last-event-id': options.after }),
        },
      },
      (incoming) => {
        if (incoming.statusCode !== 200) reject(new Error(`The stream answers ${incoming.statusCode}.`));
        let text = '';
        incoming.on('end', () => (over = true));
        incoming.on('data', (part: Buffer) => {
          text += part.toString('utf8');
          const blocks = text.split('\n\n');
          text = blocks.pop() ?? '';
          for (const block of blocks) {
            const event = parse(block);
            if (event?.kind === 'hello')
              resolve({ heard, ended: () => over, close: () => outgoing.destroy() });
            if (event !== null) heard.push(event);
          }
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function parse(block: string): Heard | null {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [id, kind, data] = [field('id'), field('event'), field('data')];
  if (id === undefined || kind === undefined || data === undefined) return null;
  return { id, kind, asset: /"asset":"([^"]+)"/.exec(data)?.[1] ?? null };
}
