import { chance } from './random.ts';

/** Samples per second of everything here. */
const RATE = 32_000;

/** One channel, values from -1 to 1. */
type Samples = Float32Array;

const note = (semitones: number) => 220 * 2 ** (semitones / 12);

export type SoundKind = 'music' | 'beat' | 'ambience' | 'effect';

/** A synthesised sound as a WAV file; `seconds` is its length. */
export function sound(kind: SoundKind, seed: number, seconds: number): Buffer {
  const samples = new Float32Array(Math.round(seconds * RATE));
  MAKERS[kind](samples, seed);
  fadeEnds(samples);
  return wav(samples);
}

const MAKERS: Readonly<Record<SoundKind, (samples: Samples, seed: number) => void>> = {
  music: chords,
  beat: drums,
  ambience: wind,
  effect: sweep,
};

function chords(samples: Samples, seed: number): void {
  const roll = chance(seed);
  const root = roll.whole(-7, 4);
  const steps = roll.pick([
    [0, -4, 3, -2],
    [0, 5, -3, 2],
    [0, 3, 5, -2],
  ] as const);
  const bar = Math.round(RATE * roll.between(1.7, 2.6));
  const third = roll.pick([3, 4]);
  for (let i = 0; i < samples.length; i += 1) {
    const at = Math.floor(i / bar);
    const inBar = (i % bar) / bar;
    const base = root + (steps[at % steps.length] ?? 0);
    const swell = Math.sin(Math.PI * inBar) ** 0.6;
    let value = 0;
    for (const voice of [0, third, 7, 12]) {
      const turns = (i / RATE) * note(base + voice) * 2 * Math.PI;
      value += Math.sin(turns) + 0.35 * Math.sin(turns * 2.003) + 0.12 * Math.sin(turns * 3);
    }
    const pluck = Math.exp(-((i % (bar / 8)) / RATE) * 9);
    const step = [0, 7, 12, third + 12, 19, 12, 7, third][Math.floor(inBar * 8) % 8] ?? 0;
    const arp = note(base + 12 + step);
    samples[i] = value * 0.075 * swell + Math.sin((i / RATE) * arp * 2 * Math.PI) * pluck * 0.2;
  }
}

function drums(samples: Samples, seed: number): void {
  const roll = chance(seed);
  const beat = Math.round(RATE * (60 / roll.whole(88, 128)));
  for (let i = 0; i < samples.length; i += 1) {
    const inBeat = (i % beat) / RATE;
    const half = ((i + beat / 2) % beat) / RATE;
    const second = Math.floor(i / beat) % 2 === 1;
    const kick = Math.sin(2 * Math.PI * (48 * inBeat - 9 * Math.exp(-inBeat * 28))) * Math.exp(-inBeat * 9);
    const snare = second ? roll.between(-1, 1) * Math.exp(-inBeat * 16) * 0.5 : 0;
    const hat = roll.between(-1, 1) * Math.exp(-half * 60) * 0.25;
    samples[i] = (kick * 0.8 + snare + hat) * 0.8;
  }
}

function wind(samples: Samples, seed: number): void {
  const roll = chance(seed);
  const slow = roll.between(0.05, 0.15);
  let low = 0;
  let lower = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const gust = 0.55 + 0.45 * Math.sin((i / RATE) * slow * 2 * Math.PI + seed);
    low += (roll.between(-1, 1) - low) * (0.02 + gust * 0.09);
    lower += (low - lower) * 0.3;
    samples[i] = lower * (0.8 + gust * 1.8);
  }
}

function sweep(samples: Samples, seed: number): void {
  const roll = chance(seed);
  const [from, to] = roll.pick([
    [120, 1800],
    [1400, 90],
    [300, 620],
    [700, 2600],
  ] as const);
  let turns = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const share = i / samples.length;
    turns += (from * (to / from) ** share) / RATE;
    const shape = from < to ? share ** 1.5 : Math.exp(-share * 5);
    samples[i] = (Math.sin(turns * 2 * Math.PI) * 0.5 + roll.between(-0.25, 0.25)) * shape;
  }
}

/** Clicks at the ends would be the first thing anybody hears. */
function fadeEnds(samples: Samples): void {
  const length = Math.min(RATE / 20, samples.length / 4);
  for (let i = 0; i < length; i += 1) {
    samples[i] = (samples[i] ?? 0) * (i / length);
    const last = samples.length - 1 - i;
    samples[last] = (samples[last] ?? 0) * (i / length);
  }
}

/** 16-bit PCM with the 44-byte header of RIFF/WAVE. */
function wav(samples: Samples): Buffer {
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0, 'latin1');
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write('WAVEfmt ', 8, 'latin1');
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(RATE, 24);
  data.writeUInt32LE(RATE * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36, 'latin1');
  data.writeUInt32LE(samples.length * 2, 40);
  for (const [i, value] of samples.entries()) {
    data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value)) * 32_000), 44 + i * 2);
  }
  return data;
}
