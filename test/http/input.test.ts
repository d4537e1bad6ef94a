import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_BASE, ROUTES } from '../../src/contract/routes.ts';
import type { OperationName } from '../../src/contract/routes.ts';
import { createSignInLink } from '../../src/services/credentials.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { addressOf, send, textField } from '../support/http.ts';
import type { Sending } from '../support/http.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

let app: TestApp;
let asset: string;
beforeAll(async () => {
  app = await startApp();
  asset = assetOf(await putRaw(app, { bytes: Buffer.from('some words'), name: 'some words.txt' }));
});
afterAll(() => app.close());

const names = Object.keys(ROUTES) as OperationName[];
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function ask(
  name: OperationName,
  sending: Sending & { query?: string; values?: Record<string, string> } = {},
) {
  const { method, path } = addressOf(name, {
    b: 'default',
    id: asset,
    name: 'thumbnail',
    n: 1,
    token: 'x',
    ...sending.values,
  });
  return send(`${app.url}${path}${sending.query ?? ''}`, method, { key: app.key, ...sending });
}

/** Refused or harmless, never a fault of the server, and no word of the database or of a file. */
async function expectInert(answer: Awaited<ReturnType<typeof send>>, what: unknown): Promise<void> {
  expect(answer.status, `${JSON.stringify(what)}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(|select |syntax error/);
}

describe('parts of a path', () => {
  const parts = [
    '\u0000',
    'a\u0000b',
    '%',
    '%00',
    '..',
    '../..',
    "' or 1=1 --",
    '🌅',
    'x'.repeat(1900),
    'AST-',
    '-1',
    '0',
    '1e9',
    '99999999999',
    '9'.repeat(40),
    ' ',
  ];
  it.each(names.filter((name) => ROUTES[name].includes('{') && name !== 'events.stream'))(
    '%s',
    async (name) => {
      for (const part of ['b', 'id', 'name', 'n', 'token'].filter((one) =>
        ROUTES[name].includes(`{${one}}`),
      )) {
        for (const value of parts) {
          await expectInert(await ask(name, { values: { [part]: value } }), [part, value]);
        }
      }
    },
  );
});

it('names no brand by what no name can be, for an owner who may enter all', async () => {
  const signedIn = await send(await createSignInLink(app.app.deps), 'GET');
  const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  for (const b of ['\u0000', 'a\u0000', "'", '..', '🌅', 'x'.repeat(1900)]) {
    const { method, path } = addressOf('assets.list', { b });
    const answer = await send(`${app.url}${path}`, method, { headers: { cookie } });
    expect([b, answer.status]).toEqual([b, 404]);
  }
});

describe('a query', () => {
  const values: Readonly<Record<string, readonly string[]>> = {
    q: [
      '%00',
      'a%00',
      '%25',
      '%5C',
      "'",
      '"',
      '%27%27',
      ':*',
      '%26',
      '!',
      '(',
      'a%20%26%20',
      '%F0%9F%8C%85',
      '%ED%A0%80',
      '%',
      `${'a%20'.repeat(120)}`,
      '%E2%80%AE',
    ],
    tag: ['%00', 'a%00b', '%27', '{}', '%22', ','],
    month: ['2026-13', '2026-00', '0000-01', '9999-12', '%00'],
    createdAfter: ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-02-30T00:00:00Z', '%00', '-1'],
    usedSince: ['0001-01-01T00:00:00Z', '2026-11-21T24:00:00Z'],
    minSize: ['9007199254740991', '9007199254740993', '1e300', '-1', 'NaN', 'Infinity', '0x10', '%00'],
    minWidth: ['2147483648', '9007199254740991'],
    maxHeight: ['2147483648'],
    minDuration: ['1e308', '1e309', '-0', 'NaN'],
    offset: ['9007199254740991', '10001', '-1'],
    limit: ['0', '501', '1.5', ''],
    sort: ['created desc', 'name;', '--', 'size'],
    after: [
      '%00',
      'x',
      encode([null, '']),
      encode(['2026-01-01T00:00:00Z', 'x']),
      encode(['infinity', 'x']),
      encode(['not a date', 'x']),
      encode([1e300, 'x']),
      encode([1.5, 'x']),
      encode(['\u0000', '\u0000']),
      encode(['2026-01-01T00:00:00Z', '\u0000']),
      encode([{}, []]),
      encode(['a', 'b', 'c']),
    ],
    tagMode: ['none', '__proto__'],
    __proto__: ['x'],
    constructor: ['x'],
  };
  const lists: readonly OperationName[] = [
    'assets.list',
    'assets.groups',
    'assets.facets',
    'assets.labels',
    'trash.list',
    'operations.list',
    'assets.history',
  ];
  it.each(lists)('of %s', async (name) => {
    for (const [field, texts] of Object.entries(values)) {
      for (const text of texts) {
        for (const more of [
          '',
          '&q=wo',
          '&sort=-size&q=some',
          '&sort=name',
          '&sort=-used',
          '&sort=uses&tag=a',
        ]) {
          const query = `?by=type&${field}=${text}${name === 'assets.list' ? more : ''}`;
          await expectInert(await ask(name, { query }), [name, query]);
        }
      }
    }
  });

  it.each(['files.get', 'files.thumbnail'] as const)('of %s', async (name) => {
    for (const version of ['0', '-1', '2147483648', '9007199254740991', '1e300', '%00', 'x']) {
      await expectInert(await ask(name, { query: `?version=${version}` }), version);
    }
  });

  it('may hold any text to search for', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), fc.boolean(), async (text, asTag) => {
        const wellFormed = text.replaceAll(
          /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
          '',
        );
        const answer = await ask('assets.list', {
          query: `?count=true&${asTag ? 'tag' : 'q'}=${encodeURIComponent(wellFormed)}`,
        });
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});

describe('a body', () => {
  const bodies: readonly string[] = [
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '42',
    '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}',
    '{"name":"a","name":"b"}',
    '{"name":"\\u0000"}',
    '{"name":"\\ud800"}',
    '{"description":"a\\u0000b","sceneHint":"\\u0000","tags":["a\\u0000b"]}',
    '{"rating":1e400}',
    '{"rating":2.5}',
    '{"revision":9007199254740993}',
    `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    `{"tags":${JSON.stringify(Array.from({ length: 201 }, (_, i) => `t${i}`))}}`,
    `{"description":"${'x'.repeat(20_001)}"}`,
    '{"select":{"ids":["\\u0000"]},"change":{"trash":true}}',
    '{"select":{"filter":{"q":"\\u0000"}},"change":{"addTags":["\\u0000"]},"plan":true}',
    '{"select":{"filter":{"tag":["\\u0000"]}},"change":{"addTags":["x"]},"plan":true}',
    '{"select":{"filter":{"month":"2026-99"}},"change":{"addTags":["x"]},"plan":true}',
    '{"select":{"filter":{"minWidth":9999999999}},"change":{"addTags":["x"]},"plan":true}',
    '{"apply":"\\u0000"}',
    '{"bytes":9007199254740991}',
    '{"bytes":9007199254740993}',
    '{"bytes":1,"b":"\\u0000"}',
    '{"version":9007199254740991}',
    '{"version":2147483648,"rendition":"thumbnail"}',
    '{"files":[{"size":9007199254740991,"name":"\\u0000"}]}',
    '{"files":[{"size":1,"name":".."},{"size":0,"name":""}]}',
    '{"name":"\\u0000","role":"viewer"}',
  ];
  const writing = names.filter(
    (name) =>
      /^(POST|PATCH|PUT)/.test(ROUTES[name]) && !/^(uploads\.(put|form|resumable)|versions\.add)/.test(name),
  );

  it.each(writing)('of %s that is malformed, hostile or too large', async (name) => {
    for (const body of bodies) {
      const answer = await ask(name, { body, headers: { 'content-type': 'application/json' } });
      await expectInert(answer, body.slice(0, 200));
    }
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it('over the limit is refused with a word on it', async () => {
    const answer = await ask('assets.bulk', { json: { select: { ids: ['x'.repeat(5 << 20)] } } });
    expect([answer.status, textField(answer.json, 'error', 'code')]).toEqual([413, 'too_many']);
  });

  it('of another type changes nothing', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data']) {
      const headers = { 'content-type': type };
      await expectInert(await ask('assets.update', { body: '{"name":"taken"}', headers }), type);
    }
    expect(textField((await ask('assets.get')).json, 'name')).not.toBe('taken');
  });
});

