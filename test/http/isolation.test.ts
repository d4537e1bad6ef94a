import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_BASE, ROUTES } from '../../src/contract/routes.ts';
import type { OperationName } from '../../src/contract/routes.ts';
import { findBrand } from '../../src/database/workspace.ts';
import { createServer } from '../../src/http/server.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { addressOf, field, send, textField } from '../support/http.ts';
import type { Answer, Sending } from '../support/http.ts';
import { snapshotBrand, storedFiles, understood } from '../support/state.ts';

/** Words that stand in the victim's names, tags, texts and bytes only, and must come out nowhere else. */
const CANARY = 'zanzibarium';
const ABSENT = {
  b: 'nowhere',
  id: 'AST-00000000',
  collection: 'COL-00000000',
  search: 'absent',
  name: 'thumbnail',
  n: 1,
  token: 'x.y',
  key: 'AAAAAAAA',
  operation: '00000000-0000-4000-8000-000000000000',
};

type IdKind = 'asset' | 'collection' | 'search' | 'key' | 'operation' | 'reservation' | 'share';

/** One probe for every operation; a route without one does not compile. */
interface Probe {
  /** What stands at `{id}` of the path. */
  readonly id?: IdKind;
  readonly json?: unknown;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly query?: string;
}
const PROBES: Readonly<Record<OperationName, Probe>> = {
  'assets.list': { query: `?q=${CANARY}&count=true` },
  'assets.groups': { query: '?by=type' },
  'assets.facets': {},
  'assets.labels': {},
  'assets.get': { id: 'asset' },
  'assets.update': { id: 'asset', json: { name: 'taken' } },
  'assets.trash': { id: 'asset' },
  'assets.restore': { id: 'asset' },
  'assets.bulk': { json: { select: { filter: {}, all: true }, change: { trash: true } } },
  'assets.enhance': { id: 'asset', json: { operation: 'background' } },
  'assets.history': { id: 'asset' },
  'assets.recipe': { id: 'asset' },
  'assets.uses': { id: 'asset' },
  'tags.list': {},
  'zips.create': { json: { select: { filter: {}, all: true } } },
  'zips.get': {},
  'operations.list': {},
  'operations.get': { id: 'operation' },
  'operations.undo': { id: 'operation' },
  'operations.cancel': { id: 'operation' },
  'operations.resume': { id: 'operation' },
  'operations.failures': { id: 'operation' },
  'operations.retry': { id: 'operation' },
  'collections.list': {},
  'collections.get': { id: 'collection' },
  'collections.create': { json: { name: 'taken' } },
  'collections.update': { id: 'collection', json: { name: 'taken' } },
  'collections.delete': { id: 'collection' },
  'collections.add': { id: 'collection', json: { select: { filter: {}, all: true } } },
  'collections.remove': { id: 'collection', json: { select: { filter: {}, all: true } } },
  'favourites.set': { json: { select: { filter: {}, all: true }, favourite: true } },
  'shares.list': {},
  'shares.create': { json: { asset: 'AST-00000000' } },
  'shares.update': { id: 'share', json: { on: false } },
  'shares.revoke': { id: 'share' },
  'shared.get': {},
  'shared.unlock': { json: { password: 'guess' } },
  'shared.list': {},
  'shared.zip': {},
  'shared.thumbnail': { id: 'asset' },
  'shared.preview': { id: 'asset' },
  'shared.play': { id: 'asset' },
  'shared.file': { id: 'asset' },
  'searches.list': {},
  'searches.create': { json: { name: 'taken', filter: {} } },
  'searches.update': { id: 'search', json: { name: 'taken' } },
  'searches.delete': { id: 'search' },
  'uploads.put': { query: '?name=taken.txt', body: 'foreign bytes' },
  'uploads.form': {
    body: '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nforeign\r\n--x--\r\n',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  },
  'uploads.resumable': { headers: { 'tus-resumable': '1.0.0', 'upload-length': '10' } },
  'uploads.check': { json: { files: [{ size: 1, name: 'a.txt' }] } },
  'uploads.fetch': { json: { url: 'http://192.0.2.1/a.png' } },
  'files.get': { id: 'asset' },
  'files.thumbnail': { id: 'asset' },
  'files.rendition': { id: 'asset' },
  'files.picture': { id: 'asset', query: '?w=640' },
  'files.link': { id: 'asset', json: {} },
  'files.signed': {},
  'versions.list': { id: 'asset' },
  'versions.add': { id: 'asset', body: 'another version' },
  'versions.restore': { id: 'asset' },
  'trash.list': {},
  'trash.empty': {},
  'trash.purgeMany': { json: { ids: ['AST-00000000'] } },
  'trash.purge': { id: 'asset' },
  'duplicates.list': {},
  'duplicates.near': { id: 'asset' },
  'duplicates.merge': { json: { keep: 'AST-00000000', others: ['AST-00000001'] } },
  'duplicates.dismiss': { json: { ids: ['AST-00000000', 'AST-00000001'] } },
  'advisor.get': {},
  'storage.get': {},
  'storage.check': { json: { b: 'victim', bytes: 10 } },
  'storage.release': { id: 'reservation' },
  'brands.list': {},
  'brands.create': { json: { slug: 'mine', name: 'Mine' } },
  'keys.list': {},
  'keys.create': { json: { name: 'mine', role: 'owner' } },
  'keys.revoke': { id: 'key' },
  'session.get': {},
  'session.end': {},
  'events.stream': {},
  'system.capabilities': {},
};

