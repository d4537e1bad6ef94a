import path from 'node:path';
import { z } from 'zod';

/** Everything that can be set, as plain values. Parsed once at start and handed down; nothing else reads the environment. */
export interface Config {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Origin that links in answers and on the screen begin with. */
  readonly publicUrl: string;
  /** Proxies in front, whose word on a visitor's address is taken. */
  readonly trustProxy: number;
  /** Null starts the embedded PostgreSQL in the data folder. */
  readonly databaseUrl: string | null;
  readonly roles: readonly Role[];
  readonly signingKey: string | null;
  /** Folder with postgres and initdb, instead of the packaged ones. */
  readonly postgresBin: string | null;
  readonly ffmpegPath: string | null;
  readonly sofficePath: string | null;
  readonly heifPath: string | null;
  /** Hosts on private addresses from which files may be fetched all the same. */
  readonly fetchAllow: readonly string[];
  /** Pictures that everybody who may see an asset may ask for. */
  readonly pictureSizes: string;
  /** Bytes that pictures made on demand may take up. */
  readonly pictureCache: number;
  readonly logLevel: LogLevel;
  readonly workers: number;
}

export type Role = 'server' | 'worker';
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly allowed: string;
  readonly means: string;
}

const PICTURE_SIZES = '320,640,1280,1920';

/** The documented table of settings; the README prints the same rows. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'BACKLOT_DATA_DIR',
    fallback: './data',
    allowed: 'a folder',
    means: 'Where the database and the files live',
  },
  { name: 'BACKLOT_HOST', fallback: '127.0.0.1', allowed: 'an address', means: 'Address to listen on' },
  {
    name: 'BACKLOT_PORT',
    fallback: '4400',
    allowed: '0 to 65535',
    means: 'Port to listen on; 0 takes a free one',
  },
  {
    name: 'BACKLOT_PUBLIC_URL',
    fallback: 'http://host:port',
    allowed: 'http:// or https:// address',
    means: 'Address that people and programs use, when a proxy stands in front',
  },
  {
    name: 'BACKLOT_TRUST_PROXY',
    fallback: 'off',
    allowed: 'off, or 1 to 9',
    means: 'Proxies in front that say in `X-Forwarded-For` where a visitor comes from',
  },
  {
    name: 'DATABASE_URL',
    fallback: 'embedded PostgreSQL',
    allowed: 'postgres:// address',
    means: 'An external PostgreSQL 15 or newer',
  },
  {
    name: 'BACKLOT_ROLES',
    fallback: 'server,worker',
    allowed: 'server, worker, or both',
    means: 'What this process does',
  },
  {
    name: 'BACKLOT_SIGNING_KEY',
    fallback: 'made at first start, kept in the database',
    allowed: 'at least 32 characters',
    means: 'Signs links; with another key share links get other addresses',
  },
  {
    name: 'BACKLOT_POSTGRES_BIN',
    fallback: 'the packaged PostgreSQL 18',
    allowed: 'a folder',
    means: 'Another postgres and initdb for the embedded database',
  },
  {
    name: 'FFMPEG_PATH',
    fallback: 'looked for on the PATH',
    allowed: 'a file',
    means: 'ffmpeg for video frames and more',
  },
  {
    name: 'SOFFICE_PATH',
    fallback: 'looked for on the PATH',
    allowed: 'a file',
    means: 'LibreOffice for the pages of office documents',
  },
  {
    name: 'HEIF_CONVERT_PATH',
    fallback: 'looked for on the PATH',
    allowed: 'a file',
    means: 'heif-convert of libheif for HEIC pictures',
  },
  {
    name: 'BACKLOT_FETCH_ALLOW',
    fallback: 'none',
    allowed: 'hosts, or host:port, with commas',
    means: 'Internal hosts that files may be fetched from by address',
  },
  {
    name: 'BACKLOT_PICTURE_SIZES',
    fallback: PICTURE_SIZES,
    allowed: 'widths, or boxes such as 400x400:cover, with commas',
    means: 'Pictures on demand that need no signed link; `inside`, `cover` or `contain` fits a box',
  },
  {
    name: 'BACKLOT_PICTURE_CACHE',
    fallback: '2GB',
    allowed: '10MB to 9999GB',
    means: 'Room for pictures on demand, beside the storage of the plan; those unused for longest go first',
  },
  { name: 'BACKLOT_WORKERS', fallback: '2', allowed: '1 to 12', means: 'Jobs that run at the same time' },
  { name: 'BACKLOT_LOG', fallback: 'info', allowed: LOG_LEVELS.join(', '), means: 'How much is logged' },
];

/** A setting with a value that is not allowed; stops the start. */
export class ConfigError extends Error {
  constructor(name: string, value: string, allowed: string) {
    super(`${name} is "${value}", which is not allowed. Allowed: ${allowed}.`);
    this.name = 'ConfigError';
  }
}

