import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { findTools, NO_TOOLS } from '../../src/media/capabilities.ts';
import type { Decoder, Description, Tools } from '../../src/media/contract.ts';
import { expectSound } from '../suites/media-kind.ts';
import { describeFile, hasFfmpeg, newScratch, testDecoder } from './support.ts';

/** Where these settings or the PATH name them; elsewhere stand-ins tell what can be told. */
const REAL = findTools(process.env);
const without = (tool: string | null, name: string) => (tool === null ? ` (skipped: no ${name} here)` : '');
const noOffice = without(REAL.office, 'LibreOffice');
const noHeif = without(REAL.heif, 'heif-convert');

let folder = '';
let tools = '';
const decoders: Decoder[] = [];
beforeAll(async () => {
  folder = await makeFixtures();
  tools = await newScratch();
}, 120_000);
afterAll(() => Promise.all(decoders.map((decoder) => decoder.close())));

function look(name: string, with_: Partial<Tools>): Promise<Description> {
  const decoder = testDecoder({ tools: { ...NO_TOOLS, ...with_ } });
  decoders.push(decoder);
  return describeFile(decoder, join(folder, name));
}

/** A small program in place of one that is large or not on this machine; it speaks to the same command line. */
function program(name: string, script: string): string {
  const path = join(tools, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Writes its arguments and the profile down, and lays every document out as the same three pages. */
function office(): string {
  const pages = join(tools, 'pages.pdf');
  copyFileSync(join(folder, 'document/three-pages.pdf'), pages);
  return program(
    'soffice',
    `if [ "$1" = --version ]; then echo "LibreOffice 24.2.1.2 build"; exit; fi
printf '%s\\n' "$@" > ${join(tools, 'said')}
cp "\${1#-env:UserInstallation=file://}/user/registrymodifications.xcu" ${join(tools, 'profile')}
while [ "$1" != --outdir ]; do shift; done
cp ${pages} "$2/document.pdf"`,
  );
}

describe('office documents', () => {
  it('show their first page and can be read as a PDF where LibreOffice is there', async () => {
    const found = await look('document/pitch.odp', { office: office() });
    expectSound(found, 'pitch.odp');
    expect(found).toMatchObject({ state: 'ready', facts: { pages: 3, more: { unit: 'points' } } });
    expect(found.text).toContain('Pitch of the lighthouse film');
    expect(found.renditions.map(({ name, tool, toolVersion }) => [name, tool, toolVersion])).toEqual(
      ['thumbnail', 'preview', 'pages'].map((name) => [name, 'libreoffice', '24.2.1.2']),
    );
    const said = readFileSync(join(tools, 'said'), 'utf8').trim().split('\n');
    expect(said).toContain('--headless');
    expect(said.find((word) => word.startsWith('pdf:'))).toMatch(/^pdf:impress_pdf_Export:/);
    // Nothing of what a person called the file is told.
    expect(basename(said.at(-1) ?? '')).toBe('document.odp');
    const profile = readFileSync(join(tools, 'profile'), 'utf8');
    for (const name of ['DisableMacrosExecution', 'BlockUntrustedRefererLinks']) {
      expect(profile).toContain(`oor:name="${name}" oor:op="fuse"><value>true</value>`);
    }
  });

  it('fall back to the picture inside when the pages cannot be made', async () => {
    const broken = program('broken-soffice', 'exit 0');
    expect(await look('document/treatment.odt', { office: broken })).toMatchObject({
      state: 'ready',
      renditions: [{ name: 'thumbnail', tool: 'sharp' }],
    });
    expect(await look('document/brief.docx', { office: broken })).toMatchObject({
      state: 'ready_no_preview',
      reason: 'no_decoder_for_format',
      text: expect.stringContaining('Campaign brief') as unknown,
    });
  });

  it('wait for LibreOffice with their words searchable', async () => {
    for (const [name, words] of [
      ['budget.ods', 'Lamp oil'],
      ['old-brief.doc', 'harbour at dawn'],
    ] as const) {
      const found = await look(`document/${name}`, {});
      expect(found).toMatchObject({ state: 'ready_no_preview', reason: 'waiting_for_libreoffice' });
      expect(found.text).toContain(words);
    }
  });

  it.skipIf(REAL.office === null)(
    `are laid out by the real program${noOffice}`,
    async () => {
      for (const name of ['brief.docx', 'treatment.odt', 'budget.ods', 'pitch.odp']) {
        const found = await look(`document/${name}`, { office: REAL.office });
        expect(found, name).toMatchObject({ state: 'ready', facts: { pages: 1 } });
        expect(found.renditions.at(-1), name).toMatchObject({ name: 'pages', tool: 'libreoffice' });
      }
    },
    180_000,
  );
});

/** A document whose picture lies elsewhere on the machine that opens it. */
function linkedDocument(picture: string): Buffer {
  const spaces = [
    `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`,
    `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"`,
    `xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"`,
    `xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`,
    `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`,
  ].join(' ');
  const relations = (target: string, type: string, mode = '') =>
    strToU8(
      `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" ${mode}/></Relationships>`,
    );
  return Buffer.from(
    zipSync({
      '[Content_Types].xml': strToU8(
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
      ),
      '_rels/.rels': relations('word/document.xml', 'officeDocument'),
      'word/_rels/document.xml.rels': relations(`file://${picture}`, 'image', 'TargetMode="External"'),
      'word/document.xml': strToU8(
        `<?xml version="1.0"?><w:document ${spaces}><w:body><w:p><w:r><w:drawing><wp:inline><wp:extent cx="4000000" cy="4000000"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="r1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="4000000" cy="4000000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p></w:body></w:document>`,
      ),
    }),
  );
}

describe.skipIf(REAL.office === null)(`a document that names a file of the server${noOffice}`, () => {
  it('does not show it', async () => {
    const secret = join(tools, 'secret.png');
    copyFileSync(join(folder, 'image/studio-red.jpg'), secret);
    const path = join(await newScratch(), 'linked.docx');
    writeFileSync(path, linkedDocument(secret));
    const decoder = testDecoder({ tools: { ...NO_TOOLS, office: REAL.office } });
    decoders.push(decoder);
    const found = await describeFile(decoder, path);
    expect(found).toMatchObject({ state: 'ready', facts: { pages: 1 } });
    expect(found.palette?.map(({ name }) => name)).not.toContain('red');
  }, 120_000);
});

describe('pictures that need another program', () => {
  it('are drawn from what heif-convert writes, upright as it is', async () => {
    const png = join(tools, 'heif.png');
    copyFileSync(join(folder, 'image/logo-transparent.png'), png);
    const heif = program(
      'heif-convert',
      `if [ "$1" = --version ]; then echo "libheif version: 1.17.6" >&2; exit; fi\ncp ${png} "$2"`,
    );
    const found = await look('image/pier.heic', { heif });
    expectSound(found, 'pier.heic');
    expect(found).toMatchObject({ state: 'ready', facts: { transparent: true } });
    expect(found.renditions.map(({ name, tool, toolVersion }) => [name, tool, toolVersion])).toEqual(
      ['thumbnail', 'preview'].map((name) => [name, 'heif-convert', '1.17.6']),
    );
  });

  it('are damaged when it writes nothing, and wait when it is not there', async () => {
    const heif = program('broken-heif', 'exit 0');
    expect(await look('image/pier.heic', { heif })).toMatchObject({ state: 'failed', reason: 'damaged' });
    expect(await look('image/pier.heic', {})).toMatchObject({
      state: 'ready_no_preview',
      reason: 'waiting_for_heif',
    });
  });

  it.skipIf(REAL.heif === null)(`are decoded by the real one${noHeif}`, async () => {
    const found = await look('image/pier.heic', { heif: REAL.heif });
    expect(found).toMatchObject({ state: 'ready', facts: { width: 96, height: 64, transparent: false } });
    expect(found.palette?.map(({ name }) => name)).toContain('orange');
  });

  it.skipIf(!hasFfmpeg)(
    'show the first frame of an AVIF sequence, and wait for ffmpeg without it',
    async () => {
      const found = await look('image/moving.avif', { ffmpeg: findTools().ffmpeg });
      expect(found).toMatchObject({ state: 'ready', facts: { width: 64, height: 48, animated: true } });
      expect(found.palette?.map(({ name }) => name)).toEqual(['orange']);
      expect(await look('image/moving.avif', {})).toMatchObject({
        state: 'ready_no_preview',
        reason: 'waiting_for_ffmpeg',
      });
    },
  );
});
