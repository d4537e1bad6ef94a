import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationName } from '../../src/contract/routes.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { addressOf, field, send, textField } from '../support/http.ts';
import type { Sending } from '../support/http.ts';
import { assetOf, postForm, putRaw } from '../support/uploading.ts';

let app: TestApp;
let asset: string;
beforeAll(async () => {
  app = await startApp();
  asset = assetOf(await putRaw(app, { bytes: Buffer.from('kept as it is'), name: 'kept.txt' }));
});
afterAll(() => app.close());

function ask(name: OperationName, sending: Sending & { query?: string } = {}) {
  const { method, path } = addressOf(name, { b: 'default', id: asset });
  return send(`${app.url}${path}${sending.query ?? ''}`, method, { key: app.key, ...sending });
}

const namedFields = (answer: { json: unknown }) => {
  const details = field(answer.json, 'error', 'details');
  return Array.isArray(details) ? details.map((detail: unknown) => textField(detail, 'field')) : [];
};

describe('a field that nobody knows', () => {
  it.each([
    ['assets.list', { query: '?nonsense=1' }, 'nonsense'],
    ['assets.get', { query: '?nonsense=1' }, 'nonsense'],
    ['files.get', { query: '?versoin=1' }, 'versoin'],
    ['session.get', { query: '?nonsense=1' }, 'nonsense'],
    ['assets.update', { json: { nmae: 'x' } }, 'nmae'],
    ['uploads.put', { query: '?titel=x', body: 'new' }, 'titel'],
    ['uploads.check', { json: { files: [{ size: 1, name: 'a', sha: 'x' }] } }, 'files.0.sha'],
    [
      'assets.bulk',
      { json: { select: { filter: { typ: ['logo'] } }, change: { trash: true } } },
      'select.filter.typ',
    ],
    ['assets.bulk', { json: { select: { ids: ['AST-00000000'] }, change: { tarsh: true } } }, 'change.tarsh'],
    [
      'assets.bulk',
      { json: { select: { filter: { type: ['logo'] } }, change: { set: { tpye: 'logo' } } } },
      'change.set.tpye',
    ],
    [
      'assets.bulk',
      { json: { select: { ids: ['AST-00000000'], filter: {} }, change: { trash: true } } },
      'select.filter',
    ],
  ] as const)('is refused by %s %j', async (name, sending, unknown) => {
    const answer = await ask(name, sending);
    expect(answer.status).toBe(400);
    expect(namedFields(answer)).toEqual([unknown]);
    expect(textField(answer.json, 'error', 'message')).toContain(unknown);
  });

  it('is refused in a form', async () => {
    const answer = await postForm(app, { bytes: Buffer.from('x'), name: 'x.txt', fields: { tag: 'a' } });
    expect([answer.status, namedFields(answer)]).toEqual([400, ['tag']]);
  });
});

describe('a selection by an empty filter', () => {
  const change = { addTags: ['everything'] };

  it.each([{}, { type: [] }, { q: ' ' }, { tagMode: 'all' }])(
    'needs a word that it is meant: %j',
    async (filter) => {
      const refused = await ask('assets.bulk', { json: { select: { filter }, change } });
      expect([refused.status, namedFields(refused)]).toEqual([400, ['select.all']]);
      expect(textField(refused.json, 'error', 'message')).toContain('"all": true');
      const meant = await ask('assets.bulk', { json: { select: { filter, all: true }, change, plan: true } });
      expect([meant.status, field(meant.json, 'matched')]).toEqual([200, 1]);
    },
  );

  it('changes nothing when refused', async () => {
    expect(field((await ask('assets.get')).json, 'tags')).toEqual([]);
  });
});
