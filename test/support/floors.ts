import { posix } from 'node:path';

/** A source tree: path from the project's folder, with slashes, to text. */
export type Tree = ReadonlyMap<string, string>;

/** What each floor may import besides itself. A folder that is not in the table may not exist. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/platform': [],
  'src/contract': ['src/domain'],
  'src/database': ['src/domain', 'src/platform'],
  'src/storage': ['src/domain', 'src/platform'],
  'src/media': ['src/domain', 'src/platform'],
  'src/recipes': ['src/domain', 'src/platform'],
  'src/ai': ['src/domain', 'src/platform'],
  'src/services': [
    'src/domain',
    'src/platform',
    'src/contract',
    'src/database',
    'src/storage',
    'src/media',
    'src/recipes',
    'src/ai',
  ],
  'src/http': ['src/domain', 'src/platform', 'src/contract', 'src/services'],
  'src/mcp': ['src/domain', 'src/platform', 'src/contract', 'src/services'],
  'src/cli': ['src/domain', 'src/platform', 'src/contract', 'src/services'],
  'src/worker': ['src/domain', 'src/platform', 'src/contract', 'src/services'],
  client: ['src/contract'],
  web: ['client'],
};

/** The files that see every floor: they put the program together. */
const TOP = new Set(['src/main.ts', 'src/build.ts']);

/** A folder of interchangeable parts, the file that lists them, and how a part is told from a helper. */
const PLUGS = [
  { folder: 'src/media', list: 'src/media/kinds.ts', part: /^export const \w+: MediaKind =/m },
  { folder: 'src/recipes', list: 'src/recipes/readers.ts', part: /^export const \w+: RecipeReader =/m },
  {
    folder: 'src/database/migrations',
    list: 'src/database/migrate.ts',
    part: /^export (?:async )?function up\b/m,
  },
];

const FILE_LINES = 300;
const LONG_FILE_LINES = 600;

/** What a line may not say, where, and what to do instead. Text in comments and strings does not count. */
const FORBIDDEN = [
  {
    pattern: /^export default\b|\bas default\b/,
    where: (path: string) => !path.endsWith('.config.ts'),
    instead: 'has a default export; export it under its name, so that it is called the same everywhere',
  },
  {
    pattern: /\bprocess\.env\b/,
    where: (path: string) =>
      !isTest(path) &&
      path !== 'src/platform/config.ts' &&
      path !== 'src/main.ts' &&
      !path.endsWith('.config.ts'),
    instead: 'reads process.env; add a setting to src/platform/config.ts and take it as an argument',
  },
  {
    pattern: /\bsql\s*(?:<.*>)?\s*`|\.query\s*(?:<.*>)?\(/,
    where: (path: string) => path.startsWith('src/') && !path.startsWith('src/database/') && !isTest(path),
    instead: 'speaks SQL; put the statement into a function under src/database/ and call that',
  },
  {
    pattern:
      /(?:[:<|&,]|\bas|=>|\bextends)\s*any\b(?!\s*[:.(])|\bany\[\]|\/\/\s*@ts-(?:ignore|expect-error|nocheck)/,
    where: () => true,
    instead: 'switches the types off; use unknown and check what it is',
  },
] as const;

/** Every breach of the house rules in a tree, one sentence each, sorted by file. */
export function breaches(tree: Tree): string[] {
  const graph = importGraph(tree);
  return [
    ...directionBreaches(graph),
    ...cycleBreaches(graph),
    ...lengthBreaches(tree),
    ...plugBreaches(tree, graph),
    ...wordBreaches(tree),
  ].sort();
}

/** A file and those of ours that it imports; tests are left out, they may reach for anything. */
type Graph = ReadonlyMap<string, readonly string[]>;

const IMPORTS = [
  /^\s*(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"\n]+)['"]/gm,
  /^\s*import\s*['"]([^'"\n]+)['"]/gm,
  /\bimport\(\s*['"]([^'"\n]+)['"]/g,
];

function importGraph(tree: Tree): Graph {
  const graph = new Map<string, readonly string[]>();
  for (const [path, text] of tree) {
    if (isTest(path)) continue;
    const specifiers = IMPORTS.flatMap((pattern) =>
      [...text.matchAll(pattern)].map((match) => match[1] ?? ''),
    );
    const targets = specifiers
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => posix.join(posix.dirname(path), specifier));
    graph.set(path, [...new Set(targets)]);
  }
  return graph;
}

function floorOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'src' && path.split('/').length > 2 ? `src/${second}` : first === 'src' ? path : first;
}

function directionBreaches(graph: Graph): string[] {
  const found: string[] = [];
  for (const [path, targets] of graph) {
    const floor = floorOf(path);
    if (TOP.has(path)) continue;
    const allowed = ALLOWED[floor];
    if (allowed === undefined) {
      found.push(`${path} lies on no floor; put it into one of the folders that architecture and test know`);
      continue;
    }
    for (const target of targets) {
      const below = floorOf(target);
      if (below === floor || allowed.includes(below)) continue;
      const may = allowed.length === 0 ? 'nothing of ours' : `only ${allowed.join(', ')}`;
      found.push(`${path} imports ${target}; ${floor} may import ${may}: pass what it needs as an argument`);
    }
  }
  return found;
}

/** One sentence per cycle, naming the whole way round. */
function cycleBreaches(graph: Graph): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) {
      const round = [...way.slice(start), path].join(' → ');
      found.push(`${round} is a cycle; move what both ends need into a file of its own below them`);
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) walk(target, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}

function lengthBreaches(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    const limit = isTest(path) || path.includes('/migrations/') ? LONG_FILE_LINES : FILE_LINES;
    const lines = text.trimEnd().split('\n').length;
    if (lines > limit) {
      found.push(`${path} has ${lines} lines, allowed are ${limit}; split it along a noun, not by number`);
    }
  }
  return found;
}

function plugBreaches(tree: Tree, graph: Graph): string[] {
  const found: string[] = [];
  for (const { folder, list, part } of PLUGS) {
    const parts = [...tree].filter(
      ([path, text]) => posix.dirname(path) === folder && path !== list && !isTest(path) && part.test(text),
    );
    const listed = graph.get(list) ?? [];
    for (const [path] of parts) {
      if (!listed.includes(path))
        found.push(`${path} is not in ${list}; add its line, or nothing will ever call it`);
    }
  }
  return found;
}

function wordBreaches(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    const rules = FORBIDDEN.filter((rule) => rule.where(path));
    for (const [index, line] of withoutText(text).split('\n').entries()) {
      for (const rule of rules) {
        if (rule.pattern.test(line)) found.push(`${path}:${index + 1} ${rule.instead}`);
      }
    }
  }
  return found;
}

const TEXT =
  /(\/\*[\s\S]*?\*\/)|(\/\/[^\n]*)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|(?<=[=(,:;!&|?{}[]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

/** The text with comments, strings and patterns emptied and every line where it was; type switches in comments stay. */
function withoutText(text: string): string {
  return text.replace(TEXT, (found) => {
    if (found.startsWith('//')) return found.includes('@ts-') ? found : '';
    return found.slice(0, 1) + found.replace(/[^\n]/g, '') + found.slice(-1);
  });
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}
