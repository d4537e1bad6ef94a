import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uploadFields } from '../contract/uploads.ts';
import { differing, newTags } from '../domain/held.ts';
import { UsageError, whole } from './args.ts';
import { COMMON_FLAGS, SERVER_FLAGS } from './command.ts';
import type { Command, Context } from './command.ts';
import { connect, enter } from './connection.ts';
import { refusalIn } from './errors.ts';
import type { Refusal } from './errors.ts';
import { fetchAddress, isAddress } from './fetch-url.ts';
import type { Connection } from './host.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { flagsOf, inputOf } from './schema-flags.ts';
import { Passing, isPassing, mayPass, refusalFor } from './retry.ts';
import { createAgents, hashFile, putFile } from './send.ts';
import type { Agents } from './send.ts';
import { Tally } from './tally.ts';
import type { Outcome } from './tally.ts';
import { walk } from './walk.ts';
import type { Found } from './walk.ts';

/** From this size on (bytes) asking first whether the server has the bytes is cheaper than sending them. */
const ASK_FROM = 64_000;
/** Waits before the next attempts, in milliseconds. */
const RETRY_MS: readonly number[] = [500, 1000, 2000, 4000, 8000];

/** One file has one name of its own; everything else may be said of all of them. */
const FIELDS = uploadFields.omit({ name: true });

export const upload: Command = {
  name: 'upload',
  summary: 'Send files, folders and web addresses into the library',
  usage:
    'FILE|DIR|URL… [--brand BRAND] [--type TYPE] [--tags A,B] [--on-duplicate reuse|version|keep] [--parallel N]',
  flags: {
    brand: { value: 'BRAND', means: 'Slug or id of the brand; default: the one of the key' },
    ...flagsOf(FIELDS),
    parallel: { value: 'N', means: 'Files sent at the same time; default 4' },
    ...SERVER_FLAGS,
    ...COMMON_FLAGS,
  },
  examples: [
    'backlot upload logo.svg --type logo --tags brand,2026',
    'backlot upload ~/footage --brand acme --parallel 8',
    'backlot upload walk.mp4 --on-duplicate version --json',
    'backlot upload https://example.com/press/logo.svg --type logo',
  ],
  run,
};

interface Task {
  readonly connection: Connection;
  readonly brand: string;
  readonly fields: ReturnType<typeof fieldsOf>;
  readonly agents: Agents;
}

function fieldsOf(context: Context) {
  return inputOf(FIELDS, context.parsed);
}

async function run(context: Context): Promise<number> {
  const { parsed, host } = context;
  if (parsed.words.length === 0) throw new UsageError('Name at least one file, folder or address.');
  const parallel = whole(parsed, 'parallel', { min: 1, max: 32 }) ?? 4;
  const fields = fieldsOf(context);
  const connection = connect(context);
  const { brand } = await enter(connection, parsed, 'write');
  const began = performance.now();
  const progress = createProgress(host);
  const agents = createAgents(parallel);
  const task: Task = { connection, brand, fields, agents };
  const tally = new Tally(context, progress);
  const places = parsed.words.filter((word) => !isAddress(word));
  if (host.isTerminal) void measure(places, progress);
  try {
    const queue = walk(places);
    await bring(parsed.words.filter(isAddress), task, tally);
    await Promise.all(Array.from({ length: parallel }, () => drain(queue, task, tally)));
  } finally {
    progress.end();
    for (const agent of Object.values(agents)) agent.destroy();
  }
  tally.summary((performance.now() - began) / 1000);
  return tally.count('failed') > 0 ? 1 : 0;
}

/** Counts ahead of the sending, so that the bar has an end to run to. */
async function measure(paths: readonly string[], progress: Progress): Promise<void> {
  let files = 0;
  let bytes = 0;
  for await (const found of walk(paths)) {
    if (found.kind !== 'file') continue;
    files += 1;
    bytes += found.size;
    progress.expect({ files, bytes, complete: false });
  }
  progress.expect({ files, bytes, complete: true });
}

/** One of the parallel lines: takes the next file until there is none, or no server. */
async function drain(queue: AsyncGenerator<Found>, task: Task, tally: Tally): Promise<void> {
  while (!tally.stopped) {
    const { value: found, done } = await queue.next();
    if (done === true) return;
    if (found.kind === 'left out') tally.leftOut += 1;
    else if (found.kind === 'problem') {
      tally.add({
        ...failed(found.path, { code: 'unreadable', message: found.message, remedy: null }),
        bytes: 0,
      });
    } else {
      const tracked = tally.progress.begin(found);
      const outcome = await sendOne(task, found, (sent) => tracked.sent(sent));
      tracked.end({ counted: found.size });
      tally.add(outcome);
      if (outcome.error?.code === 'offline') tally.stopped = true;
    }
  }
}

