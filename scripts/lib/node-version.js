// Loaded before everything else, so it uses only what very old versions of Node understand.

/** Ends the process with a clear sentence when this Node is too old to run Backlot. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error('Backlot needs Node 20.19 or newer; this is Node ' + process.versions.node + '.');
  console.error('Install a current Node from https://nodejs.org and run the command again.');
  process.exit(1);
}
