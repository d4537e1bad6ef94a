/** Sizes of the page in points; A4. */
const PAGE = { width: 595, height: 842 };

/** A PDF of plain pages: a heading and lines each, in a font that every reader has. */
export function pdf(pages: readonly { title: string; lines: readonly string[] }[]): Buffer {
  const objects: string[] = [];
  const kids = pages.map((_, i) => `${4 + i * 2} 0 R`).join(' ');
  objects.push('<< /Type /Catalog /Pages 2 0 R >>');
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  for (const [i, page] of pages.entries()) {
    const content = drawn(page);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + i * 2} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  let text = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

function drawn({ title, lines }: { title: string; lines: readonly string[] }): string {
  const safe = (words: string) => words.replaceAll(/[\\()]/g, (sign) => `\\${sign}`);
  const body = lines.map((line) => `0 -19 Td (${safe(line)}) Tj`).join('\n');
  return `0.12 0.2 0.36 rg 56 770 90 5 re f BT /F1 23 Tf 56 728 Td (${safe(title)}) Tj ET 0.16 0.16 0.18 rg BT /F1 11 Tf 56 704 Td\n${body}\nET`;
}

/** A colour table in the .cube form: contrast about the middle, then a tint for shadows and one for lights. */
export function cube(
  title: string,
  look: { contrast: number; shadow: readonly number[]; light: readonly number[] },
): Buffer {
  const size = 17;
  const lines = [`TITLE "${title}"`, `LUT_3D_SIZE ${size}`];
  const channel = (value: number, n: number) => {
    const bent = 0.5 + (value - 0.5) * look.contrast;
    const tinted = bent + (look.shadow[n] ?? 0) * (1 - bent) + (look.light[n] ?? 0) * bent;
    return Math.max(0, Math.min(1, tinted)).toFixed(5);
  };
  for (let b = 0; b < size; b += 1) {
    for (let g = 0; g < size; g += 1) {
      for (let r = 0; r < size; r += 1) {
        lines.push([r, g, b].map((step, n) => channel(step / (size - 1), n)).join(' '));
      }
    }
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** A LoRA as trainers write it: a header that tells what it is, and one small tensor. */
export function lora(name: string, words: Readonly<Record<string, number>>): Buffer {
  const header = {
    __metadata__: {
      ss_output_name: name,
      ss_base_model_version: 'sdxl_base_v1-0',
      ss_network_module: 'networks.lora',
      ss_network_dim: '16',
      ss_network_alpha: '8',
      ss_tag_frequency: JSON.stringify({ training: words }),
      'modelspec.architecture': 'stable-diffusion-xl-v1-base/lora',
      'modelspec.title': name,
      'modelspec.trigger_phrase': Object.keys(words)[0] ?? name,
    },
    'lora_unet_input_blocks_4_1_proj_in.lora_down.weight': {
      dtype: 'F16',
      shape: [16, 64],
      data_offsets: [0, 2048],
    },
    'lora_unet_input_blocks_4_1_proj_in.lora_up.weight': {
      dtype: 'F16',
      shape: [64, 16],
      data_offsets: [2048, 4096],
    },
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(4096)]);
}

/** A turned vase as GLB: one mesh with normals and one material. `profile` holds radii from bottom to top. */
export function vase(profile: readonly number[], colour: readonly [number, number, number]): Buffer {
  const around = 48;
  const points: number[] = [];
  const normals: number[] = [];
  const faces: number[] = [];
  for (const [row, radius] of profile.entries()) {
    const slope = (profile[row + 1] ?? radius) - (profile[row - 1] ?? radius);
    for (let step = 0; step <= around; step += 1) {
      const turn = (step / around) * 2 * Math.PI;
      points.push(Math.cos(turn) * radius, row * 0.16, Math.sin(turn) * radius);
      const length = Math.hypot(0.32, slope);
      normals.push((Math.cos(turn) * 0.32) / length, -slope / length, (Math.sin(turn) * 0.32) / length);
      if (row > 0 && step > 0) {
        const at = row * (around + 1) + step;
        const below = at - around - 1;
        faces.push(below - 1, at - 1, at, below - 1, at, below);
      }
    }
  }
  return glb({
    points,
    normals,
    faces,
    colour,
    top: (profile.length - 1) * 0.16,
    wide: Math.max(...profile),
  });
}

interface Mesh {
  readonly points: readonly number[];
  readonly normals: readonly number[];
  readonly faces: readonly number[];
  readonly colour: readonly [number, number, number];
  readonly top: number;
  readonly wide: number;
}

function glb({ points, normals, faces, colour, top, wide }: Mesh): Buffer {
  const parts = [Float32Array.from(points), Float32Array.from(normals), Uint32Array.from(faces)];
  const binary = Buffer.concat(parts.map((part) => Buffer.from(part.buffer)));
  let at = 0;
  const bufferViews = parts.map((part, n) => {
    const view = { buffer: 0, byteOffset: at, byteLength: part.byteLength, target: n === 2 ? 34963 : 34962 };
    at += part.byteLength;
    return view;
  });
  const vertices = { componentType: 5126, count: points.length / 3, type: 'VEC3' };
  const document = {
    asset: { version: '2.0', generator: 'Backlot demo' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, name: 'Vase' }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1 }, indices: 2, material: 0 }] }],
    materials: [
      {
        name: 'Glaze',
        doubleSided: true,
        pbrMetallicRoughness: { baseColorFactor: [...colour, 1], metallicFactor: 0.1, roughnessFactor: 0.4 },
      },
    ],
    accessors: [
      { bufferView: 0, ...vertices, min: [-wide, 0, -wide], max: [wide, top, wide] },
      { bufferView: 1, ...vertices },
      { bufferView: 2, componentType: 5125, count: faces.length, type: 'SCALAR' },
    ],
    bufferViews,
    buffers: [{ byteLength: binary.length }],
  };
  const text = JSON.stringify(document);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4));
  const head = (length: number, type: number) => {
    const words = Buffer.alloc(8);
    words.writeUInt32LE(length, 0);
    words.writeUInt32LE(type, 4);
    return words;
  };
  const start = Buffer.alloc(12);
  start.write('glTF', 0, 'latin1');
  start.writeUInt32LE(2, 4);
  start.writeUInt32LE(28 + json.length + binary.length, 8);
  return Buffer.concat([start, head(json.length, 0x4e4f534a), json, head(binary.length, 0x004e4942), binary]);
}
