import type { Database } from '../database/database.ts';
import type { Capability, Decoder } from '../media/contract.ts';
import type { Outbound } from '../platform/safe-fetch.ts';
import type { Log } from '../platform/log.ts';
import type { FetchBoard } from './fetch-board.ts';
import type { PictureDesk } from './picture-desk.ts';
import type { Signer } from '../storage/signing.ts';
import type { Store } from '../storage/contract.ts';

/** Everything that use cases work with, made once by `build.ts`. A function takes the part it needs: `Pick<Deps, …>`. */
export interface Deps {
  readonly database: Database;
  readonly store: Store;
  readonly decoder: Decoder;
  readonly signer: Signer;
  /** The way to addresses that people and programs hand in. */
  readonly outbound: Outbound;
  readonly fetches: FetchBoard;
  readonly pictures: PictureDesk;
  readonly log: Log;
  readonly version: string;
  readonly capabilities: () => Promise<readonly Capability[]>;
  /** Origin for links that leave the page, such as http://127.0.0.1:4400. */
  readonly publicUrl: () => string;
}
