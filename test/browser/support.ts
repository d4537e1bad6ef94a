import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The built program as people start it, with an empty library of its own. */
export interface Program {
  readonly url: string;
  /** Opens a session once. */
  readonly signInLink: string;
  /** Runs a command of the program on the same data. */
  command(...args: string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startProgram(settings: Readonly<Record<string, string>> = {}): Promise<Program> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'backlot-page-'));
  const child = spawn(process.execPath, [path.join(root, 'dist/src/main.js'), 'start'], {
    env: { ...process.env, BACKLOT_DATA_DIR: dataDir, BACKLOT_PORT: '0', BACKLOT_LOG: 'error', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const signInLink = await readLink(child);
  return {
    url: new URL(signInLink).origin,
    signInLink,
    async command(...args) {
      const run = spawn(process.execPath, [path.join(root, 'dist/src/main.js'), ...args], {
        env: { ...process.env, BACKLOT_DATA_DIR: dataDir },
        stdio: 'ignore',
      });
      const [code] = (await once(run, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function readLink(child: ChildProcess): Promise<string> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  for (let waited = 0; waited < 60_000 && child.exitCode === null; waited += 50) {
    const link = /http\S+\/sign-in\/\S+/.exec(said)?.[0];
    if (link !== undefined) return link;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`The program did not start:\n${said}`);
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? BROWSERS.find((file) => existsSync(file));
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

/** What a page did that no page of ours may do. */
export interface Watch {
  readonly errors: string[];
  /** Requests to any other origin. */
  readonly outside: string[];
}

export function watch(page: Page, origin: string): Watch {
  const seen: Watch = { errors: [], outside: [] };
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    // A refused content policy is told on the console only.
    if (message.type() === 'error' && /policy|violat/i.test(message.text())) seen.errors.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) seen.outside.push(request.url());
  });
  return seen;
}

export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** A signed-in browser context; the cookie comes from the first. */
export async function signedIn(
  browser: Browser,
  cookies: Cookies,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await context.addCookies(cookies);
  return context;
}

/** Uploads through the API as the page's own session; answers the asset's id. */
export async function upload(
  context: BrowserContext,
  url: string,
  file: { name: string; body: Buffer; query?: string },
) {
  const answer = await context.request.put(
    `${url}/api/v1/brands/default/uploads?name=${encodeURIComponent(file.name)}${file.query ?? ''}`,
    { data: file.body, headers: { origin: url, 'content-type': 'application/octet-stream' } },
  );
  if (!answer.ok()) throw new Error(`upload of ${file.name}: ${answer.status()} ${await answer.text()}`);
  const { id } = (await answer.json()) as { id: string };
  return id;
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Violations of WCAG 2.2 AA on the page as it is now, one line each; of these rules alone when some are named. */
export async function violations(page: Page, rules: readonly string[] = []): Promise<string[]> {
  // A script element would be refused by the content policy; evaluate is not one.
  await page.evaluate(await axeSource);
  // What is still fading in has another contrast than what people get to read.
  await page.evaluate(`Promise.all(document.getAnimations()
    .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished.catch(() => undefined)))`);
  const runOnly = JSON.stringify(rules.length === 0 ? WCAG : rules);
  return page.evaluate(`axe.run(document, { runOnly: ${runOnly} })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => id + ': ' + node.html.slice(0, 160) + ' ' + (node.failureSummary || '').slice(0, 200))))`);
}
