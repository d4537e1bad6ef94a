import { chance, mix } from './random.ts';
import type { Canvas, Scene } from './landscapes.ts';

const round = (value: number) => Math.round(value * 10) / 10;

const STUDIO = [
  ['#f2d7c4', '#b5573a', '#2b1a14'],
  ['#d8e6e3', '#2f7a70', '#10302d'],
  ['#f5e3b5', '#e0912f', '#4a2a0a'],
  ['#dfe3ee', '#3c57a8', '#131c3d'],
  ['#f3dbe4', '#b23a68', '#3a0f22'],
  ['#e6e6e2', '#3a3d3f', '#131415'],
] as const;

function backdrop({ width, height, seed }: Canvas, [pale, deep]: readonly string[]): string {
  return `<defs><radialGradient id="back${seed}" cx=".5" cy=".42" r=".8"><stop offset="0" stop-color="${pale}"/><stop offset="1" stop-color="${mix(pale ?? '#ffffff', deep ?? '#000000', 0.42)}"/></radialGradient></defs><rect width="${width}" height="${height}" fill="url(#back${seed})"/>`;
}

/** One of the made-up shop's goods on a seamless ground; without the ground it is a cut-out. */
export function product(canvas: Canvas, kind: 'bottle' | 'pack' | 'stove' | 'mug', ground = true): Scene {
  const roll = chance(canvas.seed);
  const tones = roll.pick(STUDIO);
  const { width, height } = canvas;
  const size = Math.min(width, height) / 1000;
  const shadow = `<ellipse cx="0" cy="330" rx="300" ry="36" fill="${tones[2]}" opacity=".35"/>`;
  const shape = SHAPES[kind](tones[1], tones[2], `shine${canvas.seed}`);
  const stand = `translate(${width / 2} ${round(height * roll.between(0.5, 0.54))}) scale(${round(size * roll.between(78, 108)) / 100})`;
  const turned = `<g transform="${stand}">${ground ? shadow : ''}<g transform="rotate(${round(roll.between(-5, 5))})">${shape}</g></g>`;
  return { width, height, layers: [ground ? backdrop(canvas, tones) : '', turned] };
}

const shine = (id: string, colour: string) =>
  `<defs><linearGradient id="${id}"><stop offset="0" stop-color="${mix(colour, '#000000', 0.35)}"/><stop offset=".32" stop-color="${mix(colour, '#ffffff', 0.28)}"/><stop offset=".55" stop-color="${colour}"/><stop offset="1" stop-color="${mix(colour, '#000000', 0.5)}"/></linearGradient></defs>`;

const SHAPES: Readonly<
  Record<'bottle' | 'pack' | 'stove' | 'mug', (a: string, b: string, id: string) => string>
> = {
  bottle: (a, b, id) =>
    `${shine(id, a)}<rect x="-115" y="-190" width="230" height="515" rx="54" fill="url(#${id})"/><rect x="-62" y="-300" width="124" height="130" rx="22" fill="${b}"/><rect x="-62" y="-238" width="124" height="10" fill="${a}"/><circle cx="0" cy="60" r="58" fill="none" stroke="#fff" stroke-opacity=".85" stroke-width="9"/><path d="M-36 78 L0 22 L36 78 Z" fill="#fff" opacity=".85"/>`,
  pack: (a, b, id) =>
    `${shine(id, a)}<path d="M-190 -170 Q-180 -320 0 -320 Q180 -320 190 -170 L215 300 Q215 330 180 330 H-180 Q-215 330 -215 300 Z" fill="url(#${id})"/><path d="M-150 60 H150 V270 Q150 290 130 290 H-130 Q-150 290 -150 270 Z" fill="${b}" opacity=".55"/><path d="M-60 -318 Q0 -390 60 -318" fill="none" stroke="${b}" stroke-width="20"/><rect x="-150" y="40" width="300" height="18" fill="${b}"/><rect x="-18" y="30" width="36" height="46" rx="8" fill="#e8d9b0"/>`,
  stove: (a, b, id) =>
    `${shine(id, a)}<rect x="-180" y="130" width="360" height="190" rx="26" fill="url(#${id})"/><rect x="-130" y="90" width="260" height="46" rx="12" fill="${b}"/><path d="M0 -160 C90 -60 95 20 0 88 C-95 20 -50 -40 0 -160 Z" fill="#ffb347"/><path d="M0 -60 C46 -6 46 40 0 84 C-46 40 -28 10 0 -60 Z" fill="#fff0c2"/><circle cx="105" cy="226" r="30" fill="${b}"/><rect x="-150" y="216" width="150" height="12" rx="6" fill="#fff" opacity=".6"/>`,
  mug: (a, b, id) =>
    `${shine(id, a)}<path d="M120 -60 Q270 -60 250 90 Q235 200 120 190" fill="none" stroke="${b}" stroke-width="36"/><path d="M-190 -140 H150 L128 290 Q126 325 90 325 H-130 Q-166 325 -168 290 Z" fill="url(#${id})"/><ellipse cx="-20" cy="-140" rx="170" ry="34" fill="${b}"/><ellipse cx="-20" cy="-136" rx="140" ry="24" fill="#3b2113"/><path d="M-60 -190 q24 -50 0 -100 M20 -190 q24 -50 0 -100" stroke="#fff" stroke-opacity=".5" stroke-width="14" fill="none"/>`,
};

