declare module 'music-tempo' {
  export default class MusicTempo {
    /** Throws when the samples hold no rhythm. */
    constructor(
      samples: Float32Array,
      options: { readonly bufferSize: number; readonly hopSize: number; readonly timeStep: number },
    );
    /** Beats per minute. */
    readonly tempo: string | number;
    /** Seconds. */
    readonly beats: readonly number[];
    readonly events: readonly number[];
  }
}
