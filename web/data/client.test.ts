import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const answer = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.resetModules();
  // The page's client takes the page's fetch when it is loaded.
  vi.stubGlobal('fetch', answer);
});
afterEach(() => void vi.unstubAllGlobals());

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

it('tells once when the server answers again after silence, and not before', async () => {
  const { client, whenBack, whenSilent } = await import('./client.ts');
  const back = vi.fn();
  const silent = vi.fn();
  whenBack(back);
  whenSilent(silent);
  const ask = () => client.call('session.get', {}).catch(() => undefined);

  answer.mockResolvedValueOnce(json(200, {}));
  await ask();
  expect(back).not.toHaveBeenCalled();

  answer.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await ask();
  answer.mockResolvedValueOnce(json(502, null));
  await ask();
  expect(silent).toHaveBeenCalledTimes(2);
  expect(back).not.toHaveBeenCalled();

  answer.mockResolvedValueOnce(json(200, {}));
  await ask();
  answer.mockResolvedValueOnce(json(200, {}));
  await ask();
  expect(back).toHaveBeenCalledTimes(1);
});

it('takes the event stream at its word', async () => {
  const { noteAnswer, noteSilence, whenBack } = await import('./client.ts');
  const back = vi.fn();
  const forget = whenBack(back);
  noteSilence();
  noteAnswer();
  forget();
  noteSilence();
  noteAnswer();
  expect(back).toHaveBeenCalledTimes(1);
});