/** A figure in a few flat shapes: nobody's likeness. */
export function person(canvas: Canvas): Scene {
  const roll = chance(canvas.seed);
  const tones = roll.pick(STUDIO);
  const skin = roll.pick(['#f2c9a8', '#d99f74', '#a9704a', '#7a4a2c', '#573220']);
  const hair = roll.pick(['#1d1512', '#4a2c17', '#b98b4e', '#c9c4bb', '#7a2f1d']);
  const { width, height } = canvas;
  const size = Math.min(width, height) / 1000;
  const long = roll.between(0, 1) > 0.5;
  const figure = `<path d="M-330 520 Q-320 210 -110 190 H110 Q320 210 330 520 Z" fill="${tones[1]}"/><path d="M-60 110 H60 V210 Q0 260 -60 210 Z" fill="${mix(skin, '#000000', 0.14)}"/>${long ? `<path d="M-180 -60 Q-190 -290 0 -290 Q190 -290 180 -60 L190 190 H-190 Z" fill="${hair}"/>` : ''}<ellipse cx="0" cy="-30" rx="140" ry="175" fill="${skin}"/><path d="M-150 -50 Q-160 -235 0 -235 Q165 -235 150 -50 Q110 -140 ${roll.whole(-60, 60)} -150 Q-90 -140 -150 -50 Z" fill="${hair}"/><circle cx="-50" cy="-20" r="11" fill="#20160f"/><circle cx="50" cy="-20" r="11" fill="#20160f"/><path d="M-38 62 Q0 ${roll.whole(84, 108)} 38 62" fill="none" stroke="${mix(skin, '#5a1c1c', 0.6)}" stroke-width="9" stroke-linecap="round"/><path d="M0 -8 L-12 34 H10" fill="none" stroke="${mix(skin, '#000000', 0.22)}" stroke-width="7"/>`;
  // Nobody stands in the same place: other cuts and other sides, or all of them would be taken for copies of one.
  const near = size * roll.between(0.72, 1.25);
  const aside = width * (0.5 + roll.pick([-0.16, -0.08, 0, 0.08, 0.16]));
  const placed = `<g transform="translate(${round(aside)} ${round(height * roll.between(0.46, 0.62))}) scale(${round(near * 100) / 100})">${figure}</g>`;
  const behind = roll.pick([
    `<circle cx="${round(width - aside)}" cy="${round(height * 0.36)}" r="${round(width * 0.34)}" fill="${tones[1]}" opacity=".28"/>`,
    `<path d="M0 ${height} L${width} ${round(height * 0.3)} V${height} Z" fill="${tones[2]}" opacity=".3"/>`,
    `<rect x="0" y="0" width="${round(width * 0.42)}" height="${height}" fill="${tones[2]}" opacity=".24"/>`,
    `<path d="M0 0 H${width} V${round(height * 0.22)} L0 ${round(height * 0.5)} Z" fill="#ffffff" opacity=".3"/>`,
  ]);
  return { width, height, layers: [backdrop(canvas, tones), behind, placed] };
}

