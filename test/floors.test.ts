import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { breaches } from './support/floors.ts';
import type { Tree } from './support/floors.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function readTree(folders: readonly string[]): Promise<Tree> {
  const tree = new Map<string, string>();
  for (const folder of folders) {
    const entries = await readdir(join(ROOT, folder), { withFileTypes: true, recursive: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !/\.tsx?$/.test(path) || path.includes('node_modules')) continue;
      tree.set(relative(ROOT, path).replaceAll('\\', '/'), await readFile(path, 'utf8'));
    }
  }
  return tree;
}

test('the house stands: floors, no cycles, short files, every plug listed, no forbidden words', async () => {
  const tree = await readTree(['src', 'client', 'web']);
  expect(tree.size).toBeGreaterThan(10);
  expect(breaches(tree)).toEqual([]);
});

describe('the checker sees', () => {
  const found = (files: Record<string, string>): string =>
    breaches(new Map(Object.entries(files))).join('\n');

  test('an import that runs upward, in each of its forms', () => {
    for (const form of [
      `import { x } from '../http/server.ts';`,
      `import type { X } from '../http/server.ts';`,
      `import {\n  x,\n  y,\n} from "../http/server.ts";`,
      `export { x } from '../http/server.ts';`,
      `import '../http/server.ts';`,
      `const x = await import('../http/server.ts');`,
    ]) {
      expect(found({ 'src/services/trash.ts': form })).toContain(
        'src/services/trash.ts imports src/http/server.ts',
      );
    }
  });

  test('plug folders that import each other', () => {
    const files = { 'src/media/video.ts': `import { keep } from '../storage/local.ts';` };
    expect(found(files)).toContain('may import only src/domain, src/platform');
  });

  test('pages that reach into the server', () => {
    const files = { 'web/grid/card.tsx': `import type { Asset } from '../../src/contract/assets.ts';` };
    expect(found(files)).toContain('web may import only client');
  });

  test('a folder that no floor has', () => {
    expect(found({ 'src/utils/strings.ts': '' })).toContain('lies on no floor');
    expect(found({ 'src/helper.ts': '' })).toContain('lies on no floor');
  });

  test('a cycle, with the way round', () => {
    const files = {
      'src/domain/a.ts': `import { b } from './b.ts';`,
      'src/domain/b.ts': `import { c } from './c.ts';`,
      'src/domain/c.ts': `import { a } from './a.ts';`,
    };
    expect(found(files)).toContain(
      'src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts is a cycle',
    );
  });

  test('a file that has grown too long; tests and migrations may be longer', () => {
    const lines = (count: number): string => 'const a = 1;\n'.repeat(count);
    expect(found({ 'src/domain/a.ts': lines(301) })).toContain('has 301 lines');
    expect(found({ 'src/domain/a.ts': lines(300) })).toBe('');
    expect(found({ 'src/domain/a.test.ts': lines(600) })).toBe('');
    expect(found({ 'web/grid/a.test.tsx': lines(601) })).toContain('has 601 lines');
  });

  test('a plug that is not listed', () => {
    const files = {
      'src/media/contract.ts': 'export interface MediaKind {}',
      'src/media/kinds.ts': `import { video } from './video.ts';`,
      'src/media/video.ts': 'export const video: MediaKind = {};',
      'src/media/model3d.ts': 'export const model3d: MediaKind = {};',
    };
    expect(found(files)).toBe(
      'src/media/model3d.ts is not in src/media/kinds.ts; add its line, or nothing will ever call it',
    );
  });

  test('a default export', () => {
    expect(found({ 'web/grid/card.tsx': 'export default function Card() {}' })).toContain(
      'card.tsx:1 has a default',
    );
    expect(found({ 'web/grid/card.tsx': 'const a = 1;\nexport { a as default };' })).toContain('card.tsx:2');
    expect(found({ 'web/vite.config.ts': 'export default {};' })).toBe('');
  });

  test('a setting read behind the back of the configuration', () => {
    expect(found({ 'src/storage/s3.ts': 'const bucket = process.env.BUCKET;' })).toContain(
      's3.ts:1 reads process.env',
    );
    expect(found({ 'src/platform/config.ts': 'parse(process.env);' })).toBe('');
  });

  test('SQL outside the database floor', () => {
    for (const line of [
      'sql`select 1`',
      'sql<{ n: number }>`select 1`',
      'pool.query(text)',
      'pool.query<Row>(text)',
    ]) {
      expect(found({ 'src/services/a.ts': line })).toContain('a.ts:1 speaks SQL');
      expect(found({ 'src/database/a.ts': line })).toBe('');
    }
  });

  test('types that are switched off, and not the word in prose or in names', () => {
    for (const line of [
      'let a: any;',
      'a as any',
      'f<any>()',
      'let a: any[];',
      'Map<string, any>',
      '// @ts-ignore',
    ]) {
      expect(found({ 'src/domain/a.ts': line })).toContain('a.ts:1 switches the types off');
    }
    for (const line of [
      '// as any',
      `tagMode: 'any',`,
      '/* : any */',
      'const any = 1;',
      '{ any: 1 }',
      'Promise.any(a)',
    ]) {
      expect(found({ 'src/domain/a.ts': line })).toBe('');
    }
  });

  test('nothing in a tree that keeps the rules', () => {
    const files = {
      'src/main.ts': `import { build } from './build.ts';`,
      'src/build.ts': `import { serve } from './http/serve.ts';\nimport { open } from './database/open.ts';`,
      'src/http/serve.ts': `import { list } from '../services/list.ts';`,
      'src/services/list.ts': `import { open } from '../database/open.ts';`,
      'src/services/list.test.ts': `import { build } from '../build.ts';`,
      'src/database/open.ts': 'export const open = () => pool.query("select 1");',
    };
    expect(found(files)).toBe('');
  });
});
