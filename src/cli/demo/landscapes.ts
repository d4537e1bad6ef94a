import { chance, mix } from './random.ts';
import type { Chance } from './random.ts';

/** A drawn picture, split into layers from far to near so that a camera can move past them. Sizes are pixels. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** SVG markup without its root. */
  readonly layers: readonly string[];
}

export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

/** Sky above, sky at the horizon, far ground, near ground, light. */
type Light = readonly [string, string, string, string, string];

const DAWN: Light = ['#27406b', '#f3b58c', '#5b6d8e', '#182233', '#ffe3bd'];
const DUSK: Light = ['#1d1f4f', '#e8695c', '#4d3b6b', '#140f24', '#ffd0a0'];
const NOON: Light = ['#2f7fc1', '#cfe8f2', '#5f8f86', '#1d3a33', '#fffbe8'];
const NIGHT: Light = ['#050a1c', '#1f3a5f', '#16263f', '#04070f', '#e6eeff'];
const GOLD: Light = ['#6f8fa8', '#f6d59a', '#b98a55', '#3b2615', '#fff1cf'];
const MIST: Light = ['#8fa5b2', '#e7ecea', '#8b9d9c', '#2c3a3a', '#ffffff'];
const LIGHTS = { dawn: DAWN, dusk: DUSK, noon: NOON, night: NIGHT, gold: GOLD, mist: MIST } as const;
export type LightName = keyof typeof LIGHTS;

const round = (value: number) => Math.round(value * 10) / 10;

function sky({ width, height }: Canvas, [top, horizon]: Light, id: string): string {
  return `<defs><linearGradient id="${id}" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset=".72" stop-color="${horizon}"/><stop offset="1" stop-color="${horizon}"/></linearGradient></defs><rect width="${width}" height="${height}" fill="url(#${id})"/>`;
}

function sun(canvas: Canvas, light: Light, at: { x: number; y: number; r: number }): string {
  const id = `sun${canvas.seed}`;
  return `<defs><radialGradient id="${id}"><stop offset="0" stop-color="${light[4]}"/><stop offset=".13" stop-color="${light[4]}"/><stop offset=".16" stop-color="${light[4]}" stop-opacity=".45"/><stop offset="1" stop-color="${light[4]}" stop-opacity="0"/></radialGradient></defs><circle cx="${round(at.x)}" cy="${round(at.y)}" r="${round(at.r * 7)}" fill="url(#${id})"/>`;
}

function stars({ width, height }: Canvas, roll: Chance): string {
  return Array.from({ length: 160 }, () => {
    const [x, y, r] = [roll.between(0, width), roll.between(0, height * 0.6), roll.between(0.4, 1.9)];
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(r)}" fill="#fff" opacity="${round(roll.between(0.2, 0.95))}"/>`;
  }).join('');
}

/** A skyline by halving: each middle is moved up or down, less with each halving. */
function ridge(width: number, roll: Chance, shape: { y: number; swing: number; rough: number }): string {
  let heights = [0, 1, 2, 3, 4].map(() => shape.y + roll.between(-shape.swing, shape.swing));
  for (let step = 0, swing = shape.swing; step < 6; step += 1) {
    swing *= shape.rough;
    heights = heights.flatMap((value, i) => {
      const next = heights[i + 1];
      return next === undefined ? [value] : [value, (value + next) / 2 + roll.between(-swing, swing)];
    });
  }
  const gap = width / (heights.length - 1);
  return heights.map((y, i) => `${round(i * gap)},${round(y)}`).join(' ');
}

function ground(canvas: Canvas, points: string, fill: string): string {
  return `<polygon points="0,${canvas.height} ${points} ${canvas.width},${canvas.height}" fill="${fill}"/>`;
}

export function mountains(canvas: Canvas, light: LightName): Scene {
  const roll = chance(canvas.seed);
  const tones = LIGHTS[light];
  const { width, height } = canvas;
  const behind =
    sky(canvas, tones, `sky${canvas.seed}`) +
    (light === 'night' ? stars(canvas, roll) : '') +
    sun(canvas, tones, {
      x: roll.between(width * 0.2, width * 0.8),
      y: roll.between(height * 0.18, height * 0.42),
      r: height * 0.045,
    });
  const ridges = [0, 1, 2, 3].map((n) => {
    const points = ridge(width, roll, {
      y: height * (0.5 + n * 0.12),
      swing: height * (0.17 - n * 0.03),
      rough: 0.5,
    });
    return ground(canvas, points, mix(mix(tones[1], tones[2], 0.35 + n * 0.22), tones[3], n * 0.3));
  });
  return { width, height, layers: [behind, ridges.slice(0, 2).join(''), ridges.slice(2).join('')] };
}

