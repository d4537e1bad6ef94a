import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The project's own folder, wherever the command was called from. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A set-up step that cannot go on; its message is all a person needs, without a stack. */
export class SetUpError extends Error {
  name = 'SetUpError';
}

export function say(message) {
  console.log(`backlot: ${message}`);
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** The path of a command that a dependency brings. */
export function binary(name) {
  return join(ROOT, 'node_modules', '.bin', name);
}

/**
 * Runs a command in the project's folder. Answers `{ code, output }`; with `show` the output goes to the terminal as it
 * comes and `output` is empty; with `locked` our lock covers the command too. Never rejects: a command that cannot be started has code 127. When this process is asked
 * to stop, the command goes first: an npm left behind would fight with that of the next start.
 */
export function run(command, args, { show = false, env = process.env, timeout, locked = false } = {}) {
  return new Promise((resolve) => {
    const stdio = show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd: ROOT, env, stdio, timeout });
    const release = endWith(child);
    if (locked) shareLock(child.pid);
    const parts = [];
    child.stdout?.on('data', (part) => parts.push(part));
    child.stderr?.on('data', (part) => parts.push(part));
    const settle = (code, output) => {
      release();
      resolve({ code, output });
    };
    child.on('error', (error) => settle(127, error.message));
    child.on('close', (code) => settle(code ?? 1, Buffer.concat(parts).toString()));
  });
}

const STOPS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Ties a child to our end for as long as it runs; the signals mean what they meant again afterwards. */
function endWith(child) {
  const handlers = Object.entries(STOPS).map(([signal, code]) => {
    const handler = () => {
      child.once('close', () => process.exit(code));
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
    };
    process.once(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/** Reads a small JSON file; `undefined` when it is absent or was cut short. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes a small JSON file whole or not at all. */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, file);
}

const LOCK = join(ROOT, '.backlot', 'set-up');
const LOCK_LIMIT_MS = 20 * 60_000;

/** Lets one process at a time install or build; the others wait. The lock of a process that died is taken over. */
export async function alone(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let told = false; !takeLock(); told = true) {
    if (!told) say('waiting for another set-up in this folder to finish …');
    await sleep(250);
  }
  const free = () => rmSync(LOCK, { force: true });
  process.once('exit', free);
  try {
    return await work();
  } finally {
    process.removeListener('exit', free);
    free();
  }
}

function takeLock() {
  const holders = readJson(LOCK);
  if (Array.isArray(holders) && holders.some(isOther)) {
    // After a restart of the machine a number can belong to somebody else; no step takes this long.
    const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age < LOCK_LIMIT_MS) return false;
  }
  if (holders !== undefined) rmSync(LOCK, { force: true });
  try {
    writeFileSync(LOCK, JSON.stringify([process.pid]), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Adds a command to the lock we hold: should we be killed, the next set-up waits until the command has ended. */
function shareLock(pid) {
  if (pid !== undefined && existsSync(LOCK)) writeJson(LOCK, [process.pid, pid]);
}

function isOther(pid) {
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