/** Routes beside the table, and why nothing of a brand passes through them. */
const OTHER_ROUTES: Readonly<Record<string, string>> = {
  '/': 'sends the browser to the page',
  '/healthz': 'says that the process lives',
  '/readyz': 'says whether it can serve',
  '/sign-in/:token': 'one-time links of people',
  [`${API_BASE}/openapi.json`]: 'the contract',
  [`${API_BASE}/brands/:b/uploads/resumable/:id`]: 'probed below',
};

let app: TestApp;
let rivalKey: string;
let victimKey: string;
let victimId: string;
let ids: Record<IdKind, string>;
let trashed: string;
let upload: string;
let plan: string;
let alone: Record<string, unknown>;

const names = Object.keys(ROUTES) as OperationName[];
const takes = (name: OperationName, part: string) => ROUTES[name].includes(`{${part}}`);

beforeAll(async () => {
  app = await startApp({ worker: true });
  await app.addBrand('victim');
  await app.addBrand('rival');
  victimKey = await app.keyFor('victim', 'owner');
  rivalKey = await app.keyFor('rival', 'owner');
  await put('rival', rivalKey, 'calm harbour');
  await put('rival', rivalKey, 'quiet meadow');
  await understood(app);
  alone = await everythingSeen();

  const kept = await put('victim', victimKey, `${CANARY} one`);
  const gone = await put('victim', victimKey, `${CANARY} two`);
  trashed = textField(gone, 'id');
  await ask('assets.trash', { b: 'victim', id: trashed }, { key: victimKey });
  const asset = textField(kept, 'id');
  const edit = {
    json: { description: `about ${CANARY}`, tags: [CANARY], sceneHint: CANARY },
    key: victimKey,
  };
  await ask('assets.update', { b: 'victim', id: asset }, edit);
  const operations = await ask('operations.list', { b: 'victim' }, { key: victimKey });
  const key = await ask(
    'keys.create',
    { b: 'victim' },
    { key: victimKey, json: { name: CANARY, role: 'viewer' } },
  );
  const collection = textField(
    (await ask('collections.create', { b: 'victim' }, { key: victimKey, json: { name: CANARY } })).json,
    'id',
  );
  await ask(
    'collections.add',
    { b: 'victim', id: collection },
    { key: victimKey, json: { select: { ids: [asset] } } },
  );
  await ask(
    'favourites.set',
    { b: 'victim' },
    { key: victimKey, json: { select: { ids: [asset] }, favourite: true } },
  );
  const shared = await ask('shares.create', { b: 'victim' }, { key: victimKey, json: { collection } });
  const saved = { name: CANARY, filter: { q: CANARY } };
  const search = textField(
    (await ask('searches.create', { b: 'victim' }, { key: victimKey, json: saved })).json,
    'id',
  );
  const room = await ask('storage.check', {}, { key: victimKey, json: { bytes: 1000 } });
  const begun = await ask(
    'uploads.resumable',
    { b: 'victim' },
    { key: victimKey, headers: { 'tus-resumable': '1.0.0', 'upload-length': '10' } },
  );
  const planned = await ask(
    'assets.bulk',
    { b: 'victim' },
    { key: victimKey, json: { select: { ids: [asset] }, change: { trash: true }, plan: true } },
  );
  expect([begun.status, begun.text]).toEqual([201, '']);
  upload = String(begun.headers.location).split('/').at(-1) ?? '';
  plan = textField(planned.json, 'plan');
  ids = {
    asset,
    collection,
    search,
    key: textField(key.json, 'id'),
    operation: textField(operations.json, 'items', 0, 'id'),
    reservation: textField(room.json, 'reservation'),
    share: textField(shared.json, 'id'),
  };
  victimId = (await findBrand(app.app.deps.database.workspace, 'victim'))?.id ?? '';
  // Sidecars come seconds later; one written between two looks would seem a change.
  await app.quiet();
});
afterAll(() => app.close());

