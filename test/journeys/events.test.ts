import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { understood } from '../support/state.ts';
import { listen } from '../support/stream.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ worker: true });
});
afterAll(() => app.close());

const put = async () => assetOf(await putRaw(app, { bytes: randomBytes(200), name: 'a.dat' }));
/** For what comes by itself, however busy the machine is. */
const patient = { timeout: 60_000 };
const kindsOf = (heard: readonly { kind: string; asset: string | null }[], id: string) =>
  heard.filter((event) => event.asset === id).map((event) => event.kind);

test('a listener hears an asset arrive, become ready, change, go and come back, in order', async () => {
  const stream = await listen(app);
  const id = await put();
  await understood(app);
  await app.client.call('assets.update', { b: 'default', id, sceneHint: 'a hint' });
  await app.client.call('assets.trash', { b: 'default', id });
  await app.client.call('assets.restore', { b: 'default', id });
  const kinds = ['asset.added', 'asset.ready', 'asset.changed', 'asset.trashed', 'asset.restored'];
  await expect.poll(() => kindsOf(stream.heard, id), patient).toEqual(kinds);
  stream.close();
});

test('a listener that comes back hears what it missed, once', async () => {
  const first = await listen(app);
  const before = await put();
  await expect.poll(() => kindsOf(first.heard, before), patient).toContain('asset.ready');
  const last = first.heard.at(-1)?.id ?? '';
  first.close();
  const missed = [await put(), await put()];
  await understood(app);
  const second = await listen(app, { after: last });
  await expect
    .poll(() => second.heard.filter((event) => event.kind === 'asset.ready').length, patient)
    .toBe(2);
  expect(kindsOf(second.heard, before)).toEqual([]);
  for (const id of missed) expect(kindsOf(second.heard, id)).toEqual(['asset.added', 'asset.ready']);
  second.close();
});

test('a cursor that is none begins now', async () => {
  for (const after of ['', 'x', '1', '-1', '1-2-3', "1-1';", '99999999999999999999-99999999999999999999']) {
    const stream = await listen(app, { after }).catch(() => null);
    stream?.close();
  }
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
});

test('nothing is missed or told twice under fifty parallel uploads, by a listener that keeps coming back', async () => {
  const steady = await listen(app);
  const restless: string[] = [];
  const uploads = (async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, put));
    await understood(app);
    return ids;
  })();
  let last: string | undefined;
  let done = false;
  void uploads.then(() => (done = true));
  for (let finished = false; !finished;) {
    finished = done;
    const stream = await listen(app, last === undefined ? {} : { after: last });
    await new Promise((resolve) => setTimeout(resolve, 250));
    stream.close();
    last ??= stream.heard[0]?.id;
    for (const event of stream.heard) {
      last = event.id;
      if (event.kind === 'asset.added' && event.asset !== null) restless.push(event.asset);
    }
  }
  const ids = (await uploads).toSorted();
  const added = () =>
    steady.heard.flatMap((event) => (event.kind === 'asset.added' ? [event.asset] : [])).toSorted();
  await expect.poll(added, patient).toEqual(ids);
  // Events are told once every older transaction has ended, whichever database of the server it is in.
  const ready = () => steady.heard.flatMap((event) => (event.kind === 'asset.ready' ? [event.asset] : []));
  await expect.poll(() => new Set(ready()), patient).toEqual(new Set(ids));
  // Uploads that were done before the first stream said hello are not its to tell.
  expect(new Set(restless).size).toBe(restless.length);
  expect(restless.filter((id) => !ids.includes(id))).toEqual([]);
  expect(restless.length).toBeGreaterThan(0);
  steady.close();
});
