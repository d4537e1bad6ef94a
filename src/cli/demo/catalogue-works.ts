import { CAMPAIGNS } from './item.ts';
import type { DemoItem } from './item.ts';
import { cube, lora, pdf, vase } from './papers.ts';
import { sound } from './sounds.ts';

export function sounds(): DemoItem[] {
  const music = ['Open road', 'First snow', 'Lanterns', 'Slow river', 'Copper sky', 'Far field'];
  const beats = ['Pulse', 'Night drive', 'Stampede'];
  const places = ['Wind on the ridge', 'Harbour air', 'Night in the pines', 'Dune wind'];
  const effects = ['Riser', 'Drop', 'Chime up', 'Whoosh', 'Power down'];
  const item = (
    name: string,
    type: 'background_music' | 'ambience' | 'sound_effect',
    make: DemoItem['make'],
  ): DemoItem => ({
    name: `${name}.wav`,
    fields: { type, tags: [type.replace('_', ' '), 'synthesised'], source: 'generated' },
    make,
  });
  return [
    ...music.map((name, n) => item(name, 'background_music', () => sound('music', n, 14 + n * 3))),
    ...beats.map((name, n) => item(name, 'background_music', () => sound('beat', n, 12))),
    ...places.map((name, n) => item(name, 'ambience', () => sound('ambience', n + 9, 16))),
    ...effects.map((name, n) => item(name, 'sound_effect', () => sound('effect', n, 1 + n * 0.4))),
  ];
}

const STORIES: Readonly<Record<(typeof CAMPAIGNS)[number], readonly string[]>> = {
  'Spring trails': [
    'Fade in on wet grass. Boots pass, left to right, without a hurry.',
    'The ridge at dawn: five layers of blue, the sun not yet over the last.',
    'Mira ties her pack. We see the buckle, not the name.',
    'Voice: Nobody ever came home and wished for more luggage.',
    'The path through the pines; light falls in stripes over the lens.',
    'The bottle is filled at a spring. Sound of water, nothing else.',
    'Jonas looks back once. We do not learn at what.',
    'Wide: two small figures and a great deal of hill.',
    'The sign of the brand, white, for two seconds.',
  ],
  'Winter light': [
    'Open on the ridge before the light. Nobody speaks.',
    'The bottle stands in the snow; steam rises from the mug.',
    'Hands, then breath, then the stove: one flame in all that blue.',
    'Cut to the harbour: the same light, another life.',
    'Aiko counts the boats. One is missing and comes in late.',
    'Voice: You carry less than you think.',
    'Snow begins. The camera stays where it is.',
    'The sign of the brand, white, for two seconds.',
  ],
  'Night city': [
    'The skyline from across the water. Windows go out, one by one.',
    'Samuel walks against the crowd with the pack on one shoulder.',
    'A kiosk: mug on the counter, filled without a word.',
    'Tram lights run over the bottle, red and then green.',
    'Voice: The way home is a trail as well.',
    'Up the stairs, over the roof: the city as a range of hills.',
    'First sun on the highest window. He is already asleep.',
    'The sign of the brand, white, for two seconds.',
  ],
};

/** An empty line after each. */
function spaced(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [line, '']);
}

export function papers(): DemoItem[] {
  const script = (campaign: (typeof CAMPAIGNS)[number]): DemoItem => ({
    name: `Script ${campaign}.pdf`,
    fields: { type: 'script', tags: ['script'], campaign },
    make: () =>
      pdf([
        { title: campaign, lines: ['A film of thirty seconds', '', ...spaced(STORIES[campaign])] },
        { title: 'Shots', lines: spaced(STORIES[campaign].map((line, n) => `${n + 1}.  ${line}`)) },
      ]),
  });
  const lines = STORIES['Winter light'];
  const text = (name: string, body: string, type: 'document' | 'prompt_preset' = 'document'): DemoItem => ({
    name,
    fields: { type, tags: ['planning'] },
    make: () => Buffer.from(body),
  });
  return [
    ...CAMPAIGNS.map(script),
    text(
      'Shot list.csv',
      `scene,asset,seconds\n${lines.map((line, n) => `${n + 1},"${line}",${3 + n}`).join('\n')}\n`,
    ),
    text(
      'Brand voice.md',
      '# Brand voice\n\nShort sentences. No promises that a bottle cannot keep.\n\n- say **you**, never *users*\n- show weather\n- end on the sign\n',
    ),
    text(
      'Preset winter light.json',
      `${JSON.stringify({ name: 'Winter light', prompt: 'wide shot, low sun, long shadows, fresh snow', negative: 'people, text', sampler: 'DPM++ 2M', steps: 30, cfg: 5.5 }, null, 2)}\n`,
      'prompt_preset',
    ),
  ];
}

export function tools(): DemoItem[] {
  const looks = [
    ['Teal and amber', { contrast: 1.15, shadow: [-0.03, 0.02, 0.06], light: [0.06, 0.02, -0.05] }],
    ['Faded film', { contrast: 0.8, shadow: [0.07, 0.05, 0.06], light: [0.02, 0.0, -0.06] }],
    ['Cold morning', { contrast: 1.05, shadow: [-0.04, 0.0, 0.07], light: [-0.04, 0.0, 0.04] }],
  ] as const;
  const luts = looks.map(([name, look]): DemoItem => ({
    name: `${name}.cube`,
    fields: { type: 'lut', tags: ['grade'] },
    make: () => cube(name, look),
  }));
  const vases = [
    ['Vase tall', [0.3, 0.42, 0.5, 0.55, 0.5, 0.38, 0.26, 0.2, 0.2, 0.26, 0.32], [0.12, 0.36, 0.5]],
    ['Bowl', [0.2, 0.3, 0.5, 0.68, 0.8, 0.86], [0.8, 0.45, 0.2]],
  ] as const;
  const models = vases.map(([name, profile, colour]): DemoItem => ({
    name: `${name}.glb`,
    fields: { type: 'model_3d', tags: ['prop', 'ceramic'] },
    make: () => vase(profile, colour),
  }));
  return [
    ...luts,
    ...models,
    {
      name: 'Halde flat style.safetensors',
      fields: { type: 'lora', tags: ['style'], description: 'Flat shapes, long light, no outlines' },
      make: () => lora('halde_flat', { 'halde style': 40, 'long light': 31, 'flat shapes': 28 }),
    },
  ];
}
