/** How far a step is that is worked off in portions. Steps of one transaction are done when they can be seen. */
export const RUN_STATES = ['running', 'done', 'cancelled', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Up to so many assets are changed before the answer, in one transaction; more become a step that runs by itself. */
export const AT_ONCE = 10_000;
/** Assets of one portion: the counters of the brand stay locked until it commits, and a cancel waits for its end. */
export const PORTION = 5000;

/** Why a step left an asset as it was, by a code for programs, and what to do about it. */
export const STEP_FAILURES = {
  tags_full: 'It would have more than 200 tags. Take some off, then try again.',
  fields_full: 'It would have more than 50 fields of your own. Take some away, then try again.',
  refused: 'The database did not take the change; the log of the server says why.',
} as const;
export type StepFailure = keyof typeof STEP_FAILURES;
