import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { understood } from '../support/state.ts';
import { assetOf, putRaw } from '../support/uploading.ts';
import { hostileModels } from './hostile-models.ts';
import { decoderProcesses } from './support.ts';

/** Bytes that a reader must survive, by the name under which somebody would hand them in. */
type Files = Record<string, Buffer>;

const words = (text: string) => Buffer.from(text);
const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
function le32(value: number): Buffer {
  return u32(value).reverse();
}
const le16 = (value: number) => u16(value).reverse();
const zeros = (count: number) => Buffer.alloc(count);
/** Inflates to more than any reader may take. */
const BOMB = deflateSync(zeros(64e6));
const LAUGHS = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${[...'bcdefghij']
  .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghi'[i] ?? ''};`.repeat(10)}">`)
  .join('')}]>`;
const deep = (open: string, close: string, times: number) => open.repeat(times) + close.repeat(times);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([words(type), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}
function png(width: number, height: number, ...more: Buffer[]): Buffer {
  const head = Buffer.concat([u32(width), u32(height), Buffer.from([8, 2, 0, 0, 0])]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    ...more,
    chunk('IDAT', deflateSync(zeros(Math.min(height * (1 + width * 3), 1e6)))),
    chunk('IEND', zeros(0)),
  ]);
}

function svgs(canary: string): Files {
  const svg = (inside: string, before = '') =>
    words(
      `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100"><rect width="50" height="50" fill="red"/>${inside}</svg>`,
    );
  const uses = Array.from(
    { length: 9 },
    (_, i) => `<g id="u${i + 1}">${`<use xlink:href="#u${i}"/>`.repeat(10)}</g>`,
  ).join('');
  return {
    'remote.svg': svg(
      `<image href="${canary}/a.png" width="9" height="9"/><style>@import url(${canary}/b.css); @font-face{font-family:x;src:url(${canary}/c.woff)} text{font-family:x}</style><text y="20">x</text><use xlink:href="${canary}/d.svg#e"/><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/><foreignObject><iframe src="${canary}/f"/></foreignObject><script href="${canary}/g.js"/>`,
    ),
    'outside.svg': svg(
      '<text y="20">&x;&y;</text>',
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "${canary}/x">]>`,
    ),
    'laughs.svg': svg('<text>&j;</text>', LAUGHS),
    'uses.svg': svg(`<defs><g id="u0"><rect width="9" height="9"/></g>${uses}</defs><use xlink:href="#u9"/>`),
    'nested.svg': svg(deep('<g>', '</g>', 200_000)),
    'blur.svg': svg(
      '<filter id="f" x="-9999" y="-9999" width="99999" height="99999"><feTurbulence numOctaves="999"/><feGaussianBlur stdDeviation="9999"/></filter><rect width="90" height="90" filter="url(#f)"/>',
    ),
    'wide.svg': words('<svg xmlns="http://www.w3.org/2000/svg" width="1e30" height="1e-30"><rect/></svg>'),
    'packed.svg': gzipSync(
      Buffer.concat([words('<svg xmlns="http://www.w3.org/2000/svg">'), Buffer.alloc(40e6, 32)]),
    ),
  };
}

function pictures(): Files {
  const jpegHead = (height: number, width: number) =>
    Buffer.concat([
      Buffer.from('ffd8ffc0001108', 'hex'),
      u16(height),
      u16(width),
      Buffer.from('03012200021101031101', 'hex'),
    ]);
  const app1 = (body: Buffer) => Buffer.concat([Buffer.from('ffe1', 'hex'), u16(body.length + 2), body]);
  // One directory that is its own next one, with an entry that claims four thousand million values.
  const loop = Buffer.concat([
    words('Exif\0\0II*\0'),
    le32(8),
    le16(1),
    le16(0x010e),
    le16(2),
    le32(0xffffffff),
    le32(8),
    le32(8),
  ]);
  const xmp = words(
    `http://ns.adobe.com/xap/1.0/\0${LAUGHS}<x:xmpmeta xmlns:x="adobe:ns:meta/">&j;</x:xmpmeta>`,
  );
  const soi = Buffer.from('ffd8', 'hex');
  const end = Buffer.from('ffd9', 'hex');
  const gif = (width: number, height: number, frames: number) =>
    Buffer.concat([
      words('GIF89a'),
      le16(width),
      le16(height),
      Buffer.from('80000000000000ffffff', 'hex').subarray(0, 9),
      Buffer.concat(
        Array.from({ length: frames }, () =>
          Buffer.from('2c00000000010001000002024401003b', 'hex').subarray(0, 15),
        ),
      ),
      Buffer.from('3b', 'hex'),
    ]);
  const bmp = (width: number, height: number) =>
    Buffer.concat([
      words('BM'),
      le32(60),
      zeros(4),
      le32(54),
      le32(40),
      le32(width),
      le32(height),
      le16(1),
      le16(24),
      zeros(24),
      zeros(6),
    ]);
  return {
    'wide.png': png(1e9, 1e9),
    'square.png': png(60_000, 60_000),
    'none.png': png(0, 0),
    'text-bomb.png': png(
      4,
      4,
      ...Array.from({ length: 8 }, () => chunk('zTXt', Buffer.concat([words('prompt\0\0'), BOMB]))),
    ),
    'profile-bomb.png': png(4, 4, chunk('iCCP', Buffer.concat([words('x\0\0'), BOMB]))),
    'deep-prompt.png': png(
      4,
      4,
      chunk('tEXt', words(`prompt\0${deep('[', ']', 1e6)}`)),
      chunk('tEXt', words(`workflow\0${deep('{"a":', '}', 5e5)}`)),
    ),
    'chunks.png': png(4, 4, ...Array.from({ length: 100_000 }, () => chunk('tEXt', words('a\0b')))),
    'wide.jpg': Buffer.concat([
      jpegHead(65_500, 65_500),
      Buffer.from('ffda000c03010002110311003f00', 'hex'),
      zeros(100),
      end,
    ]),
    'loop.jpg': Buffer.concat([soi, app1(loop), end]),
    'xmp.jpg': Buffer.concat([soi, app1(xmp), end]),
    'wide.gif': gif(65_535, 65_535, 1),
    'endless.gif': gif(2, 2, 100_000),
    'loop.tiff': Buffer.concat([
      words('II*\0'),
      le32(8),
      le16(1),
      le16(0x0100),
      le16(4),
      le32(0xffffffff),
      le32(8),
      le32(8),
    ]),
    'wide.tiff': Buffer.concat([
      words('II*\0'),
      le32(8),
      le16(4),
      ...[
        [0x0100, 4_000_000_000],
        [0x0101, 4_000_000_000],
        [0x0111, 8],
        [0x0117, 4_000_000_000],
      ].map(([tag = 0, value = 0]) => Buffer.concat([le16(tag), le16(4), le32(1), le32(value)])),
      le32(0),
    ]),
    'wide.bmp': bmp(0x7fffffff, 0x7fffffff),
    'below.bmp': bmp(-1, -0x80000000),
    'lying.webp': Buffer.concat([
      words('RIFF'),
      le32(0xffffffff),
      words('WEBPVP8L'),
      le32(0xffffff00),
      Buffer.from('2fffffffff', 'hex'),
      zeros(50),
    ]),
    'lying.ico': Buffer.concat([Buffer.from('00000100ffff', 'hex'), zeros(12), le32(0xfffffff0)]),
    'lying.psd': Buffer.concat([
      words('8BPS'),
      u16(1),
      zeros(6),
      u16(56),
      u32(300_000),
      u32(300_000),
      u16(8),
      u16(3),
      zeros(40),
    ]),
    'lying.exr': Buffer.concat([
      Buffer.from('762f310102000000', 'hex'),
      words('channels\0chlist\0'),
      le32(0x7fffffff),
      zeros(50),
    ]),
    'lying.dds': Buffer.concat([
      words('DDS '),
      le32(124),
      le32(0x1007),
      le32(0x7fffffff),
      le32(0x7fffffff),
      zeros(108),
    ]),
  };
}

