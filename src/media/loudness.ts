/** Loudness by ITU-R BS.1770-4 and loudness range by EBU Tech 3342, over samples that arrive piece by piece. */

/** Blocks of 400 ms overlap by three quarters, so a tenth of a second is the step. */
const STEPS_PER_SECOND = 10;
const STEPS_PER_BLOCK = 4;
const STEPS_PER_SHORT_TERM = 30;
const SILENCE = -70;
/** 120 dB above full scale: no sound, whatever wrote it. */
const LOUDEST = 1e6;

export interface Loudness {
  /** LUFS over the whole programme; unknown for silence and for less than 400 ms. */
  readonly integrated?: number;
  /** LU between the quiet and the loud parts; unknown under six seconds. */
  readonly range?: number;
  /** Highest sample, dBFS. */
  readonly peak?: number;
}

interface Coefficients {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** Weights of channels in the order of ffmpeg's 5.1: left, right, centre, low frequencies, two surrounds. */
const WEIGHTS_OF_SIX = [1, 1, 1, 0, 1.41, 1.41];

export class LoudnessMeter {
  readonly #channels: readonly Channel[];
  readonly #stepFrames: number;
  readonly #steps: number[] = [];
  #energy = 0;
  #frames = 0;
  #peak = 0;

  constructor(rate: number, channels: number) {
    const stages = [shelfOf(rate), highPassOf(rate)] as const;
    this.#channels = Array.from(
      { length: channels },
      (_, i) => new Channel(stages, channels === 6 ? (WEIGHTS_OF_SIX[i] ?? 1) : 1),
    );
    this.#stepFrames = Math.round(rate / STEPS_PER_SECOND);
  }

  /** One frame per `channels` samples, interleaved, from −1 to 1. */
  add(samples: Float32Array): void {
    const count = this.#channels.length;
    for (let at = 0; at + count <= samples.length; at += count) {
      for (let c = 0; c < count; c += 1) {
        const said = samples[at + c] ?? 0;
        // Renders that went wrong leave infinities behind; one must not hide how loud the rest is.
        const value = Math.abs(said) <= LOUDEST ? said : 0;
        if (value > this.#peak) this.#peak = value;
        else if (-value > this.#peak) this.#peak = -value;
        this.#energy += this.#channels[c]?.energy(value) ?? 0;
      }
      this.#frames += 1;
      if (this.#frames === this.#stepFrames) {
        this.#steps.push(this.#energy / this.#stepFrames);
        this.#energy = 0;
        this.#frames = 0;
      }
    }
  }

  result(): Loudness {
    const integrated = gated(means(this.#steps, STEPS_PER_BLOCK), -10);
    const range = rangeOf(means(this.#steps, STEPS_PER_SHORT_TERM));
    return {
      ...(integrated === null ? {} : { integrated: round(decibels(integrated)) }),
      ...(range === null ? {} : { range: round(range) }),
      ...(this.#peak > 0 ? { peak: round(20 * Math.log10(this.#peak)) } : {}),
    };
  }
}

class Channel {
  readonly #weight: number;
  readonly #first: Coefficients;
  readonly #second: Coefficients;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;
  #z1 = 0;
  #z2 = 0;

  constructor([first, second]: readonly [Coefficients, Coefficients], weight: number) {
    this.#first = first;
    this.#second = second;
    this.#weight = weight;
  }

  /** Weighted energy of the next sample after both filters. */
  energy(value: number): number {
    const { b: p, a: q } = this.#first;
    const y = p[0] * value + p[1] * this.#x1 + p[2] * this.#x2 - q[0] * this.#y1 - q[1] * this.#y2;
    const { b: r, a: s } = this.#second;
    const z = r[0] * y + r[1] * this.#y1 + r[2] * this.#y2 - s[0] * this.#z1 - s[1] * this.#z2;
    this.#x2 = this.#x1;
    this.#x1 = value;
    this.#y2 = this.#y1;
    this.#y1 = y;
    this.#z2 = this.#z1;
    this.#z1 = z;
    return this.#weight * z * z;
  }
}

/** The shelf of the head, computed for the rate from the analogue form of the standard's filter. */
function shelfOf(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 1681.974450955533) / rate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b: [
      (high + (band * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / q + k * k) / a0,
    ],
    a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  };
}

function highPassOf(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 38.13547087602444) / rate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] };
}

/** Mean energy of each run of `length` steps, one run per step. */
function means(steps: readonly number[], length: number): number[] {
  const found: number[] = [];
  let sum = 0;
  for (const [i, energy] of steps.entries()) {
    sum += energy - (steps[i - length] ?? 0);
    if (i >= length - 1) found.push(Math.max(0, sum / length));
  }
  return found;
}

/** Mean of the blocks that are neither silent nor far below the mean of the others; null when none is left. */
function gated(blocks: readonly number[], relative: number): number | null {
  const loud = blocks.filter((energy) => decibels(energy) > SILENCE);
  const first = mean(loud);
  if (first === null) return null;
  const gate = decibels(first) + relative;
  return mean(loud.filter((energy) => decibels(energy) > gate));
}

/** Between the 10th and the 95th part in a hundred of the short-term loudness, gated 20 LU below its mean. */
function rangeOf(blocks: readonly number[]): number | null {
  const loud = blocks.filter((energy) => decibels(energy) > SILENCE);
  const first = mean(loud);
  if (first === null || loud.length < STEPS_PER_SHORT_TERM) return null;
  const gate = decibels(first) - 20;
  const levels = loud
    .map(decibels)
    .filter((level) => level > gate)
    .toSorted((a, b) => a - b);
  const at = (share: number): number => levels[Math.round((levels.length - 1) * share)] ?? 0;
  return levels.length === 0 ? null : at(0.95) - at(0.1);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function decibels(energy: number): number {
  return energy > 0 ? -0.691 + 10 * Math.log10(energy) : -Infinity;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
