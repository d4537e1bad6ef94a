import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PLAN } from '../../src/domain/quota.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { errorCode, field, send, textField } from '../support/http.ts';
import type { Answer } from '../support/http.ts';
import { sha256, standing, storageFaults, storedFiles } from '../support/state.ts';
import type { Standing } from '../support/state.ts';
import {
  DOORS,
  DOOR_NAMES,
  FORM_TYPE,
  assetOf,
  formBody,
  putRaw,
  sendCut,
  uploadsPath,
} from '../support/uploading.ts';
import type { Door, Offer } from '../support/uploading.ts';

let app: TestApp;
let before: Standing;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setPlan({});
  before = await standing(app);
});

const text = (length: number) => Buffer.from(randomBytes(length).toString('base64').slice(0, length));
const upload = (door: Door, offer: Offer) => DOORS[door](app, offer);

/** Nothing of a refused upload stays: no row, no file, no reserved byte; and the server goes on. */
async function expectNothingKept(): Promise<void> {
  await expect.poll(() => standing(app)).toEqual(before);
  expect((await send(`${app.url}/healthz`, 'GET')).status).toBe(200);
}

interface Refusal {
  readonly name: string;
  readonly doors?: readonly Door[];
  readonly offer: () => Offer;
  readonly plan?: Parameters<TestApp['setPlan']>[0];
  readonly status: number;
  readonly code: string;
}
const capped = { capBytes: { ...DEFAULT_PLAN.capBytes, document: 1000 } };
const digestOf = (bytes: Buffer) => `sha-256=:${Buffer.from(sha256(bytes), 'hex').toString('base64')}:`;
const KNOWN = Buffer.from('bytes with a known digest');

const REFUSALS: readonly Refusal[] = [
  {
    name: 'no bytes',
    offer: () => ({ bytes: Buffer.alloc(0), name: 'a.txt' }),
    status: 422,
    code: 'empty_file',
  },
  {
    name: 'no bytes, no length',
    doors: ['raw PUT'],
    offer: () => ({ bytes: Buffer.alloc(0), name: 'a.txt', chunked: true }),
    status: 422,
    code: 'empty_file',
  },
  { name: 'a name of dots', offer: () => ({ bytes: text(10), name: '..' }), status: 422, code: 'bad_name' },
  {
    name: 'a name of slashes',
    offer: () => ({ bytes: text(10), name: '//' }),
    status: 422,
    code: 'bad_name',
  },
  {
    name: 'an unknown type',
    offer: () => ({ bytes: text(10), name: 'a.txt', fields: { type: 'sculpture' } }),
    status: 400,
    code: 'invalid_input',
  },
  {
    name: 'a tag that is too long',
    offer: () => ({ bytes: text(10), name: 'a.txt', fields: { tags: 'x'.repeat(65) } }),
    status: 400,
    code: 'invalid_input',
  },
  {
    name: 'a wrong digest in hex',
    doors: ['raw PUT', 'form'],
    offer: () => ({ bytes: text(300_000), name: 'a.txt', headers: { 'x-content-sha256': sha256('other') } }),
    status: 422,
    code: 'digest_mismatch',
  },
  {
    name: 'a wrong Content-Digest',
    doors: ['raw PUT', 'form'],
    offer: () => ({ bytes: text(10), name: 'a.txt', headers: { 'content-digest': digestOf(text(9)) } }),
    status: 422,
    code: 'digest_mismatch',
  },
  {
    name: 'a digest that is none',
    doors: ['raw PUT', 'form'],
    offer: () => ({ bytes: text(10), name: 'a.txt', headers: { 'x-content-sha256': 'abc' } }),
    status: 400,
    code: 'bad_digest',
  },
  {
    name: 'two digests of which the second is wrong',
    doors: ['raw PUT', 'form'],
    offer: () => ({
      bytes: KNOWN,
      name: 'a.txt',
      headers: { 'x-content-sha256': sha256(KNOWN), 'content-digest': digestOf(text(9)) },
    }),
    status: 422,
    code: 'digest_mismatch',
  },
  {
    name: 'one byte over the cap',
    plan: capped,
    offer: () => ({ bytes: text(1001), name: 'a.txt' }),
    status: 413,
    code: 'over_cap',
  },
  {
    name: 'over the cap of what it is, under the cap of what its name says',
    plan: capped,
    offer: () => ({ bytes: text(1001), name: 'a.bin' }),
    status: 413,
    code: 'over_cap',
  },
  {
    name: 'over the cap without a length',
    doors: ['raw PUT'],
    plan: capped,
    offer: () => ({ bytes: text(400_000), name: 'a.txt', chunked: true }),
    status: 413,
    code: 'over_cap',
  },
  {
    name: 'over the quota',
    plan: { quotaBytes: 1000 },
    offer: () => ({ bytes: text(20_000_000), name: 'a.txt' }),
    status: 507,
    code: 'over_quota',
  },
  {
    name: 'over the quota without a length',
    doors: ['raw PUT'],
    plan: { quotaBytes: 9_000_000 },
    offer: () => ({ bytes: text(20_000_000), name: 'a.txt', chunked: true }),
    status: 507,
    code: 'over_quota',
  },
];