function films(canary: string): Files {
  const box = (type: string, body: Buffer, size = body.length + 8) =>
    Buffer.concat([u32(size), words(type), body]);
  const ftyp = box('ftyp', words('isom\0\0\0\0isom'));
  let nest = zeros(0);
  for (let i = 0; i < 5000; i += 1) nest = box(i % 2 === 0 ? 'trak' : 'moov', nest);
  const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${canary}/seg.ts\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`;
  const wave = (rate: number, channels: number, bits: number) =>
    Buffer.concat([
      words('RIFF'),
      le32(0xffffffff),
      words('WAVEfmt '),
      le32(16),
      le16(1),
      le16(channels),
      le32(rate),
      le32(0),
      le16(0),
      le16(bits),
      words('data'),
      le32(0xfffffff0),
      zeros(500),
    ]);
  return {
    'boxes.mp4': Buffer.concat([ftyp, box('moov', zeros(20), 0x7fffffff)]),
    'nested.mp4': Buffer.concat([ftyp, nest]),
    'ages.mp4': Buffer.concat([
      ftyp,
      box('moov', box('mvhd', Buffer.concat([zeros(12), u32(1), u32(0xffffffff), zeros(80)]))),
    ]),
    'endless.mp4': Buffer.concat([ftyp, ...Array.from({ length: 50_000 }, () => box('free', zeros(0)))]),
    'playlist.mp4': words(playlist),
    'playlist.mkv': words(playlist),
    'concat.avi': words(`ffconcat version 1.0\nfile '${canary}/x.mp4'\nfile '/etc/passwd'\n`),
    'dash.mp4': words(
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>${canary}/</BaseURL></Period></MPD>`,
    ),
    'session.mov': words(
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=control:${canary}/v\n`,
    ),
    'lying.mkv': Buffer.concat([
      Buffer.from('1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b61', 'hex'),
      Buffer.from('18538067 01ffffffffffffff'.replace(' ', ''), 'hex'),
      zeros(300),
    ]),
    'rate.wav': wave(0, 2, 16),
    'channels.wav': wave(44_100, 65_535, 65_535),
    'fast.wav': wave(0xffffffff, 1, 8),
    'tag.mp3': Buffer.concat([
      words('ID3\x04\0\0'),
      Buffer.from('7f7f7f7f', 'hex'),
      words('APIC'),
      Buffer.from('7f7f7f7f', 'hex'),
      zeros(500),
    ]),
    'lying.flac': Buffer.concat([words('fLaC'), Buffer.from('84ffffff', 'hex'), zeros(300)]),
    'lying.ogg': Buffer.concat([words('OggS\0\x02'), Buffer.alloc(21, 255), Buffer.alloc(300, 255)]),
  };
}

/** A zip whose directory says what it likes of its entries. */
function zip(entries: Record<string, Buffer>, said?: number): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, raw] of Object.entries(entries)) {
    const data = deflateRawSync(raw);
    const sizes = Buffer.concat([le32(crc32(raw)), le32(data.length), le32(said ?? raw.length)]);
    const head = Buffer.concat([le16(20), le16(0), le16(8), zeros(4), sizes, le16(name.length), le16(0)]);
    const entry = Buffer.concat([words('PK\x03\x04'), head, words(name), data]);
    central.push(Buffer.concat([words('PK\x01\x02'), le16(20), head, zeros(10), le32(offset), words(name)]));
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const count = le16(central.length & 0xffff);
  return Buffer.concat([
    ...local,
    directory,
    words('PK\x05\x06'),
    zeros(4),
    count,
    count,
    le32(directory.length),
    le32(offset),
    zeros(2),
  ]);
}

function documents(canary: string): Files {
  const types = words(
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  );
  const docx = (xml: Buffer, said?: number) =>
    zip({ '[Content_Types].xml': types, 'word/document.xml': xml }, said);
  const pdf = (...objects: (string | Buffer)[]) =>
    Buffer.concat([
      words('%PDF-1.7\n'),
      ...objects.map((body, i) =>
        Buffer.concat([words(`${i + 1} 0 obj\n`), Buffer.from(body), words('\nendobj\n')]),
      ),
      words('trailer <</Root 1 0 R>>\n%%EOF'),
    ]);
  const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>';
  const pages = '<</Type/Pages/Count 1/Kids[3 0 R]>>';
  return {
    'bomb.docx': docx(
      Buffer.concat([words('<w:document><w:t>'), Buffer.alloc(80e6, 97), words('</w:t></w:document>')]),
    ),
    'lying.docx': docx(Buffer.alloc(80e6, 97), 10),
    'laughs.docx': docx(words(`<?xml version="1.0"?>${LAUGHS}<w:document><w:t>&j;</w:t></w:document>`)),
    'outside.docx': docx(
      words(
        `<!DOCTYPE x [<!ENTITY x SYSTEM "${canary}/x"><!ENTITY y SYSTEM "file:///etc/passwd">]><w:document><w:t>&x;&y;</w:t></w:document>`,
      ),
    ),
    'nested.docx': docx(words(deep('<w:p>', '</w:p>', 500_000))),
    'many.docx': zip(
      Object.fromEntries([
        ['[Content_Types].xml', types] as const,
        ...Array.from({ length: 30_000 }, (_, i) => [`word/${i}.xml`, zeros(1)] as const),
      ]),
    ),
    'climbing.zip': zip({
      '../../../../tmp/backlot-climbed': words('x'),
      '/etc/backlot-climbed': words('x'),
    }),
    'none.pdf': pdf('<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 0/Kids[]>>'),
    'loop.pdf': pdf('<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 9999999/Kids[2 0 R 2 0 R]>>'),
    'bomb.pdf': pdf(
      '<</Type/Catalog/Pages 2 0 R>>',
      pages,
      page,
      Buffer.concat([
        words(`<</Filter/FlateDecode/Length ${BOMB.length}>>stream\n`),
        BOMB,
        words('\nendstream'),
      ]),
    ),
    'active.pdf': pdf(
      `<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.launchURL\\("${canary}/js"\\))>>/AA<</O<</S/URI/URI(${canary}/uri)>>>>>>`,
      pages,
      page,
      '<</Length 0>>stream\n\nendstream',
    ),
    'wide.pdf': pdf(
      '<</Type/Catalog/Pages 2 0 R>>',
      pages,
      page.replace('200 200', '99999999 99999999'),
      '<</Length 0>>stream\n\nendstream',
    ),
    'old.doc': Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600, 255)]),
    'deep.json': words(deep('[', ']', 2e6)),
    'deep-workflow.json': words(
      `{"nodes":[{"id":1,"type":"KSampler"}],"links":[],"x":${deep('{"a":', '}', 3e5).replace('{"a":}', '{}')}}`,
    ),
    'line.csv': Buffer.alloc(20e6, 44),
    'subtitles.srt': Buffer.alloc(2e6, 49),
  };
}

function production(canary: string): Files {
  const table = (tag: string, offset: number, length: number) =>
    Buffer.concat([words(tag), zeros(4), u32(offset), u32(length)]);
  const sfnt = Buffer.concat([
    Buffer.from('00010000', 'hex'),
    u16(5),
    zeros(6),
    ...['cmap', 'glyf', 'head', 'maxp', 'name'].map((tag) => table(tag, 0xfffffff0, 0xffffffff)),
    Buffer.alloc(200, 255),
  ]);
  const gltf = (buffer: object, count: number) =>
    words(
      JSON.stringify({
        asset: { version: '2.0' },
        scene: 0,
        scenes: [{ nodes: [0] }],
        nodes: [{ mesh: 0, children: [0] }],
        meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
        accessors: [{ bufferView: 0, componentType: 5126, count, type: 'VEC3' }],
        bufferViews: [{ buffer: 0, byteLength: 0xffffffff }],
        buffers: [buffer],
        images: [{ uri: '../../../../../../etc/passwd' }, { uri: `${canary}/t.png` }],
      }),
    );
  const glb = (json: Buffer, said = json.length) =>
    Buffer.concat([words('glTF'), le32(2), le32(20 + json.length), le32(said), words('JSON'), json]);
  const header = (json: string, length = BigInt(Buffer.byteLength(json))) => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(length);
    return Buffer.concat([size, words(json)]);
  };
  const ply = (count: string, list = '') =>
    words(
      `ply\nformat binary_little_endian 1.0\nelement vertex ${count}\nproperty float x\nproperty float y\nproperty float z\n${list}end_header\n${'\0'.repeat(120)}`,
    );
  return {
    'lying.ttf': sfnt,
    'lying.otf': Buffer.concat([words('OTTO'), sfnt.subarray(4)]),
    'many.ttc': Buffer.concat([words('ttcf'), u32(0x00010000), u32(0xffffffff), Buffer.alloc(100, 255)]),
    'bomb.woff': Buffer.concat([
      words('wOFF'),
      u32(0x00010000),
      u32(44 + 20 + BOMB.length),
      u16(1),
      u16(0),
      u32(0xffffffff),
      zeros(24),
      words('glyf'),
      u32(64),
      u32(BOMB.length),
      u32(64e6),
      u32(0),
      BOMB,
    ]),
    'lying.woff2': Buffer.concat([
      words('wOF2'),
      u32(0x00010000),
      u32(148),
      u16(0xffff),
      u16(0),
      u32(0xffffffff),
      u32(0xffffffff),
      Buffer.alloc(124, 0),
    ]),
    'climbing.gltf': gltf({ uri: '../../../../../../etc/passwd', byteLength: 100 }, 3),
    'remote.gltf': gltf({ uri: `${canary}/b.bin`, byteLength: 100 }, 3),
    'many.gltf': gltf({ uri: 'data:application/octet-stream;base64,AAAA', byteLength: 0xffffffff }, 1e9),
    'many.glb': glb(gltf({ byteLength: 0xffffffff }, 4e9)),
    'lying.glb': glb(words('{"asset":{"version":"2.0"}}'), 0xfffffff0),
    'deep.glb': glb(words(`{"asset":{"version":"2.0"},"extras":${deep('[', ']', 1e6)}}`)),
    'outside.obj': words(
      `mtllib ${canary}/x.mtl\nmtllib /etc/passwd\nv 0 0 0\nv 1e308 1e308 NaN\nv -1e308 1 1\nf 1 2 3\nf 999999999 -999999999 2\n`,
    ),
    'many.ply': ply('1000000000'),
    'lying.ply': ply('40000'),
    'list.ply': ply('1', 'element face 30000\nproperty list uint uint vertex_indices\n'),
    'below.ply': ply('-5'),
    'many.stl': Buffer.concat([zeros(80), le32(0xffffffff), Buffer.alloc(500, 1)]),
    'huge.cube': words('LUT_3D_SIZE 1000\n0 0 0\n0 0 1\n'),
    'infinite.cube': words('LUT_3D_SIZE 1e308\n0 0 0\n'),
    'below.cube': words('LUT_3D_SIZE -5\n0 0 0\n'),
    'odd.cube': words(
      'LUT_3D_SIZE 2\nDOMAIN_MIN 1e308 NaN 0\nDOMAIN_MAX -1e308 0 0\n' + 'NaN 1e999 -1e999\n'.repeat(8),
    ),
    'huge.safetensors': header('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 2n ** 63n),
    'large.safetensors': header('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 99_000_000n),
    'shape.safetensors': header(
      '{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991,9007199254740991],"data_offsets":[0,9007199254740991]}}',
    ),
    'deep.safetensors': header(`{"a":${deep('[', ']', 1e6)}}`),
    'said.safetensors': header(
      `{"__metadata__":{"ss_tag_frequency":"${'{\\"a\\":'.repeat(100_000)}"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}${' '.repeat(4)}`,
    ),
    'deep.bvh': words(
      `HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 3 Xrotation Yrotation Zrotation\n${deep('JOINT b {\nOFFSET 0 0 0\nCHANNELS 0\n', '}\n', 100_000)}}\nMOTION\nFrames: 1000000000\nFrame Time: 0\n`,
    ),
    'pickle.ckpt': Buffer.concat([
      Buffer.from('8002', 'hex'),
      words('cos\nsystem\n(S"touch /tmp/backlot-climbed"\ntR.'),
    ]),
    'outside.usda': words(`#usda 1.0\n( subLayers = [@${canary}/x.usda@, @/etc/passwd@] )\n`),
  };
}

