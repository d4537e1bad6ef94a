import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from './index.ts';
import type { BacklotError } from './index.ts';
import { createTransfer, giveUpUpload, isTransient, tusMetadata } from './upload.ts';
import type { TransferJob, TransferResult } from './upload.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** Stands in for the browser's request object, which Node does not have; the protocol itself is tested in Chromium. */
function standIn(answers: (Answer | 'lost')[]) {
  const sent: { method: string; url: string; headers: Record<string, string> }[] = [];
  class DefaultHttpStack {
    getName = () => 'stand-in';
    createRequest(method: string, url: string) {
      const headers: Record<string, string> = {};
      return {
        getMethod: () => method,
        getURL: () => url,
        setHeader: (name: string, value: string) => void (headers[name] = value),
        getHeader: (name: string) => headers[name],
        setProgressHandler: () => undefined,
        abort: async () => undefined,
        getUnderlyingObject: () => null,
        send: async () => {
          sent.push({ method, url, headers });
          const answer = answers.shift() ?? 'lost';
          if (answer === 'lost') throw new Error('connection lost');
          return {
            getStatus: () => answer.status,
            getHeader: () => undefined,
            getBody: () => JSON.stringify(answer.body ?? null),
            getUnderlyingObject: () => null,
          };
        },
      };
    }
  }
  return { sent, load: async () => ({ DefaultHttpStack }) as never };
}

const job: TransferJob = {
  client: createClient({ key: 'bkl_key' }),
  brand: 'acme',
  blob: new Blob(['hello']),
  fields: { name: 'Hällo.txt', tags: ['a', 'b'] },
  sha256: 'f'.repeat(64),
};

function run(answers: (Answer | 'lost')[]) {
  const { sent, load } = standIn(answers);
  const outcome: { done?: TransferResult; error?: BacklotError } = {};
  const transfer = createTransfer(
    job,
    {
      onProgress: () => undefined,
      onDone: (done) => void (outcome.done = done),
      onError: (error) => void (outcome.error = error),
    },
    load,
  );
  return { sent, outcome, transfer };
}

describe('small files', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends one PUT with the fields, the key and the hash', async () => {
    const { sent, outcome, transfer } = run([{ status: 201, body: { id: 'AST-7K2M9QX4', reused: false } }]);
    transfer.start();
    await vi.runAllTimersAsync();
    expect(sent).toEqual([
      {
        method: 'PUT',
        url: '/api/v1/brands/acme/uploads?name=H%C3%A4llo.txt&tags=a&tags=b',
        headers: {
          authorization: 'Bearer bkl_key',
          'content-type': 'application/octet-stream',
          'x-content-sha256': 'f'.repeat(64),
        },
      },
    ]);
    expect(outcome).toEqual({ done: { asset: 'AST-7K2M9QX4', reused: false } });
  });

  it('tries again after a lost connection and a passing server error', async () => {
    const { sent, outcome, transfer } = run([
      'lost',
      { status: 503 },
      { status: 200, body: { id: 'AST-7K2M9QX4', reused: true } },
    ]);
    transfer.start();
    await vi.runAllTimersAsync();
    expect(sent).toHaveLength(3);
    expect(outcome.done).toEqual({ asset: 'AST-7K2M9QX4', reused: true });
  });

  it('hands a refusal over at once, with the remedy of the server', async () => {
    const refusal = { code: 'over_quota', message: 'No room.', remedy: 'Empty the trash.' };
    const { sent, outcome, transfer } = run([{ status: 507, body: { error: refusal } }]);
    transfer.start();
    await vi.runAllTimersAsync();
    expect(sent).toHaveLength(1);
    expect(outcome.error).toMatchObject({ ...refusal, status: 507 });
  });

  it('gives up after every retry and says that the connection is lost', async () => {
    const { sent, outcome, transfer } = run([]);
    transfer.start();
    await vi.runAllTimersAsync();
    expect(sent).toHaveLength(8);
    expect(outcome.error?.code).toBe('offline');
    // A single request leaves nothing on the server; the words must not promise otherwise.
    expect(outcome.error?.remedy).toContain('from its beginning');
  });

  it('takes a proxy that speaks for a server that is away as silence', async () => {
    const { outcome, transfer } = run(Array.from({ length: 8 }, () => ({ status: 502 })));
    transfer.start();
    await vi.runAllTimersAsync();
    expect(outcome.error?.code).toBe('offline');
  });

  it('is silent after a pause, and starts over on resume', async () => {
    const { sent, outcome, transfer } = run(['lost', { status: 201, body: { id: 'AST-7K2M9QX4' } }]);
    transfer.start();
    await vi.advanceTimersByTimeAsync(100);
    transfer.pause();
    await vi.runAllTimersAsync();
    expect(sent).toHaveLength(1);
    transfer.resume();
    await vi.runAllTimersAsync();
    expect(outcome.done?.asset).toBe('AST-7K2M9QX4');
  });
});

it('gives an unfinished upload up by its address, and is content when nobody hears it', async () => {
  const fetched = vi.fn<typeof fetch>().mockRejectedValue(new TypeError('Failed to fetch'));
  vi.stubGlobal('fetch', fetched);
  await giveUpUpload(createClient({ key: 'bkl_key' }), '/uploads/1');
  vi.unstubAllGlobals();
  expect(fetched).toHaveBeenCalledWith('/uploads/1', {
    method: 'DELETE',
    headers: { authorization: 'Bearer bkl_key', 'tus-resumable': '1.0.0' },
    keepalive: true,
  });
});

it('knows which answers may pass', () => {
  expect([0, 408, 423, 429, 500, 502, 503, 504].every(isTransient)).toBe(true);
  expect([400, 401, 403, 404, 409, 413, 501, 507].some(isTransient)).toBe(false);
});

it('writes tus metadata with commas kept out of tags', () => {
  expect(tusMetadata({ name: 'a.mov', tags: ['red, blue', 'day'], onDuplicate: 'keep' })).toEqual({
    filename: 'a.mov',
    tags: 'red  blue,day',
    onDuplicate: 'keep',
  });
  expect(tusMetadata({})).toEqual({});
});