/** Where programs are looked for on this machine; not a setting of ours. */
export const SYSTEM_PATH: string = process.env['PATH'] ?? '';

type Environment = Readonly<Record<string, string | undefined>>;

export function parseConfig(environment: Environment): Config {
  const read = (name: string) => {
    const value = environment[name];
    return value === undefined || value.trim() === '' ? null : value.trim();
  };
  const parse = <T>(name: string, schema: z.ZodType<T>, fallback: T): T => {
    const value = read(name);
    if (value === null) return fallback;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new ConfigError(name, value, SETTINGS.find((setting) => setting.name === name)?.allowed ?? '');
  };

  const host = read('BACKLOT_HOST') ?? '127.0.0.1';
  const port = parse('BACKLOT_PORT', whole(0, 65_535), 4400);
  const link = z.string().regex(/^https?:\/\/[^\s/]+\/?$/);
  return Object.freeze({
    dataDir: path.resolve(read('BACKLOT_DATA_DIR') ?? './data'),
    host,
    port,
    publicUrl: parse('BACKLOT_PUBLIC_URL', link, '').replace(/\/$/, ''),
    trustProxy: parse('BACKLOT_TRUST_PROXY', proxies, 0),
    databaseUrl: parse<string | null>('DATABASE_URL', z.string().regex(/^postgres(ql)?:\/\//), null),
    roles: parse('BACKLOT_ROLES', roles, ['server', 'worker']),
    signingKey: parse<string | null>('BACKLOT_SIGNING_KEY', z.string().min(32), null),
    postgresBin: read('BACKLOT_POSTGRES_BIN'),
    ffmpegPath: read('FFMPEG_PATH'),
    sofficePath: read('SOFFICE_PATH'),
    heifPath: read('HEIF_CONVERT_PATH'),
    fetchAllow: parse<readonly string[]>('BACKLOT_FETCH_ALLOW', hosts, []),
    pictureSizes: parse('BACKLOT_PICTURE_SIZES', sizes, PICTURE_SIZES),
    pictureCache: parse('BACKLOT_PICTURE_CACHE', room, 2e9),
    logLevel: parse('BACKLOT_LOG', z.enum(LOG_LEVELS), 'info'),
    workers: parse('BACKLOT_WORKERS', whole(1, 12), 2),
  });
}

function whole(min: number, max: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

const proxies: z.ZodType<number> = z
  .string()
  .regex(/^(off|[1-9])$/)
  .transform((text) => (text === 'off' ? 0 : Number(text)));

const hosts: z.ZodType<readonly string[]> = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim().toLowerCase()))
  .pipe(z.array(z.string().regex(/^[a-z0-9._-]+(:\d{1,5})?$|^[0-9a-f:]+$/)));

const SIDE = '([1-9]\\d{0,2}|[1-3]\\d{3}|40[0-8]\\d|409[0-6])';
const SIZE = `${SIDE}(x${SIDE}(:(inside|cover|contain))?)?`;
const sizes: z.ZodType<string> = z.string().regex(new RegExp(`^${SIZE}(, *${SIZE})*$`));

const room: z.ZodType<number> = z
  .string()
  .regex(/^[1-9]\d{0,3}(MB|GB)$/)
  .transform((text) => Number.parseInt(text, 10) * (text.endsWith('GB') ? 1e9 : 1e6))
  .pipe(z.number().min(10e6));

const roles: z.ZodType<readonly Role[]> = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.enum(['server', 'worker'])).min(1));