describe('refused', () => {
  const cases = REFUSALS.flatMap((refusal) =>
    (refusal.doors ?? DOOR_NAMES).map((door) => ({ door, ...refusal })),
  );
  it.each(cases)('$door: $name', async ({ door, offer, plan, status, code }) => {
    if (plan !== undefined) await app.setPlan(plan);
    const answer = await upload(door, offer());
    expect([answer.status, errorCode(answer)]).toEqual([status, code]);
    expect(textField(answer.json, 'error', 'message')).not.toBe('');
    await expectNothingKept();
  });

  it('over the quota, with figures and a way out', async () => {
    await app.setPlan({ quotaBytes: 1000 });
    const answer = await upload('raw PUT', { bytes: text(5000), name: 'a.txt' });
    expect(field(answer.json, 'error', 'details')).toEqual({
      limitBytes: 1000,
      usedBytes: before.used,
      reservedBytes: 0,
      neededBytes: 5000,
      missingBytes: 4000 + before.used,
      trashBytes: 0,
    });
    expect(textField(answer.json, 'error', 'remedy')).toMatch(/trash/);
    expect(textField(answer.json, 'error', 'message')).toMatch(/5\.0 kB do not fit: .* are missing/);
  });

  it('a form without a file, with two files, or torn', async () => {
    const post = (body: string) =>
      send(`${app.url}${uploadsPath(app)}`, 'POST', { key: app.key, headers: FORM_TYPE, body });
    const whole = formBody({ bytes: Buffer.from('x'), name: 'a.txt' }).toString();
    const noFile = whole.replace('; filename="a.txt"', '').replace('application/octet-stream', 'text/plain');
    for (const body of ['', noFile, whole.slice(0, 40), whole.slice(0, -20), 'no form at all']) {
      const answer = await post(body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      await expectNothingKept();
    }
    const none = await send(`${app.url}${uploadsPath(app)}`, 'POST', { key: app.key, json: { file: 'x' } });
    expect(none.status).toBe(400);
    await expectNothingKept();
  });
});

describe('cut off', () => {
  it.each([
    { door: 'raw PUT', size: 300_000 },
    { door: 'raw PUT', size: 5_000_000 },
    { door: 'form', size: 300_000 },
    { door: 'form', size: 5_000_000 },
  ] as const)('$door of $size bytes leaves nothing, wherever it stops', async ({ door, size }) => {
    // A form whose last byte is missing has lost a part of its closing line; the file before it is whole.
    for (const share of door === 'form' ? [0, 0.01, 0.5, 0.99] : [0, 0.01, 0.5, 0.99, 1]) {
      const offer = { bytes: text(size), name: 'cut.txt' };
      await sendCut(app, {
        ...(door === 'form'
          ? { method: 'POST', path: uploadsPath(app), headers: FORM_TYPE, body: formBody(offer) }
          : { method: 'PUT', path: `${uploadsPath(app)}?name=cut.txt`, headers: {}, body: offer.bytes }),
        share,
      });
      await expectNothingKept();
    }
  });

  it('keeps the announced length when more is sent, and refuses it by its digest', async () => {
    const bytes = text(2000);
    const answer = await send(`${app.url}${uploadsPath(app)}?name=more.txt`, 'PUT', {
      key: app.key,
      headers: { 'content-length': '1000', 'x-content-sha256': sha256(bytes) },
      body: bytes.subarray(0, 1000),
    });
    expect([answer.status, errorCode(answer)]).toEqual([422, 'digest_mismatch']);
    await expectNothingKept();
  });

  it('after its last byte is whole, though nobody waits for the answer', async () => {
    const bytes = text(200_000);
    const waiting = putRaw(app, { bytes, name: 'left.txt' }).catch(() => undefined);
    await waiting;
    const whole = text(150_000);
    const outgoing = send(`${app.url}${uploadsPath(app)}?name=left2.txt`, 'PUT', {
      key: app.key,
      body: whole,
    });
    await pause(5);
    void outgoing.catch(() => undefined);
    await expect.poll(async () => (await standing(app)).assets).toBe(before.assets + 2);
    expect(await storageFaults(app.app.deps.database, app.dataDir)).toEqual([]);
  });
});

describe('accepted', () => {
  it.each(DOOR_NAMES)('%s keeps every byte, its digest and its fields', async (door) => {
    const bytes = randomBytes(1_234_567);
    const fields = { description: 'two\nlines', sceneHint: 'a hint', tags: 'Sea,evening', type: 'texture' };
    const id = assetOf(await upload(door, { bytes, name: 'Sea Wall.dat', fields }));
    const asset = await app.client.call('assets.get', { b: 'default', id });
    expect(asset).toMatchObject({
      name: 'Sea Wall',
      fileName: 'Sea Wall.dat',
      size: bytes.length,
      sha256: sha256(bytes),
    });
    expect(asset).toMatchObject({ ...fields, tags: ['sea', 'evening'] });
    const file = await send(`${app.url}${asset.file}`, 'GET', { key: app.key });
    expect(file.bytes.equals(bytes)).toBe(true);
  });

  it.each(DOOR_NAMES)('%s: exactly the cap', async (door) => {
    await app.setPlan(capped);
    expect(assetOf(await upload(door, { bytes: text(1000), name: 'a.txt' }))).toMatch(/^AST-/);
  });

  it.each([1, 65_535, 65_536, 65_537, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (5 << 20) + 1])(
    'a body of %i bytes, with and without a length',
    async (size) => {
      for (const chunked of [true, false]) {
        const bytes = randomBytes(size);
        const answer = await putRaw(app, { bytes, name: 'edge.dat', chunked });
        expect(textField(answer.json, 'sha256')).toBe(sha256(bytes));
      }
      expect((await standing(app)).reserved).toBe(0);
    },
  );

  it.each([
    { header: 'x-content-sha256', value: sha256(KNOWN) },
    { header: 'x-content-sha256', value: sha256(KNOWN).toUpperCase() },
    { header: 'content-digest', value: digestOf(KNOWN) },
    { header: 'content-digest', value: `md5=:AAAAAAAAAAAAAAAAAAAAAA==:, ${digestOf(KNOWN)}` },
  ])('a right digest in $header: $value', async ({ header, value }) => {
    const answer = await putRaw(app, { bytes: KNOWN, name: 'a.txt', headers: { [header]: value } });
    expect(answer.status).toBeLessThan(300);
  });

  const NAMES: readonly { sent: string; kept: string }[] = [
    { sent: `${'n'.repeat(296)}.txt`, kept: `${'n'.repeat(248)}….txt` },
    { sent: '../../etc/passwd', kept: 'passwd' },
    { sent: 'C:\\Windows\\system.ini', kept: 'system.ini' },
    { sent: 'null\u0000byte.txt', kept: 'null byte.txt' },
    { sent: 'two\r\nset-cookie: a=b', kept: 'two set-cookie: a=b' },
    { sent: 'sunset 🌅 family 👨‍👩‍👧.txt', kept: 'sunset 🌅 family 👨‍👩‍👧.txt' },
    { sent: 'invoice\u202Efdp.exe', kept: 'invoice fdp.exe' },
    { sent: 'שלום עולם.txt', kept: 'שלום עולם.txt' },
    { sent: 'e\u0301tude.txt', kept: 'étude.txt' },
    { sent: 'CON', kept: 'CON' },
    { sent: '-rf', kept: '-rf' },
    { sent: 'quote"; filename="other', kept: 'quote"; filename="other' },
  ];
  it.each(NAMES)('a name as text: $kept', async ({ sent, kept }) => {
    const bytes = text(50);
    const answer = await putRaw(app, { bytes, name: sent });
    expect([answer.status, textField(answer.json, 'fileName')]).toEqual([201, kept]);
    const file = await send(`${app.url}${textField(answer.json, 'file')}`, 'GET', { key: app.key });
    const disposition = String(file.headers['content-disposition']);
    const [, encoded = ''] = /filename\*=UTF-8''(\S+)$/.exec(disposition) ?? [];
    expect(decodeURIComponent(encoded)).toBe(kept);
    expect(file.headers['set-cookie']).toBeUndefined();
    expect(disposition).toMatch(/^(inline|attachment); filename="[\x20-\x7e]*"; filename\*=/);
  });

  it('keeps no word of a person in a key of the storage', async () => {
    const key = /^[0-9a-f-]{36}\/assets\/[a-z0-9]+\/AST-[0-9A-Z]{8}(_v\d+(_\w+)*)?\.[a-z0-9]+$/;
    const files = await storedFiles(app.dataDir);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !key.test(file))).toEqual([]);
  });
});

