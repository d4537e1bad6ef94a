import type { Facts, KindContext, MediaSource } from './contract.ts';
import { runFfmpeg, versionOfFfmpeg, words } from './ffmpeg.ts';
import { LONG_SOUND, moreFacts, sane } from './finite.ts';
import { LoudnessMeter } from './loudness.ts';
import type { Waveform } from './waveform.ts';

/** One rate for all, so that the weighting and the cost of a second are known. */
const RATE = 48_000;
const MAX_SECONDS = 2 * 3600;
const PEAKS = 1000;
/** Extremes are kept per hundredth of a second until the length is known. */
const FRAMES_PER_BIN = RATE / 100;
/** The stretch the tempo is estimated from. */
const TEMPO_SECONDS = 30;
const TEMPO_LEAST_SECONDS = 10;
const TEMPO_LEAST_BEATS = 10;
/** A pulse varies less than this from beat to beat; what is found in noise and speech varies more. */
const STEADY = 0.05;
const MOST_BEATS_PER_MINUTE = 180;

export interface Sound {
  readonly waveform: Waveform;
  /** Loudness, range, peak and tempo, as far as there is sound. */
  readonly more: NonNullable<Facts['more']>;
}

/**
 * Decodes once, piece by piece, for the drawing, the loudness and the tempo. Null without ffmpeg, without sound, and
 * when it takes too long.
 */
export async function readSound(
  source: MediaSource,
  context: KindContext,
  facts: Facts,
): Promise<Sound | null> {
  const seconds = Math.min(MAX_SECONDS, facts.duration ?? MAX_SECONDS);
  const channels = facts.channels === 1 ? 1 : facts.channels === 6 ? 6 : 2;
  const listener = new Listener(channels, Math.max(0, Math.min(seconds * 0.3, seconds - TEMPO_SECONDS)));
  const result = await runFfmpeg(
    {
      input: source.path,
      after: words(`-map 0:a:0 -vn -sn -dn -ac ${channels} -ar ${RATE} -t ${seconds} -f f32le pipe:1`),
      deadline: source.size > LONG_SOUND ? 40_000 : 25_000,
      onOutput: (piece) => listener.hear(piece),
    },
    context,
  );
  const peaks = listener.peaks();
  if (result === null || result.timedOut || peaks.length === 0) return null;
  const { integrated, range, peak } = listener.meter.result();
  const known = facts.more?.['tempo'] !== undefined;
  const tempoEstimate = known ? undefined : await tempoOf(listener.stretch());
  const more = moreFacts({ loudness: integrated, loudnessRange: range, peakLevel: peak, tempoEstimate });
  return { waveform: { peaks, toolVersion: await versionOfFfmpeg(context) }, more };
}

/** Takes raw bytes of 32-bit samples in pieces of any length. */
class Listener {
  readonly meter: LoudnessMeter;
  readonly #channels: number;
  readonly #tempoFrom: number;
  readonly #tempo = new Float32Array(TEMPO_SECONDS * RATE);
  readonly #lows: number[] = [];
  readonly #highs: number[] = [];
  #rest = Buffer.alloc(0);
  #frames = 0;
  #low = 0;
  #high = 0;

  constructor(channels: number, tempoFromSecond: number) {
    this.#channels = channels;
    this.#tempoFrom = Math.floor(tempoFromSecond * RATE);
    this.meter = new LoudnessMeter(RATE, channels);
  }

  hear(piece: Buffer): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const frameBytes = 4 * this.#channels;
    const whole = bytes.length - (bytes.length % frameBytes);
    this.#rest = Buffer.from(bytes.subarray(whole));
    // A copy starts where numbers of four bytes may start.
    const samples = new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
    this.meter.add(samples);
    for (let at = 0; at < samples.length; at += this.#channels) this.#frame(samples, at);
  }

  #frame(samples: Float32Array, at: number): void {
    let sum = 0;
    for (let c = 0; c < this.#channels; c += 1) sum += samples[at + c] ?? 0;
    const value = sum / this.#channels;
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
    const inTempo = this.#frames - this.#tempoFrom;
    if (inTempo >= 0 && inTempo < this.#tempo.length) this.#tempo[inTempo] = value;
    this.#frames += 1;
    if (this.#frames % FRAMES_PER_BIN === 0) this.#closeBin();
  }

  #closeBin(): void {
    this.#lows.push(this.#low);
    this.#highs.push(this.#high);
    this.#low = 0;
    this.#high = 0;
  }

  /** Lowest and highest of each of up to a thousand slices, as signed bytes; empty without a single sample. */
  peaks(): Int8Array {
    if (this.#frames % FRAMES_PER_BIN !== 0) this.#closeBin();
    const bins = this.#lows.length;
    const slices = Math.min(PEAKS, bins);
    const peaks = new Int8Array(slices * 2);
    for (let slice = 0; slice < slices; slice += 1) {
      const from = Math.floor((slice * bins) / slices);
      const to = Math.max(from + 1, Math.floor(((slice + 1) * bins) / slices));
      peaks[slice * 2] = byteOf(Math.min(...this.#lows.slice(from, to)));
      peaks[slice * 2 + 1] = byteOf(Math.max(...this.#highs.slice(from, to)));
    }
    return peaks;
  }

  stretch(): Float32Array {
    const heard = Math.max(0, Math.min(this.#tempo.length, this.#frames - this.#tempoFrom));
    return this.#tempo.subarray(0, heard);
  }
}

function byteOf(value: number): number {
  return Math.max(-128, Math.min(127, Math.trunc(value * 128)));
}

/** Beats per minute of a steady pulse; speech and ambience have none. */
async function tempoOf(samples: Float32Array): Promise<number | undefined> {
  if (samples.length < TEMPO_LEAST_SECONDS * RATE) return undefined;
  try {
    const { default: MusicTempo } = await import('music-tempo');
    const { tempo, beats } = new MusicTempo(samples, { bufferSize: 2048, hopSize: 480, timeStep: 0.01 });
    const found = sane(tempo, 1000);
    if (found === undefined || beats.length < TEMPO_LEAST_BEATS || variation(beats) > STEADY)
      return undefined;
    // Counted twice as fast as anybody would tap.
    return Math.round(found > MOST_BEATS_PER_MINUTE ? found / 2 : found);
  } catch {
    return undefined;
  }
}

/** Standard deviation of the time between beats, as a share of its mean. */
function variation(beats: readonly number[]): number {
  const gaps = beats.slice(1).map((beat, i) => beat - (beats[i] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return mean > 0 ? Math.sqrt(variance) / mean : Infinity;
}
