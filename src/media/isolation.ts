import { findProgram, runTool } from '../platform/run-tool.ts';

let prefix: Promise<readonly string[]> | undefined;

/**
 * The words to put before a command so that it has no network, empty where the system does not permit it: as root a
 * network namespace, else one inside a user namespace that maps only this user.
 */
export function withoutNetwork(): Promise<readonly string[]> {
  prefix ??= findPrefix();
  return prefix;
}

async function findPrefix(): Promise<readonly string[]> {
  const unshare = findProgram('unshare');
  const probe = findProgram('true');
  if (unshare === null || probe === null) return [];
  for (const flags of [['-n'], ['-r', '-n']]) {
    const works = await runTool([unshare, ...flags, probe], { deadline: 2000 })
      .then((result) => result.code === 0)
      .catch(() => false);
    if (works) return [unshare, ...flags];
  }
  return [];
}
