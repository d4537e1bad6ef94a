import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchBrowser, signedIn, startProgram, upload, watch } from './support.ts';
import type { Cookies, Program, Watch } from './support.ts';

/** The program under test, with a library of its own. */
export let program: Program;
export let browser: Browser;
/** The session of the owner. */
export let cookies: Cookies;
/** Of the test that runs; signed in, its base the program. */
export let context: BrowserContext;
export let page: Page;

export interface Stage {
  readonly settings?: Readonly<Record<string, string>>;
  readonly context?: BrowserContextOptions;
  /** Fills the library before the first test, in a context that is signed in. */
  readonly fill?: (first: BrowserContext, visit: Page) => Promise<void>;
}

/**
 * Sets up what the tests of a file play on: one program and one browser, and for each test a page of its own, which must
 * throw no error and ask nobody else for anything.
 */
export function stage({ settings, context: options, fill }: Stage = {}): void {
  let seen: Watch;
  beforeAll(async () => {
    [program, browser] = await Promise.all([startProgram(settings), launchBrowser()]);
    const first = await browser.newContext({ baseURL: program.url });
    const visit = await first.newPage();
    await visit.goto(program.signInLink);
    await visit.waitForURL(/\/library/);
    cookies = await first.cookies();
    await fill?.(first, visit);
    await first.close();
  });
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });
  beforeEach(async () => {
    context = await signedIn(browser, cookies, { baseURL: program.url, ...options });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    seen = watch(page, program.url);
  });
  afterEach(async () => {
    await context.close();
    expect(seen).toEqual({ errors: [], outside: [] });
  });
}

/** Uploads through the API; answers the asset's id. */
export function put(name: string, body: Buffer, query = ''): Promise<string> {
  return upload(context, program.url, { name, body, query });
}

/** An asset as the API tells it. */
export async function read(id: string) {
  return (await context.request.get(`/api/v1/brands/default/assets/${id}`)).json();
}

/** Resolves when the server has looked at the bytes of an asset. */
export async function understood(id: string): Promise<void> {
  await expect.poll(async () => (await read(id)).state).not.toBe('processing');
}
