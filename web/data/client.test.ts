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

it('tells each time that nobody answers, and of no answer', async () => {
  const { client, whenSilent } = await import('./client.ts');
  const silent = vi.fn();
  const forget = whenSilent(silent);
  const ask = () => client.call('session.get', {}).catch(() => undefined);

  for (const said of [json(200, {}), json(404, null)]) {
    answer.mockResolvedValueOnce(said);
    await ask();
  }
  expect(silent).not.toHaveBeenCalled();

  answer.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await ask();
  answer.mockResolvedValueOnce(json(502, null));
  await ask();
  expect(silent).toHaveBeenCalledTimes(2);

  forget();
  answer.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await ask();
  expect(silent).toHaveBeenCalledTimes(2);
});