async function put(brand: string, key: string, text: string): Promise<unknown> {
  const name = encodeURIComponent(`${text}.txt`);
  const answer = await send(`${app.url}${API_BASE}/brands/${brand}/uploads?name=${name}&tags=shared`, 'PUT', {
    key,
    body: `words about ${text}`,
  });
  expect(answer.status).toBe(201);
  return answer.json;
}

function ask(
  name: OperationName,
  values: Record<string, string | number>,
  sending: Sending & { query?: string | undefined } = {},
): Promise<Answer> {
  const { method, path } = addressOf(name, values);
  return send(`${app.url}${path}${sending.query ?? ''}`, method, sending);
}

const snapshot = async () => ({
  rows: await snapshotBrand(app.app.deps.database, victimId),
  files: await storedFiles(app.dataDir),
});

/** All that may be compared of an answer. */
function visible(answer: Answer) {
  const { date: _, 'x-request-id': __, ...headers } = answer.headers;
  return { status: answer.status, headers, text: answer.text };
}

/** What the rival's own pages show, for comparison with and without the other brand. */
async function everythingSeen(): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  const look = async (name: OperationName, query = '') => {
    seen[`${name}${query}`] = (await ask(name, { b: 'rival' }, { key: rivalKey, query })).json;
  };
  for (const by of [
    'type',
    'source',
    'size',
    'month',
    'status',
    'product',
    'campaign',
    'mediaType',
    'none',
  ]) {
    await look('assets.groups', `?by=${by}`);
  }
  for (const q of ['', CANARY, CANARY.slice(3, 7), 'z', 'za', 'words', 'shared']) {
    await look('assets.list', `?count=true&q=${q}`);
    await look('assets.facets', `?q=${q}`);
    await look('assets.labels', `?q=${q}`);
  }
  for (const sort of ['name', '-size', 'uses', '-used'])
    await look('assets.list', `?sort=${sort}&count=true`);
  for (const name of [
    'trash.list',
    'operations.list',
    'collections.list',
    'shares.list',
    'brands.list',
    'session.get',
  ] as const)
    await look(name);
  const storage = (await ask('storage.get', {}, { key: rivalKey })).json;
  seen['storage'] = [field(storage, 'brands'), field(storage, 'segments'), field(storage, 'trash')];
  return seen;
}

