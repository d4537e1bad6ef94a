import type { AssetType, MediaType, State } from '../domain/asset-types.ts';
import type { PictureSpec } from '../domain/delivery.ts';
import type { CutWish } from '../domain/enhance.ts';

/** What the first bytes of a file say it is. Content decides; the name only breaks ties among text formats. */
export interface Detected {
  readonly mime: string;
  /** Extension for the storage key, lower case, without a dot. Comes from content, never from the user. */
  readonly ext: string;
  readonly mediaType: MediaType;
}

/** Plain facts about the bytes. Unknown is absent, never a guess; every number is finite. */
export interface Facts {
  /** Pixels, after orientation or rotation has been applied. */
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly pages?: number;
  readonly frameRate?: number;
  readonly videoCodec?: string;
  readonly audioCodec?: string;
  readonly channels?: number;
  /** Hertz. */
  readonly sampleRate?: number;
  /** Bits per second. */
  readonly bitRate?: number;
  readonly colourSpace?: string;
  /** True only when at least one pixel really is transparent (L15). */
  readonly transparent?: boolean;
  readonly animated?: boolean;
  readonly frames?: number;
  readonly title?: string;
  readonly artist?: string;
  readonly album?: string;
  /** True when the bytes are damaged yet could be shown in part. */
  readonly damaged?: boolean;
  /** Kind-specific facts that the interface lists by name. */
  readonly more?: Readonly<Record<string, string | number | boolean>>;
}

/** A picture or file made from a version; written by the kind into the scratch folder. */
export interface MadeRendition {
  readonly name:
    | 'thumbnail'
    | 'preview'
    | 'storyboard'
    | 'waveform'
    | 'proxy'
    | 'cover'
    | 'enhanced'
    | 'picture'
    | 'pages'
    | 'model'
    | 'table';
  /** Absolute path inside the scratch folder. */
  readonly path: string;
  readonly mime: string;
  readonly ext: string;
  readonly width?: number;
  readonly height?: number;
  /** What made it, so that it can be made again when the tool improves. */
  readonly tool: string;
  readonly toolVersion: string;
}

export interface Swatch {
  /** `#rrggbb` */
  readonly hex: string;
  /** Share of the opaque picture, 0–1. */
  readonly share: number;
  /** A plain colour word: red, orange, … */
  readonly name: string;
}

/** Everything a kind can tell about a file. Plain JSON: it crosses a process border. */
export interface Description {
  readonly state: Exclude<State, 'processing'>;
  /** Short machine reason when state is not `ready`, e.g. `damaged`, `too_large`, `waiting_for_ffmpeg`, `no_preview_for_type`. */
  readonly reason?: string;
  /** What people read: what happened, what is kept, what to do. */
  readonly message?: string;
  /** Set when a closer look than the first bytes changes the verdict. */
  readonly detected?: Detected;
  readonly facts: Facts;
  readonly renditions: readonly MadeRendition[];
  /** thumbhash bytes, base64. */
  readonly placeholder?: string;
  readonly palette?: readonly Swatch[];
  /** 64-bit perceptual hashes, 16 hex digits. */
  readonly dctHash?: string;
  readonly differenceHash?: string;
  /** Text found inside, for search; clipped to 200,000 characters. */
  readonly text?: string;
  /** Metadata that generators write, as files in the scratch folder; `EmbeddedBlock` names them. */
  readonly embedded?: readonly { readonly name: string; readonly path: string }[];
  /** What the file is for, only where its content leaves no doubt. What a person said stays. */
  readonly suggestedType?: AssetType;
}

export interface MediaSource {
  /** Absolute path of the bytes under a neutral name, without the user's extension. */
  readonly path: string;
  readonly size: number;
  readonly detected: Detected;
}

export interface KindContext {
  /** Empty folder of this task; removed afterwards by the caller. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly tools: Tools;
  /** Called at most once, as soon as the thumbnail is written, when more pictures are still to be made. */
  readonly early?: (first: Description) => void;
}

/** Absolute paths of outside tools, null when absent. */
export interface Tools {
  readonly ffmpeg: string | null;
  readonly ffprobe: string | null;
  /** LibreOffice. */
  readonly office: string | null;
  /** The program of libheif that writes HEIC pictures as PNG. */
  readonly heif: string | null;
}

/** One kind of file: can I read this, and what is it? One file per kind, listed in `kinds.ts`. */
export interface MediaKind {
  readonly name: string;
  accepts(detected: Detected): boolean;
  describe(source: MediaSource, context: KindContext): Promise<Description>;
}

/** Decodes in a separate process under limits; the only door to the kinds from the rest of the program. */
export interface Decoder {
  /**
   * Never rejects for a bad file: a crash, a deadline or a memory limit becomes a `failed` description.
   * Rejects only when aborted by the signal. Rendition files are in `scratch`.
   */
  describe(source: MediaSource, scratch: string, signal: AbortSignal): Promise<Description>;
  /** The same, telling the thumbnail as soon as it is there: a card need not wait for the large preview. */
  describeInSteps(task: DescribeTask): Promise<Description>;
  /** Starts a process ahead of work that is about to come, e.g. when an upload opens. Harmless to call often. */
  warm(): void;
  /** Ends all processes; waiting tasks end as `failed` with reason `stopped`. */
  close(): Promise<void>;
}

export interface DescribeTask {
  readonly source: MediaSource;
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** A first description with the thumbnail; the promised one follows and replaces it. Not called for every file. */
  readonly early?: (first: Description) => void;
  /** Something to make of the file instead of describing it; the rendition `enhanced`, `proxy` or `picture` is the result. */
  readonly make?: 'background' | 'proxy' | 'picture';
  /** How the background is taken away. */
  readonly cut?: CutWish;
  /** What `picture` should be like. */
  readonly picture?: PictureSpec;
  /** Milliseconds, in place of the usual ones; for work that takes as long as the film does. */
  readonly deadline?: number;
}

/** What this machine can do, shown in settings and by `backlot capabilities`. */
export interface Capability {
  readonly name: string;
  readonly available: boolean;
  readonly version?: string;
  readonly path?: string;
  /** What it gives, in one line. */
  readonly gives: string;
  /** When absent: what is lost and how to get it. */
  readonly remedy?: string;
}
