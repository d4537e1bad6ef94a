import { expect, test } from 'vitest';
import { COMMANDS, runCli } from './cli.ts';
import type { CliHost } from './host.ts';

/** Commands that go no further than their words: nothing here may be opened. */
async function run(...argv: string[]): Promise<{ code: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const never = () => Promise.reject(new Error('Nothing should be opened.'));
  const host: CliHost = {
    environment: {},
    version: '1.2.3',
    connect: () => {
      throw new Error('Nothing should be asked.');
    },
    openBase: never,
    openDeps: never,
    out: (text) => void (out += text),
    error: (text) => void (error += text),
    isTerminal: false,
    columns: () => 80,
  };
  return { code: await runCli(argv, host), out, error };
}

test('help lists every command, and explains each with examples', async () => {
  const all = await run('--help');
  expect(all).toMatchObject({ code: 0, error: '' });
  for (const { name, summary } of COMMANDS) {
    expect(all.out).toContain(`  ${name} `);
    const one = await run(...name.split(' '), '--help');
    expect(one).toMatchObject({ code: 0, error: '' });
    expect(one.out).toContain(`Usage: backlot ${name}`);
    expect(one.out).toContain(summary);
    expect(one.out).toContain('Examples:');
    expect((await run('help', ...name.split(' '))).out).toBe(one.out);
  }
  expect((await run('call', 'assets.bulk', '--help')).out).toContain('POST /brands/{b}/assets/bulk');
  expect((await run('--version')).out).toBe('1.2.3\n');
});

test('an unknown command, flag, word or operation ends with exit code 2 and the right usage', async () => {
  const wrong = [
    ['frobnicate'],
    ['keys'],
    ['keys', 'create', 'extra', '--role', 'editor', '--name', 'x'],
    ['list', '--colour', 'red'],
    ['list', 'harbour'],
    ['search'],
    ['upload'],
    ['upload', 'a.png', '--parallel', '0'],
    ['call'],
    ['call', 'assets.fly'],
    ['call', 'uploads.put'],
    ['call', 'assets.bulk', '--json-input', '{'],
    ['plan', 'set'],
  ];
  for (const argv of wrong) {
    const ran = await run(...argv);
    expect(ran, argv.join(' ')).toMatchObject({ code: 2, out: '' });
    expect(ran.error).toContain('Usage: backlot');
  }
  const json = await run('list', '--colour', 'red', '--json');
  expect(JSON.parse(json.error)).toMatchObject({ error: { code: 'usage' } });
});