/** Addresses are fetched by the server, one after the other: the line is its own, not ours. */
async function bring(addresses: readonly string[], task: Task, tally: Tally): Promise<void> {
  for (const url of addresses) {
    const tracked = tally.progress.begin({ path: url, size: 0 });
    const wish = { ...task, url, onProgress: (received: number) => tracked.sent(received) };
    const outcome = await withRetries(() => fetchAddress(wish)).catch((error: unknown) =>
      failed(url, refusalFor(error)),
    );
    tracked.end({ counted: 0 });
    tally.add(outcome);
  }
}

interface FileToSend {
  readonly path: string;
  readonly size: number;
}

async function sendOne(task: Task, file: FileToSend, onProgress: (sent: number) => void): Promise<Outcome> {
  try {
    const sha256 = await hashFile(file.path, file.size);
    return await withRetries(async () => {
      const early = await ask(task, file, sha256);
      if (early !== null) return early;
      const answer = await put(task, file, { sha256, onProgress });
      if (mayPass(answer.status)) throw new Passing(answer);
      if (answer.status >= 300) return failed(file.path, refusalIn(answer.status, answer.body));
      return { path: file.path, ...resultIn(answer.body), bytes: file.size, error: null };
    });
  } catch (error) {
    return failed(file.path, refusalFor(error));
  }
}

function put(task: Task, file: FileToSend, how: { sha256: string; onProgress: (sent: number) => void }) {
  const { connection, brand, fields, agents } = task;
  const headers = {
    ...connection.headers,
    'content-type': 'application/octet-stream',
    'x-content-sha256': how.sha256,
  };
  const address = connection.url('uploads.put', { b: brand, ...fields, name: path.basename(file.path) });
  return putFile({ ...file, address, headers, onProgress: how.onProgress }, agents);
}

/** What is known before any byte travels: the brand has them, or would refuse them. Null means: send. */
async function ask(task: Task, file: FileToSend, sha256: string): Promise<Outcome | null> {
  if (file.size < ASK_FROM) return null;
  const { files } = await task.connection.call('uploads.check', {
    b: task.brand,
    files: [{ sha256, size: file.size, name: path.basename(file.path) }],
  });
  const [said] = files;
  if (said?.known != null && (task.fields.onDuplicate ?? 'reuse') === 'reuse') {
    const { id } = said.known;
    const notApplied = await hearSaid(task, id);
    return { path: file.path, outcome: 'reused', id, notApplied, bytes: 0, error: null };
  }
  return said?.refusal == null ? null : failed(file.path, said.refusal);
}

/** What the server does with the fields of bytes that it holds already, where they need not travel. */
async function hearSaid(task: Task, id: string): Promise<readonly string[]> {
  const { connection, brand: b, fields } = task;
  if (Object.keys(fields).every((name) => name === 'onDuplicate')) return [];
  const held = await connection.call('assets.get', { b, id });
  const addTags = newTags(fields, held);
  if (addTags.length === 0) return differing(fields, held);
  const { failed } = await connection.call('assets.bulk', { b, select: { ids: [id] }, change: { addTags } });
  return [...differing(fields, held), ...(failed > 0 ? ['tags'] : [])];
}

/** Tries again what may succeed later. Bytes that were kept without our knowing are recognised, so nothing doubles. */
async function withRetries(send: () => Promise<Outcome>): Promise<Outcome> {
  for (const delay of RETRY_MS) {
    try {
      return await send();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(delay);
    }
  }
  return send();
}

function failed(file: string, error: Refusal): Outcome {
  return { path: file, outcome: 'failed', id: null, notApplied: [], bytes: 0, error };
}

function resultIn(body: unknown): Pick<Outcome, 'outcome' | 'id' | 'notApplied'> {
  if (typeof body !== 'object' || body === null || !('id' in body))
    return { outcome: 'uploaded', id: null, notApplied: [] };
  const reused = 'reused' in body && body.reused === true;
  const notApplied =
    'notApplied' in body && Array.isArray(body.notApplied) ? body.notApplied.map(String) : [];
  return { outcome: reused ? 'reused' : 'uploaded', id: String(body.id), notApplied };
}