export function sea(canvas: Canvas, light: LightName): Scene {
  const roll = chance(canvas.seed);
  const tones = LIGHTS[light];
  const { width, height } = canvas;
  const horizon = height * roll.between(0.5, 0.62);
  const x = roll.between(width * 0.25, width * 0.75);
  const behind =
    sky(canvas, tones, `sky${canvas.seed}`) +
    (light === 'night' ? stars(canvas, roll) : '') +
    sun(canvas, tones, { x, y: horizon - height * roll.between(0.06, 0.22), r: height * 0.04 });
  const water = `<defs><linearGradient id="sea${canvas.seed}" x2="0" y2="1"><stop offset="0" stop-color="${mix(tones[1], tones[2], 0.5)}"/><stop offset="1" stop-color="${tones[3]}"/></linearGradient></defs><rect y="${round(horizon)}" width="${width}" height="${round(height - horizon)}" fill="url(#sea${canvas.seed})"/>`;
  const glitter = Array.from({ length: 130 }, () => {
    const depth = roll.between(0, 1) ** 1.6;
    const y = horizon + 4 + depth * (height - horizon);
    const half = (12 + depth * width * 0.16) * roll.between(0.15, 1);
    const from = x + roll.between(-1, 1) * (30 + depth * width * 0.16) - half / 2;
    return `<rect x="${round(from)}" y="${round(y)}" width="${round(half)}" height="${round(1 + depth * 5)}" rx="2" fill="${tones[4]}" opacity="${round(roll.between(0.12, 0.6) * (1 - depth * 0.5))}"/>`;
  }).join('');
  const boats = Array.from({ length: roll.whole(1, 4) }, () => boat(roll, tones, { horizon, width, height }));
  return { width, height, layers: [behind, water + glitter, boats.join('')] };
}

function boat(roll: Chance, tones: Light, at: { horizon: number; width: number; height: number }): string {
  const size = at.height * roll.between(0.04, 0.12);
  const x = roll.between(at.width * 0.08, at.width * 0.92);
  const y = at.horizon + size * roll.between(0.5, 2.4);
  const sail = mix(tones[4], tones[1], roll.between(0, 0.4));
  return `<g transform="translate(${round(x)} ${round(y)}) scale(${round(size) / 100})"><path d="M-48 0 H50 L34 18 H-34 Z" fill="${tones[3]}"/><path d="M-3 -4 V-128 L46 -10 Z" fill="${sail}"/><path d="M-9 -4 V-104 L-38 -12 Z" fill="${mix(sail, tones[2], 0.3)}"/><rect x="-6" y="-130" width="3" height="130" fill="${tones[3]}"/></g>`;
}

export function city(canvas: Canvas, light: LightName): Scene {
  const roll = chance(canvas.seed);
  const tones = LIGHTS[light];
  const { width, height } = canvas;
  const behind =
    sky(canvas, tones, `sky${canvas.seed}`) +
    (light === 'night' ? stars(canvas, roll) : '') +
    sun(canvas, tones, { x: width * roll.between(0.15, 0.85), y: height * 0.24, r: height * 0.035 });
  const rows = [0, 1, 2].map((n) => {
    const fill = mix(mix(tones[1], tones[2], 0.5 + n * 0.25), tones[3], n * 0.38);
    let x = -20;
    let drawn = '';
    while (x < width) {
      const wide = width * roll.between(0.03, 0.085);
      const tall = height * roll.between(0.18, 0.5) * (1 - n * 0.16);
      drawn += tower({ x, wide, tall, base: height, fill }, roll, tones[4]);
      x += wide + roll.between(0, width * 0.012);
    }
    return drawn;
  });
  return { width, height, layers: [behind, rows[0] ?? '', (rows[1] ?? '') + (rows[2] ?? '')] };
}

