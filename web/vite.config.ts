import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Decoders, fonts and character maps that viewers fetch while they work: a package, and the folders of it. */
const PARTS: readonly { readonly name: string; readonly folders: readonly string[] }[] = [
  { name: 'pdfjs-dist', folders: ['cmaps', 'standard_fonts', 'wasm', 'iccs'] },
  { name: 'three', folders: ['examples/jsm/libs/draco/gltf', 'examples/jsm/libs/basis'] },
];
const NEEDED = /(?:\.(?:bcmap|pfb|ttf|wasm|icc)|_wrapper\.js|_transcoder\.js|LICENSE\w*)$/;

/** They become files of our own build, under the version of their package: nothing comes from elsewhere. */
function ownParts(): Plugin {
  const files = new Map<string, string>();
  for (const { name, folders } of PARTS) {
    const root = fileURLToPath(new URL(`../node_modules/${name}/`, import.meta.url));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const folder of folders)
      for (const file of readdirSync(join(root, folder)))
        if (NEEDED.test(file)) {
          files.set(`assets/${name}-${version}/${basename(folder)}/${file}`, join(root, folder, file));
        }
  }
  return {
    name: 'own-parts',
    generateBundle() {
      for (const [fileName, path] of files)
        this.emitFile({ type: 'asset', fileName, source: readFileSync(path) });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = files.get(request.url?.slice(1) ?? '');
        if (path === undefined) next();
        else response.end(readFileSync(path));
      });
    },
  };
}

export default defineConfig({
  root: here('.'),
  plugins: [
    react(),
    tailwindcss(),
    ownParts(),
    // Without it React Aria ships the strings of more than thirty locales.
    { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' },
  ],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    // Small files stay files: the content policy of the server allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4400' } },
});