describe('the same bytes again', () => {
  const again = (fields: Record<string, string>, bytes: Buffer, door: Door = 'raw PUT'): Promise<Answer> =>
    upload(door, { bytes, name: 'twin.txt', fields });

  it.each(DOOR_NAMES)(
    '%s: reuse answers the asset, version adds one to it, keep makes another',
    async (door) => {
      const bytes = text(500);
      const first = assetOf(await again({}, bytes, door));
      expect(assetOf(await again({}, bytes, door))).toBe(first);
      expect(assetOf(await again({ onDuplicate: 'reuse' }, bytes, door))).toBe(first);
      expect((await app.client.call('assets.get', { b: 'default', id: first })).versionCount).toBe(1);
      expect(assetOf(await again({ onDuplicate: 'version' }, bytes, door))).toBe(first);
      expect((await app.client.call('assets.get', { b: 'default', id: first })).versionCount).toBe(2);
      expect(assetOf(await again({ onDuplicate: 'keep' }, bytes, door))).not.toBe(first);
      const after = await standing(app);
      expect([after.assets - before.assets, after.versions - before.versions]).toEqual([2, 3]);
      expect([after.used - before.used, after.reserved]).toEqual([1500, 0]);
    },
  );

  it('thirty at once with reuse become one asset and one file', async () => {
    for (const size of [700, 200_000]) {
      const start = await standing(app);
      const bytes = text(size);
      const doors: Door[] = Array.from({ length: 30 }, (_, i) => DOOR_NAMES[i % 3] ?? 'form');
      const answers = await Promise.all(doors.map((door) => again({}, bytes, door)));
      expect(new Set(answers.map(assetOf)).size).toBe(1);
      expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
      const after = await standing(app);
      expect([after.assets - start.assets, after.files.length - start.files.length]).toEqual([1, 1]);
      expect([after.used - start.used, after.reserved, after.reservations]).toEqual([size, 0, 0]);
    }
  });

  it('twenty at once with keep become twenty, and twenty versions get twenty numbers', async () => {
    const bytes = text(900);
    const kept = await Promise.all(Array.from({ length: 20 }, () => again({ onDuplicate: 'keep' }, bytes)));
    expect(new Set(kept.map(assetOf)).size).toBe(20);
    const id = assetOf(kept[0] ?? (await again({}, bytes)));
    const path = `${app.url}/api/v1/brands/default/assets/${id}/versions`;
    const added = await Promise.all(
      Array.from({ length: 20 }, () => send(path, 'PUT', { key: app.key, body: text(100) })),
    );
    expect(added.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 201));
    const versions = await app.client.call('versions.list', { b: 'default', id });
    expect(versions.items.map((item) => item.n)).toEqual(Array.from({ length: 21 }, (_, i) => 21 - i));
    expect(await storageFaults(app.app.deps.database, app.dataDir)).toEqual([]);
  });

  it('whose twin lies in the trash become a new asset, and outlive the purge of the twin', async () => {
    for (const mode of ['reuse', 'version', 'keep']) {
      const bytes = text(400);
      const first = assetOf(await again({}, bytes));
      await app.client.call('assets.trash', { b: 'default', id: first });
      const second = assetOf(await again({ onDuplicate: mode }, bytes));
      expect(second).not.toBe(first);
      await app.client.call('trash.purge', { b: 'default', id: first });
      const { file } = await app.client.call('assets.get', { b: 'default', id: second });
      const read = await send(`${app.url}${file}`, 'GET', { key: app.key });
      expect(read.bytes.equals(bytes)).toBe(true);
    }
  });

  it('are told before any byte travels', async () => {
    const bytes = text(600);
    const id = assetOf(await again({}, bytes));
    const check = await app.client.call('uploads.check', {
      b: 'default',
      files: [
        { sha256: sha256(bytes), size: 600, name: 'twin.txt' },
        { sha256: sha256('unknown'), size: 700, name: 'new.txt' },
        { size: 0, name: 'empty.txt' },
      ],
    });
    expect(check.files.map((file) => [file.known?.id, file.refusal?.code])).toEqual([
      [id, undefined],
      [undefined, undefined],
      [undefined, 'empty_file'],
    ]);
    expect(check.room).toMatchObject({ neededBytes: 700, fits: true });
  });
});