describe('a key of another brand', () => {
  it.each(names.filter((name) => takes(name, 'b')))(
    '%s: the brand is answered like an absent one',
    async (name) => {
      const probe = PROBES[name];
      const before = await snapshot();
      const values = { ...ABSENT, id: probe.id === undefined ? '' : ids[probe.id] };
      const absent = await ask(
        name,
        { ...ABSENT, id: probe.id === undefined ? '' : absentId(probe.id) },
        { ...probe, key: rivalKey },
      );
      expect(absent.status).toBe(404);
      for (const b of ['victim', victimId]) {
        expect(visible(await ask(name, { ...values, b }, { ...probe, key: rivalKey }))).toEqual(
          visible(absent),
        );
      }
      expect(await snapshot()).toEqual(before);
    },
  );

  it.each(names.filter((name) => takes(name, 'b') && takes(name, 'id')))(
    '%s: its id in the own brand is answered like an absent one',
    async (name) => {
      const probe = PROBES[name];
      const before = await snapshot();
      const kind = probe.id ?? 'asset';
      const values = { ...ABSENT, b: 'rival' };
      const absent = await ask(name, { ...values, id: absentId(kind) }, { ...probe, key: rivalKey });
      expect(absent.status).toBe(404);
      for (const id of kind === 'asset' ? [ids.asset, trashed] : [ids[kind]]) {
        const foreign = await ask(name, { ...values, id }, { ...probe, key: rivalKey });
        expect(visible(foreign)).toEqual(visible(absent));
      }
      expect(await snapshot()).toEqual(before);
    },
  );

  it('storage.check and storage.release: brand and reservation are answered like absent ones', async () => {
    const before = await snapshot();
    const foreign = await ask('storage.check', {}, { key: rivalKey, json: { b: 'victim', bytes: 10 } });
    const absent = await ask('storage.check', {}, { key: rivalKey, json: { b: 'nowhere', bytes: 10 } });
    expect(absent.status).toBe(404);
    expect(visible(foreign)).toEqual(visible(absent));
    const nothing = await ask('storage.release', { id: `${ABSENT.operation}.none` }, { key: rivalKey });
    expect(nothing.status).toBe(404);
    const [, token = ''] = ids.reservation.split('.');
    const rivalId = textField((await ask('brands.list', {}, { key: rivalKey })).json, 'items', 0, 'id');
    for (const id of [ids.reservation, `${rivalId}.${token}`, token]) {
      expect(visible(await ask('storage.release', { id }, { key: rivalKey }))).toEqual(visible(nothing));
    }
    expect(await snapshot()).toEqual(before);
  });

  it.each(['HEAD', 'PATCH', 'DELETE'])(
    'a resumable upload: %s is answered like an absent one',
    async (method) => {
      const before = await snapshot();
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      };
      const at = (brand: string, id: string) =>
        send(`${app.url}${API_BASE}/brands/${brand}/uploads/resumable/${id}`, method, {
          key: rivalKey,
          headers,
          ...(method === 'PATCH' ? { body: 'foreign' } : {}),
        });
      const absent = await at('rival', 'A'.repeat(22));
      expect(absent.status).toBe(404);
      expect(visible(await at('rival', upload))).toEqual(visible(absent));
      expect(visible(await at('victim', upload))).toEqual(visible(await at('nowhere', upload)));
      expect(await snapshot()).toEqual(before);
    },
  );

  it('changes nothing by foreign ids, plans and filters in a bulk request', async () => {
    const before = await snapshot();
    const bulk = (json: unknown) => ask('assets.bulk', { b: 'rival' }, { key: rivalKey, json });
    for (const change of [
      { trash: true },
      { restore: true },
      { set: { description: 'taken' } },
      { addTags: ['x'] },
    ]) {
      const answer = await bulk({ select: { ids: [ids.asset, trashed] }, change });
      expect([
        field(answer.json, 'matched'),
        field(answer.json, 'changed'),
        field(answer.json, 'bytes'),
      ]).toEqual([0, 0, 0]);
    }
    const known = await bulk({ apply: plan });
    const unknown = await bulk({ apply: 'A'.repeat(22) });
    expect(visible(known)).toEqual(visible(unknown));
    const byWord = await bulk({ select: { filter: { q: CANARY } }, change: { trash: true }, plan: true });
    expect(field(byWord.json, 'matched')).toBe(0);
    expect(await snapshot()).toEqual(before);
  });

  it('does not learn from a digest whether the other brand holds the bytes', async () => {
    const { json } = await ask('assets.get', { b: 'victim', id: ids.asset }, { key: victimKey });
    const files = [{ sha256: textField(json, 'sha256'), size: field(json, 'size'), name: 'a.txt' }];
    const check = await ask('uploads.check', { b: 'rival' }, { key: rivalKey, json: { files } });
    expect(field(check.json, 'files', 0, 'known')).toBeNull();
  });

  it('sees in its own pages what it would see were it alone', async () => {
    const { ...now } = await everythingSeen();
    // The bulk requests above left steps that touched nothing.
    delete now['operations.list'];
    const { 'operations.list': _, ...then } = alone;
    expect(now).toEqual(then);
    expect(JSON.stringify(Object.values(now))).not.toContain(CANARY);
  });

  it('gets nothing by a cursor of the other brand but its own rows', async () => {
    const page = await ask('assets.list', { b: 'victim' }, { key: victimKey, query: '?limit=1' });
    const own = await ask('assets.list', { b: 'rival' }, { key: rivalKey });
    const after = textField(page.json, 'next');
    expect(after).not.toBe('');
    const answer = await ask('assets.list', { b: 'rival' }, { key: rivalKey, query: `?after=${after}` });
    const items = field(answer.json, 'items');
    expect(Array.isArray(items) && items.every((item) => own.text.includes(textField(item, 'id')))).toBe(
      true,
    );
  });

  it('hears nothing of the other brand in its event stream', async () => {
    const response = await fetch(`${app.url}${API_BASE}/brands/rival/events`, {
      headers: { authorization: `Bearer ${rivalKey}` },
    });
    const reader = response.body?.getReader();
    const heard: string[] = [];
    const listening = (async () => {
      for (;;) {
        const part = await reader?.read().catch(() => undefined);
        if (part === undefined || part.done) return;
        heard.push(Buffer.from(part.value).toString('utf8'));
      }
    })();
    await put('victim', victimKey, `${CANARY} three`);
    await put('rival', rivalKey, 'a sign of life');
    await expect.poll(() => heard.join(''), { timeout: 20_000 }).toContain('asset.added');
    const { items } = await app.client.call('brands.list', {}).then(() => ownList());
    await reader?.cancel();
    await listening;
    const named = heard.join('').match(/AST-\w{8}/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !items.includes(id))).toEqual([]);
  });
});