function tower(
  at: { x: number; wide: number; tall: number; base: number; fill: string },
  roll: Chance,
  glow: string,
): string {
  const top = at.base - at.tall;
  let drawn = `<rect x="${round(at.x)}" y="${round(top)}" width="${round(at.wide)}" height="${round(at.tall)}" fill="${at.fill}"/>`;
  const gap = at.wide / 5;
  for (let y = top + gap; y < at.base - gap; y += gap * 1.7) {
    for (let x = at.x + gap * 0.7; x < at.x + at.wide - gap * 0.7; x += gap) {
      if (roll.between(0, 1) > 0.36) continue;
      drawn += `<rect x="${round(x)}" y="${round(y)}" width="${round(gap * 0.55)}" height="${round(gap * 0.9)}" fill="${glow}" opacity="${round(roll.between(0.25, 0.9))}"/>`;
    }
  }
  return drawn;
}

export function forest(canvas: Canvas, light: LightName): Scene {
  const roll = chance(canvas.seed);
  const tones = LIGHTS[light];
  const { width, height } = canvas;
  const rows = [0, 1, 2, 3].map((n) => {
    const fill = mix(mix(tones[1], tones[2], 0.3 + n * 0.25), tones[3], n * 0.32);
    const trees = Array.from({ length: 34 - n * 6 }, () => {
      const tall = height * roll.between(0.2, 0.36) * (1 + n * 0.32);
      return pine(roll.between(-40, width + 40), height * (0.62 + n * 0.13), { tall, fill });
    });
    const floor = `<rect y="${round(height * (0.6 + n * 0.13))}" width="${width}" height="${height}" fill="${fill}"/>`;
    const haze = `<rect y="${round(height * (0.4 + n * 0.13))}" width="${width}" height="${round(height * 0.3)}" fill="${tones[1]}" opacity=".14"/>`;
    return trees.join('') + floor + haze;
  });
  const behind =
    sky(canvas, tones, `sky${canvas.seed}`) +
    sun(canvas, tones, { x: width * roll.between(0.3, 0.7), y: height * 0.3, r: height * 0.05 });
  return { width, height, layers: [behind, rows.slice(0, 2).join(''), rows.slice(2).join('')] };
}

function pine(x: number, base: number, { tall, fill }: { tall: number; fill: string }): string {
  const half = tall * 0.2;
  const steps = [0, 1, 2, 3].map((n) => {
    const top = base - tall + (tall * n) / 5;
    const wide = half * (0.4 + n * 0.22);
    return `<path d="M${round(x)} ${round(top)} L${round(x + wide)} ${round(top + tall * 0.34)} H${round(x - wide)} Z" fill="${fill}"/>`;
  });
  return `${steps.join('')}<rect x="${round(x - tall * 0.015)}" y="${round(base - tall * 0.16)}" width="${round(tall * 0.03)}" height="${round(tall * 0.18)}" fill="${fill}"/>`;
}

export function dunes(canvas: Canvas, light: LightName): Scene {
  const roll = chance(canvas.seed);
  const tones = LIGHTS[light];
  const { width, height } = canvas;
  const behind =
    sky(canvas, tones, `sky${canvas.seed}`) +
    sun(canvas, tones, { x: width * roll.between(0.15, 0.85), y: height * 0.28, r: height * 0.06 });
  const waves = [0, 1, 2, 3, 4].map((n) => {
    const y = height * (0.46 + n * 0.12);
    const [a, b, c] = [0, 0, 0].map(() => y + roll.between(-1, 1) * height * 0.09);
    const sand = mix(mix('#e9b872', tones[1], 0.45), tones[3], n * 0.16);
    const crest = `M0 ${round(y)} C${round(width * 0.25)} ${round(a ?? y)} ${round(width * 0.4)} ${round(b ?? y)} ${round(width * 0.62)} ${round(y - height * 0.03)} S${round(width * 0.9)} ${round(c ?? y)} ${width} ${round(y)}`;
    return `<path d="${crest} V${height} H0 Z" fill="${sand}"/><path d="${crest}" fill="none" stroke="${tones[4]}" stroke-opacity=".28" stroke-width="2.5"/>`;
  });
  return { width, height, layers: [behind, waves.slice(0, 3).join(''), waves.slice(3).join('')] };
}
