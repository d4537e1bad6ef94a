import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The sources as they are now, compiled to a folder of their own: `dist` may be older, or about to be replaced. */
export async function compileProgram(): Promise<{ main: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'backlot-program-'));
  await copyFile(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = [
    compiler,
    '-p',
    path.join(ROOT, 'tsconfig.build.json'),
    '--outDir',
    path.join(folder, 'dist'),
  ];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const remove = () => rm(folder, { recursive: true, force: true });
  if (status !== 0) {
    await remove();
    throw new Error(`The program does not compile:\n${stdout.slice(0, 2000)}`);
  }
  return { main: path.join(folder, 'dist/src/main.js'), remove };
}