async function ownList(): Promise<{ items: string[] }> {
  const answer = await ask('assets.list', { b: 'rival' }, { key: rivalKey });
  return { items: answer.text.match(/AST-\w{8}/g) ?? [] };
}

function absentId(kind: IdKind): string {
  return {
    asset: ABSENT.id,
    collection: ABSENT.collection,
    search: ABSENT.search,
    key: ABSENT.key,
    operation: ABSENT.operation,
    reservation: 'none',
    share: 'A'.repeat(12),
  }[kind];
}

it('every route of the server is in the table of operations or listed here', async () => {
  const feed = { onBrand: () => () => undefined };
  const server = await createServer({ deps: app.app.deps, feed, pages: app.dataDir });
  await server.ready();
  const known = new Set(
    Object.values(ROUTES).map(
      (route) => API_BASE + (route.split(' ')[1] ?? '').replaceAll(/\{(\w+)\}/g, ':$1'),
    ),
  );
  const paths: string[] = [];
  const above: string[] = [];
  for (const line of server.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^(.*?)(?:├──|└──) (\S+)(.*)$/.exec(line);
    if (match === null) continue;
    const [, indent = '', part = '', methods = ''] = match;
    above.length = indent.length / 4;
    const path = `${above.join('')}${part}`;
    above.push(part);
    if (methods.includes('(')) paths.push(path);
  }
  await server.close();
  expect(paths.length).toBeGreaterThan(25);
  expect(paths.filter((path) => !known.has(path) && !(path in OTHER_ROUTES))).toEqual([]);
});