/** Flowing bands, for moods and backgrounds. */
export function flow(canvas: Canvas): Scene {
  const roll = chance(canvas.seed);
  const { width, height } = canvas;
  const base = roll.pick([
    ['#12022f', '#ff4d6d', '#ffd166'],
    ['#001f3f', '#00b4d8', '#caf0f8'],
    ['#0b3d2e', '#9be564', '#f7ffd6'],
    ['#2d1e2f', '#f15946', '#f9c22e'],
    ['#22223b', '#9a8c98', '#f2e9e4'],
    ['#03071e', '#9d0208', '#ffba08'],
  ] as const);
  const bands = Array.from({ length: 14 }, (_, n) => {
    const share = n / 13;
    const tone = share < 0.5 ? mix(base[0], base[1], share * 2) : mix(base[1], base[2], share * 2 - 1);
    const y = height * (share * 1.1 - 0.05);
    const bend = () => round(y + roll.between(-0.16, 0.16) * height);
    return `<path d="M0 ${bend()} C${round(width * 0.3)} ${bend()} ${round(width * 0.6)} ${bend()} ${width} ${bend()} V${height} H0 Z" fill="${tone}" opacity=".93"/>`;
  });
  return {
    width,
    height,
    layers: [`<rect width="${width}" height="${height}" fill="${base[0]}"/>`, bands.join('')],
  };
}

/** Grain that a surface of this kind has, by the noise that SVG can make itself. */
export function texture(canvas: Canvas, kind: 'wood' | 'marble' | 'paper' | 'rust' | 'fabric'): Scene {
  const { width, height, seed } = canvas;
  const [frequency, octaves, dark, pale] = SURFACES[kind];
  const [a, b] = [dark, pale].map((hex) =>
    [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255),
  );
  const row = (n: number) => `${round(((b?.[n] ?? 0) - (a?.[n] ?? 0)) * 15) / 10} 0 0 0 ${a?.[n] ?? 0}`;
  return {
    width,
    height,
    layers: [
      `<filter id="t${seed}" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB"><feTurbulence type="${kind === 'marble' ? 'turbulence' : 'fractalNoise'}" baseFrequency="${frequency}" numOctaves="${octaves}" seed="${seed}"/><feColorMatrix values="${row(0)} ${row(1)} ${row(2)} 0 0 0 0 1"/></filter><rect width="${width}" height="${height}" filter="url(#t${seed})"/>`,
    ],
  };
}

const SURFACES = {
  wood: ['0.004 0.09', 4, '#5a3418', '#d19a5c'],
  marble: ['0.006 0.009', 5, '#f4f2ee', '#5d6268'],
  paper: ['0.35', 3, '#d8cfbd', '#fbf8f0'],
  rust: ['0.02', 5, '#3c1c10', '#d9803a'],
  fabric: ['0.9 0.12', 2, '#23344f', '#6f8db5'],
} as const;

/** Marks of the made-up brand. `tile` fills the ground, as in a logo that somebody saved without transparency. */
export function mark(canvas: Canvas, style: { tone: string; text: boolean; tile: string | null }): Scene {
  const { width, height } = canvas;
  const size = Math.min(width / (style.text ? 2.5 : 1), height) / 100;
  const sign = `<path d="M12 78 L38 26 L54 56 L64 40 L88 78 Z" fill="${style.tone}"/><circle cx="70" cy="26" r="9" fill="${style.tone}"/>`;
  const letters = style.text
    ? LETTERS.map(
        (path, n) =>
          `<path transform="translate(${104 + n * 28} 30)" d="${path}" fill="none" stroke="${style.tone}" stroke-width="6.5"/>`,
      ).join('')
    : '';
  const left = style.text ? (width - 250 * size) / 2 : (width - 100 * size) / 2;
  const ground =
    style.tile === null ? '' : `<rect width="${width}" height="${height}" fill="${style.tile}"/>`;
  return {
    width,
    height,
    layers: [
      ground,
      `<g transform="translate(${round(left)} ${round((height - 100 * size) / 2)}) scale(${round(size * 100) / 100})">${sign}${letters}</g>`,
    ],
  };
}

/** H A L D E, drawn: a server has no fonts of its own. */
const LETTERS = [
  'M3 0 V44 M21 0 V44 M3 22 H21',
  'M2 44 L12 0 L22 44 M6 29 H18',
  'M3 0 V41 H21',
  'M3 3 V41 Q22 41 22 22 Q22 3 3 3 Z',
  'M21 3 H3 V41 H21 M3 22 H18',
] as const;
