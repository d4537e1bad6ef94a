/** How far a step is that is worked off in portions. Steps of one transaction are done when they can be seen. */
export const RUN_STATES = ['running', 'done', 'cancelled', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Up to so many assets are changed before the answer, in one transaction; more become a step that runs by itself. */
export const AT_ONCE = 10_000;
/** Assets of one portion: the counters of the brand stay locked until it commits, and a cancel waits for its end. */
export const PORTION = 5000;
