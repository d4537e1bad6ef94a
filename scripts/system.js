import { TOOLS, ensureTools, findTool } from './lib/system.js';

// node scripts/system.js: looks for every system program, installs what it may, and says where each one is.
await ensureTools(Object.keys(TOOLS), { again: true });
for (const name of Object.keys(TOOLS)) console.log(`${name}: ${findTool(name) ?? 'missing'}`);
