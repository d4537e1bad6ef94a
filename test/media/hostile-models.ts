import { deflateSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';

function le32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4);
  return bytes;
}

/** Records of one letter within one another, all of which end where the file does. */
function nestedFbx(names: readonly string[], inside: Buffer, values = 0): Buffer {
  const head = Buffer.concat([Buffer.from('Kaydara FBX Binary  \0\x1a\0', 'latin1'), le32(7400)]);
  const end = head.length + names.reduce((sum, name) => sum + 13 + name.length, 0) + inside.length;
  const records = names.map((name, i) => {
    const isLast = i === names.length - 1;
    const sizes = le32(end, isLast ? values : 0, isLast ? inside.length : 0);
    return Buffer.concat([sizes, Buffer.from([name.length]), Buffer.from(name, 'latin1')]);
  });
  return Buffer.concat([head, ...records, inside]);
}

/** A list that claims four thousand million numbers, packed into a bomb. */
function hugeList(type: string): Buffer {
  const bomb = deflateSync(Buffer.alloc(32e6), { level: 9 });
  return Buffer.concat([Buffer.from(type, 'latin1'), le32(0xffffffff, 1, bomb.length), bomb]);
}

const layer = (...references: readonly string[]): Uint8Array =>
  strToU8(
    `#usda 1.0\n${references.map((one, i) => `def Xform "A${i}" (\n    prepend references = ${one}\n)\n{\n}\n`).join('')}`,
  );
const usdz = (files: Record<string, Uint8Array>): Buffer => Buffer.from(zipSync(files, { level: 0 }));

/** Models of other programs that lie, go round in circles, or name what lies outside of them. */
export function hostileModels(canary: string): Record<string, Buffer> {
  const circle = '@./scene.usda@</A0>';
  return {
    'lying.fbx': nestedFbx(['Objects'], Buffer.alloc(40, 0xff), 0xffffffff),
    'deep.fbx': nestedFbx(['Objects', ...Array.from({ length: 50_000 }, () => 'a')], Buffer.alloc(0)),
    'many.fbx': nestedFbx(['Objects', 'Geometry', 'Vertices'], hugeList('d'), 1),
    'circle.usdz': usdz({ 'scene.usda': layer(circle, circle, circle) }),
    'climbing.usdz': usdz({
      'scene.usda': layer('@../../../../../../etc/passwd@', `@${canary}/x.usda@`, '@/etc/passwd@</A>'),
    }),
    'bomb.usdz': Buffer.from(zipSync({ 'scene.usda': new Uint8Array(64e6) }, { level: 9 })),
    'lying.usdz': usdz({
      'scene.usdc': Buffer.concat([
        Buffer.from('PXR-USDC\0\x08\0\0\0\0\0\0', 'latin1'),
        Buffer.alloc(400, 0xff),
      ]),
    }),
    'lying.usdc': Buffer.concat([
      Buffer.from('PXR-USDC\0\x08\0\0\0\0\0\0', 'latin1'),
      le32(24, 0, 0x7fffffff, 0),
      Buffer.alloc(200, 0x7f),
    ]),
  };
}