let app: TestApp;
let server: Server;
let fixtures: string;
const asked: string[] = [];

beforeAll(async () => {
  fixtures = await makeFixtures();
  server = createServer((request, reply) => {
    asked.push(request.url ?? '');
    reply.end('');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  app = await startApp({ worker: true });
}, 180_000);
afterAll(async () => {
  await app.close();
  server.close();
});

const GROUPS: Readonly<Record<string, (canary: string) => Files>> = {
  vectors: svgs,
  pictures,
  'films and sounds': films,
  documents,
  'fonts, models, tables and weights': production,
  'models of other programs': hostileModels,
};

it.each(Object.keys(GROUPS))(
  'hostile %s end in a stated state, reach nothing, and the next file is read',
  async (group) => {
    const canary = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const files = Object.entries(GROUPS[group]?.(canary) ?? {});
    const good = await readFile(path.join(fixtures, 'image/desert.png'));
    const ids: (readonly [string, string])[] = [];
    for (const [name, bytes] of files) {
      ids.push([name, assetOf(await putRaw(app, { bytes, name }))]);
      if (ids.length % 5 !== 0) continue;
      // Each good file differs, since the same bytes would be known already.
      const next = Buffer.concat([good, words(`${group} ${name}`)]);
      ids.push([`after ${name}`, assetOf(await putRaw(app, { bytes: next, name: `after ${name}.png` }))]);
    }
    await understood(app);
    const ends: Record<string, string> = {};
    for (const [name, id] of ids) {
      const asset = await app.client.call('assets.get', { b: 'default', id });
      const { state, stateReason } = asset;
      if (name.startsWith('after ')) expect([name, state]).toEqual([name, 'ready']);
      else ends[name] = state === 'ready' ? 'ready' : `${state} ${stateReason ?? ''}`;
      expect(JSON.stringify(asset), name).not.toMatch(/NaN|Infinity|root:[x*]:0/);
    }
    // A crash of the reader is survived, yet each is a fault of a kind that should have said why.
    const surprises = Object.entries(ends).filter(([, end]) =>
      /processing|decoder_|stopped|timeout|^(failed|ready_no_preview|protected) $/.test(end),
    );
    expect(surprises).toEqual([]);
    expect(asked).toEqual([]);
    expect((await decoderProcesses()).length).toBeLessThanOrEqual(4);
  },
  300_000,
);
