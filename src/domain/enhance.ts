/** How far in RGB a pixel may be from the background to belong to it; the noise of a JPEG lies below the usual. */
export const CUT_TOLERANCE = { min: 5, usual: 30, max: 120 } as const;

/** How a background of one colour is taken away. */
export interface CutWish {
  /** Also where the drawing encloses it. */
  readonly inside: boolean;
  readonly tolerance: number;
}
