import { CAMPAIGNS } from './item.ts';
import type { DemoItem } from './item.ts';
import { city, dunes, forest, mountains, sea } from './landscapes.ts';
import type { Canvas, LightName, Scene } from './landscapes.ts';
import { chance } from './random.ts';
import { canFilm, clip, picture, smaller } from './render.ts';
import { sound } from './sounds.ts';

const LANDSCAPE = { width: 1920, height: 1200 };
const PORTRAIT = { width: 1200, height: 1600 };
const SQUARE = { width: 1400, height: 1400 };
/** As high as a clip and wider, so that a camera has somewhere to go. */
const STAGE = { width: 2200, height: 1080 };

interface View {
  readonly draw: (canvas: Canvas, light: LightName) => Scene;
  readonly name: string;
  readonly tags: readonly string[];
  readonly lights: readonly LightName[];
}

const VIEWS: readonly View[] = [
  {
    draw: mountains,
    name: 'Ridge',
    tags: ['mountain', 'outdoor', 'wide'],
    lights: ['dawn', 'noon', 'dusk', 'night', 'mist', 'gold'],
  },
  {
    draw: sea,
    name: 'Harbour',
    tags: ['sea', 'boat', 'outdoor'],
    lights: ['dawn', 'gold', 'dusk', 'night', 'mist', 'noon'],
  },
  {
    draw: city,
    name: 'Skyline',
    tags: ['city', 'night', 'wide'],
    lights: ['night', 'dusk', 'dawn', 'gold', 'mist'],
  },
  {
    draw: forest,
    name: 'Pines',
    tags: ['forest', 'outdoor', 'calm'],
    lights: ['mist', 'dawn', 'noon', 'gold', 'dusk'],
  },
  {
    draw: dunes,
    name: 'Dunes',
    tags: ['desert', 'outdoor', 'wide'],
    lights: ['gold', 'dusk', 'noon', 'dawn', 'night'],
  },
];

const MOODS: Readonly<Record<LightName, string>> = {
  dawn: 'hopeful',
  noon: 'bright',
  dusk: 'dramatic',
  night: 'quiet',
  mist: 'calm',
  gold: 'warm',
};

const WHEN: Readonly<Record<LightName, string>> = {
  dawn: 'at dawn',
  noon: 'at noon',
  dusk: 'at dusk',
  night: 'at night',
  mist: 'in mist',
  gold: 'in golden light',
};

export function stills(): DemoItem[] {
  return VIEWS.flatMap((view, v) =>
    view.lights.flatMap((light, l) => {
      const sizes = [LANDSCAPE, l % 2 === 0 ? PORTRAIT : SQUARE];
      return sizes.map((size, s): DemoItem => {
        const seed = v * 100 + l * 10 + s;
        const format = (['jpeg', 'jpeg', 'webp', 'avif'] as const)[(l + s) % 4] ?? 'jpeg';
        const campaign = CAMPAIGNS[(v + l) % 3] ?? '';
        return {
          name: `${view.name} ${WHEN[light]} ${s + 1}.${format === 'jpeg' ? 'jpg' : format}`,
          fields: {
            type: 'image',
            source: s === 0 ? 'uploaded' : 'generated',
            tags: [...view.tags, light],
            description: `${view.name} ${WHEN[light]}, ${s === 0 ? 'wide' : size === SQUARE ? 'square' : 'upright'} frame without people`,
            sceneHint: s === 0 ? 'Opening shot' : 'Background',
            campaign,
          },
          later: {
            mood: [MOODS[light]],
            style: ['flat', 'illustrated'],
            hasPeople: false,
            ...(l === 0 ? { rating: 5, status: 'approved' as const } : {}),
            ...(l === 1 ? { rating: 3 } : {}),
          },
          make: () => picture(view.draw({ ...size, seed }, light), format),
        };
      });
    }),
  );
}

/** The same views again, smaller or saved with more loss: what piles up in every library, for the page of duplicates. */
export function copies(): DemoItem[] {
  return VIEWS.map((view, v): DemoItem => {
    const light = view.lights[0] ?? 'dawn';
    const scene = view.draw({ ...LANDSCAPE, seed: v * 100 }, light);
    return {
      name: `${view.name.toLowerCase()}-${light}-final(${v + 1}).jpg`,
      fields: { type: 'image', tags: ['unsorted'] },
      make: () => smaller(scene, v % 2 === 0 ? 1280 : 960),
    };
  });
}

export function films(): DemoItem[] {
  if (!canFilm()) return [];
  return VIEWS.flatMap((view, v) =>
    view.lights.slice(0, 3).map((light, l): DemoItem => {
      const roll = chance(v * 3 + l);
      const seconds = roll.whole(4, 9);
      const role = (['video', 'intro_template', 'video', 'transition', 'outro'] as const)[(v + l) % 5];
      return {
        name: `${view.name} ${light} take ${l + 1}.mp4`,
        fields: {
          type: role ?? 'video',
          source: l === 2 ? 'rendered' : 'generated',
          tags: [...view.tags, light, 'camera move'],
          description: `Slow camera move past the ${view.name.toLowerCase()} ${WHEN[light]}`,
          sceneHint: l === 0 ? 'Establishing shot' : 'Cutaway',
          campaign: CAMPAIGNS[(v + l) % 3] ?? '',
        },
        later: { mood: [MOODS[light]], hasPeople: false, ...(l === 0 ? { rating: 4 } : {}) },
        make: () =>
          clip(
            view.draw({ ...STAGE, seed: v * 31 + l }, light),
            seconds,
            l === 1 ? null : sound('ambience', v + l, seconds),
          ),
      };
    }),
  );
}
