import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { makeFixtures } from '../../scripts/fixtures.js';
import { RUNNING_MOTION, SCROLLS_BOTH_WAYS } from './in-page.ts';
import { launchBrowser, signedIn, startProgram, upload, violations, watch } from './support.ts';
import type { Program, Watch } from './support.ts';

/** The extremes of a screen, each judged in both themes; the third is a desk of 1440 pixels at 200 %. */
const LOOKS = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  zoomed: { width: 720, height: 450 },
} as const;
const SOON = { timeout: 30_000, interval: 100 };

let program: Program;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let seen: Watch;
let guest: BrowserContext;
const made: Record<string, string> = {};

const api = async (where: string, data: object): Promise<Record<string, string>> => {
  const answer = await context.request.post(`${program.url}/api/v1/brands/default${where}`, {
    data,
    headers: { origin: program.url },
  });
  if (!answer.ok()) throw new Error(`${where}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
};

/** One of each thing that is shown in a way of its own. */
const SAMPLES: Readonly<Record<string, string>> = {
  picture: 'image/sunset-beach.jpg',
  film: 'video/very-short.mp4',
  sound: 'audio/phrase.mp3',
  document: 'document/one-page.pdf',
  font: 'other/blocks.ttf',
  model: 'other/triangle.glb',
  'colour table': 'other/warm.cube',
  'damaged file': 'bad/truncated.png',
};

beforeAll(async () => {
  const folder = await makeFixtures();
  [program, browser] = await Promise.all([startProgram(), launchBrowser()]);
  const first = await browser.newContext();
  await first.request.get(program.signInLink);
  context = await signedIn(browser, await first.cookies(), { reducedMotion: 'reduce' });
  guest = await browser.newContext({ reducedMotion: 'reduce' });
  page = await context.newPage();
  page.setDefaultTimeout(SOON.timeout);
  seen = watch(page, program.url);
  for (const [name, file] of Object.entries(SAMPLES)) {
    const body = await readFile(path.join(folder, file));
    made[name] = await upload(context, program.url, { name: path.basename(file), body });
  }
  const gone = await upload(context, program.url, { name: 'Gone.txt', body: Buffer.from('Gone') });
  await api('/assets/bulk', { select: { ids: [gone] }, change: { trash: true } });
  made['collection'] = (await api('/collections', { name: 'For the client' }))['id'] ?? '';
  await api(`/collections/${made['collection']}/members`, { select: { ids: [made['picture']] } });
  await api('/searches', { name: 'Only pictures', filter: { mediaType: ['image'] } });
  made['share'] = (await api('/shares', { collection: made['collection'] }))['url'] ?? '';
  made['locked'] = (await api('/shares', { asset: made['picture'], password: 'open sesame' }))['url'] ?? '';
  const waiting = async () => {
    const answer = await context.request.get(`${program.url}/api/v1/brands/default/assets?state=processing`);
    return ((await answer.json()) as { items: unknown[] }).items.length;
  };
  await vi.waitUntil(async () => (await waiting()) === 0, { timeout: 100_000, interval: 200 });
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

interface Place {
  readonly at: string | (() => string);
  /** Until there is something to be judged; what has to be opened first is opened. */
  readonly open: (page: Page) => Promise<unknown>;
}

const region = (name: string) => (on: Page) => on.getByRole('region', { name });
const uploads = region('Uploads');
const trash = region('Trash');
const card = (on: Page) => on.getByRole('option').first().waitFor();
const heading = (name: string | RegExp) => (on: Page) => on.getByRole('heading', { name }).first().waitFor();
const press = (key: string, until: (on: Page) => Promise<unknown>) => async (on: Page) => {
  await card(on);
  await on.keyboard.press(key);
  await until(on);
};
const shared = (name: string) => () => new URL(made[name] ?? '', program.url).pathname;

const PLACES: Readonly<Record<string, Place>> = {
  'the library': { at: '/library', open: card },
  'the library in groups': { at: '/library?by=type', open: card },
  'a search without matches': { at: '/library?q=nothing+like+it', open: heading('Nothing matches') },
  'a saved search': { at: '/library?mediaType=image', open: card },
  'a selection': {
    at: '/library',
    open: press('Control+a', (on) => on.getByRole('toolbar', { name: /selected/ }).waitFor()),
  },
  'the quick preview': {
    at: '/library',
    open: press('ArrowRight', async (on) => {
      await on.keyboard.press('Space');
      await on.getByRole('region', { name: 'Preview' }).waitFor();
    }),
  },
  'the filters': {
    at: '/library',
    open: async (on) => {
      await card(on);
      await on.getByRole('button', { name: /^(Filters|More)\b/ }).click();
      await on.getByRole('dialog').waitFor();
    },
  },
  'the uploads': {
    at: '/library',
    open: async (on) => {
      await card(on);
      await on.getByRole('button', { name: 'Upload', exact: true }).click();
      await uploads(on)
        .getByRole('button', { name: /^Details/ })
        .click();
      await uploads(on).getByText('Collection', { exact: true }).waitFor();
    },
  },
  'the trash, one selected': {
    at: '/library',
    open: async (on) => {
      await card(on);
      await trash(on)
        .getByRole('button', { name: /^Trash/ })
        .click();
      await trash(on).getByLabel('Select Gone').check();
      await trash(on).getByRole('button', { name: 'Delete 1 for ever' }).waitFor();
    },
  },
  'the advisor': {
    at: '/library',
    open: async (on) => {
      await region('Storage')(on).getByRole('button', { name: 'Free up space' }).click();
      await on.getByRole('dialog', { name: 'Free up space' }).waitFor();
    },
  },
  'the palette': {
    at: '/library',
    open: press('Control+k', async (on) => {
      await on.getByLabel('Go to or do').fill('/client');
      await on.getByRole('option', { name: /For the client/ }).waitFor();
    }),
  },
  'the shortcuts': {
    at: '/library',
    open: press('?', (on) => on.getByRole('dialog', { name: 'Shortcuts' }).waitFor()),
  },
  duplicates: { at: '/duplicates', open: heading('Duplicates') },
  'the activity': { at: '/activity', open: (on) => on.getByText('Moved to trash').first().waitFor() },
  'the settings': { at: '/settings', open: heading('What this server can do') },
  collections: { at: '/collections', open: heading('Collections') },
  'a collection': { at: () => `/collections/${made['collection']}`, open: card },
  'no such page': { at: '/nowhere', open: heading('There is no such page') },
  'no access': { at: '/library?brand=others', open: heading('No access') },
  ...Object.fromEntries(
    Object.keys(SAMPLES).map((kind) => [
      `the details of: ${kind}`,
      {
        at: () => `/library/${made[kind]}`,
        open: (on: Page) =>
          on
            .getByRole('button', { name: /^Close/ })
            .first()
            .waitFor(),
      },
    ]),
  ),
  'no answer for the library': {
    at: '/library',
    open: async (on) => {
      await on.route('**/assets/groups**', (route) => route.fulfill({ status: 500, body: '{}' }));
      await on.reload();
      await heading('The library could not be read')(on);
    },
  },
  'the server away': {
    at: '/library',
    open: async (on) => {
      await card(on);
      await on.route('**/api/**', (route) => route.abort());
      await on.getByRole('button', { name: 'Upload', exact: true }).focus();
      await on.evaluate("dispatchEvent(new Event('offline'))");
    },
  },
};
const OUTSIDE: Readonly<Record<string, Place>> = {
  'a share link': { at: shared('share'), open: (on) => on.locator('.share-card').first().waitFor() },
  'a share link with a password': {
    at: shared('locked'),
    open: heading('This link asks for a password'),
  },
  'a share link that was turned off': { at: '/s/none', open: heading('This link leads nowhere') },
  'signing in': { at: '/library', open: heading('Sign in to Backlot') },
};

/** Everything at once, so that one run tells all that is wrong with a place. */
async function faultsOf(on: Page, { at, open }: Place): Promise<string[]> {
  const faults: string[] = [];
  for (const [look, size] of Object.entries(LOOKS)) {
    await on.setViewportSize(size);
    await on.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await on.goto(program.url + (typeof at === 'string' ? at : at()));
    await open(on);
    const both = await on.evaluate<string[]>(SCROLLS_BOTH_WAYS);
    faults.push(...both.map((where) => `${look}: scrolls both ways: ${where}`));
    const moving = await on.evaluate<string[]>(RUNNING_MOTION);
    faults.push(...moving.map((what) => `${look}: moves although motion is not wanted: ${what}`));
    if (look !== 'zoomed') {
      faults.push(...(await violations(on)).map((fault) => `${look}, dark: ${fault}`));
      await on.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      faults.push(...(await violations(on, ['color-contrast'])).map((fault) => `${look}, light: ${fault}`));
    }
    await on.unrouteAll();
  }
  return faults;
}

describe('49: no violation, no motion and no scrolling sideways', () => {
  test.each(Object.entries(PLACES))('%s', async (_, place) => {
    expect(await faultsOf(page, place)).toEqual([]);
    expect(seen).toEqual({ errors: [], outside: [] });
  });
  test.each(Object.entries(OUTSIDE))('%s', async (_, place) => {
    const outside = await guest.newPage();
    expect(await faultsOf(outside, place)).toEqual([]);
    await outside.close();
  });
});
