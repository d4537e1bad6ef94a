import { CAMPAIGNS } from './item.ts';
import type { DemoItem } from './item.ts';
import { flow, mark, person, product, texture } from './objects.ts';
import { withText } from './png-text.ts';
import { drawing, picture } from './render.ts';

const LANDSCAPE = { width: 1920, height: 1200 };
const PORTRAIT = { width: 1200, height: 1600 };
const SQUARE = { width: 1400, height: 1400 };

const PRODUCTS = ['Trail Bottle', 'Summit Pack', 'Ember Stove', 'Camp Mug'] as const;
const KINDS = ['bottle', 'pack', 'stove', 'mug'] as const;

export function goods(): DemoItem[] {
  return KINDS.flatMap((kind, k) =>
    [0, 1, 2, 3].map((n): DemoItem => {
      const cut = n === 3;
      const name = PRODUCTS[k] ?? kind;
      return {
        name: `${name} ${cut ? 'cut-out.png' : `studio ${n + 1}.jpg`}`,
        fields: {
          type: 'image',
          tags: ['product', kind, cut ? 'cut-out' : 'studio'],
          description: `${name} ${cut ? 'without background' : 'on a seamless ground'}`,
          product: name,
          campaign: CAMPAIGNS[n % 3] ?? '',
          mustInclude: cut,
        },
        later: { status: 'approved', hasPeople: false, ...(n === 0 ? { rating: 4 } : {}) },
        make: () => picture(product({ ...SQUARE, seed: k * 7 + n }, kind, !cut), cut ? 'png' : 'jpeg'),
      };
    }),
  );
}

export function people(): DemoItem[] {
  const names = ['Mira', 'Jonas', 'Aiko', 'Samuel', 'Lena', 'Tariq', 'Ines', 'Noor', 'Elias', 'Wanda'];
  return names.map((name, n): DemoItem => ({
    name: `Character ${name}.png`,
    fields: {
      type: 'character_reference',
      source: 'generated',
      tags: ['character', 'portrait', name.toLowerCase()],
      description: `${name}, a drawn character, front view`,
      sceneHint: 'Keep the face the same in every shot',
    },
    later: { hasPeople: true, style: ['flat', 'character sheet'], mood: ['friendly'] },
    make: async () =>
      withText(
        await picture(person({ width: 900, height: 1100, seed: n }), 'png'),
        'parameters',
        `${name}, flat illustration, front view, plain background\nNegative prompt: photo, text\nSteps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6, Seed: ${4200 + n}, Size: 900x1100, Model: sdxl_base_v1-0`,
      ),
  }));
}

export function brand(): DemoItem[] {
  const logo = (name: string, make: DemoItem['make'], tags: string[] = []): DemoItem => ({
    name,
    fields: { type: 'logo', tags: ['brand', ...tags], mustInclude: name.includes('primary') },
    later: { status: 'approved' },
    make,
  });
  const wide = { width: 1600, height: 600, seed: 1 };
  const square = { width: 800, height: 800, seed: 1 };
  return [
    logo('Halde logo primary.svg', () => drawing(mark(wide, { tone: '#1c3d36', text: true, tile: null }))),
    logo('Halde logo white.png', () =>
      picture(mark(wide, { tone: '#ffffff', text: true, tile: null }), 'png'),
    ),
    logo('Halde sign.png', () => picture(mark(square, { tone: '#e0912f', text: false, tile: null }), 'png')),
    logo(
      'Halde logo on white.jpg',
      () => picture(mark(wide, { tone: '#1c3d36', text: true, tile: '#ffffff' }), 'jpeg'),
      ['old'],
    ),
  ];
}

export function surfaces(): DemoItem[] {
  const kinds = ['wood', 'marble', 'paper', 'rust', 'fabric'] as const;
  const textures = kinds.map((kind, n): DemoItem => ({
    name: `Texture ${kind}.jpg`,
    fields: { type: 'texture', tags: ['texture', kind], description: `${kind}, straight from above` },
    make: () => picture(texture({ ...SQUARE, seed: n + 3 }, kind), 'jpeg'),
  }));
  const boards = Array.from({ length: 8 }, (_, n): DemoItem => ({
    name: `Mood ${n + 1}.jpg`,
    fields: {
      type: n % 2 === 0 ? 'mood_board' : 'style_reference',
      source: 'generated',
      tags: ['mood', 'abstract', 'colour'],
      campaign: CAMPAIGNS[n % 3] ?? '',
    },
    later: { mood: ['bold'], style: ['gradient'], hasPeople: false },
    make: () => picture(flow({ ...(n % 2 === 0 ? LANDSCAPE : PORTRAIT), seed: n }), 'jpeg'),
  }));
  return [...textures, ...boards];
}