describe('fields of an upload', () => {
  it('may say anything and are kept clean or refused', async () => {
    const hostile = [
      '\u0000',
      'a\u0000b',
      '\u202e',
      '\r\nx: y',
      '<script>',
      '=1+1',
      "'; drop table asset; --",
      '\ufffe',
      'x'.repeat(1001),
    ];
    for (const text of hostile) {
      for (const field of [
        'title',
        'description',
        'sceneHint',
        'tags',
        'type',
        'source',
        'onDuplicate',
        'mustInclude',
        'other',
      ]) {
        const answer = await putRaw(app, {
          bytes: Buffer.from(`${field}${text}`),
          name: 'h.txt',
          fields: { [field]: text },
        });
        await expectInert(answer, [field, text]);
        if (answer.status === 201) {
          const kept = JSON.stringify(
            ['name', 'description', 'sceneHint', 'tags'].map((one) => Reflect.get(Object(answer.json), one)),
          );
          expect(kept).not.toMatch(/\\u0000|\u202e|\\r/);
        }
      }
    }
  });

  it('of any content type and any declared name leave the server alive', async () => {
    for (const type of [
      '',
      'x'.repeat(5000),
      'text/html',
      'application/json',
      'multipart/form-data',
      '\u00ff',
    ]) {
      const answer = await putRaw(app, {
        bytes: Buffer.from(`of ${type}`),
        name: 'any',
        headers: { 'content-type': type },
      });
      expect([201, 400]).toContain(answer.status);
    }
    expect((await send(`${app.url}${API_BASE}/session`, 'GET', { key: app.key })).status).toBe(200);
  });
});
