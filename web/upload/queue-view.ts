import type { Hindrance } from './problems.ts';
import type { UploadRow } from './rows.ts';
import type { Tally } from './tally.ts';

/** Why nothing moves: the person said so, no answer comes, or the session has ended. */
export type StandStill = 'you' | Hindrance;

export interface QueueView {
  readonly version: number;
  readonly rows: ReadonlyMap<string, UploadRow>;
  /** Changes in place; read it while painting only. */
  readonly tally: Tally;
  /** Bytes a second; 0 while nothing moves. */
  readonly speed: number;
  readonly standStill: ReadonlySet<StandStill>;
}
