import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../platform/run-tool.ts';
import { SYSTEM_PATH } from '../platform/config.ts';
import type { KindContext, MediaSource } from './contract.ts';
import { CannotDecode } from './outcome.ts';

export interface HeifPicture {
  /** A PNG in the scratch folder, turned upright. */
  readonly path: string;
  readonly version: string;
}

/** Has libheif write the main picture of a HEIC file as PNG. Throws CannotDecode. */
export async function drawHeif(source: MediaSource, context: KindContext): Promise<HeifPicture> {
  const { heif } = context.tools;
  if (heif === null) throw new CannotDecode('waiting_for_heif');
  const options = {
    signal: context.signal,
    deadline: 25_000,
    cwd: context.scratch,
    env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
    ownGroup: false,
  };
  const path = join(context.scratch, 'heif.png');
  await runTool([heif, source.path, path], options);
  // A file of several pictures has the main one first, and numbers them.
  for (const candidate of [path, join(context.scratch, 'heif-1.png')]) {
    const isThere = await access(candidate).then(
      () => true,
      () => false,
    );
    if (isThere) return { path: candidate, version: await versionOf(heif, options) };
  }
  throw new CannotDecode('damaged');
}

let known: { readonly path: string; readonly version: string } | undefined;

async function versionOf(heif: string, options: Parameters<typeof runTool>[1]): Promise<string> {
  if (known?.path !== heif) {
    const { stdout, stderr } = await runTool([heif, '--version'], options);
    known = {
      path: heif,
      version: /\d+\.\d+\.\d+/.exec(`${stdout.toString('utf8')}${stderr}`)?.[0] ?? 'unknown',
    };
  }
  return known.version;
}

/** A picture of two colours, 96 × 64. */
const SAMPLE =
  'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAkVtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAANGlsb2MAAAAAREAAAgABAAAAAAJpAAEAAAAAAAAAwQACAAAAAAMqAAEAAAAAAAAAEwAAADhpaW5mAAAAAAACAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAFWluZmUCAAAAAAIAAGh2YzEAAAABhGlwcnAAAAFfaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAGAAAABAAAAAEHBpeGkAAAAAAwgICAAAAHJodmNDAQQIAAAAAAAAAAAAHvAA/Pz4+AAADwMgAAEAF0ABDAH//wQIAAADAJ/4AAADAAAeugJAIQABACZCAQEECAAAAwCf+AAAAwAAHsDCBBZbqSSmubAgAAADACAAAAMAISIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAGAAAABAAAAADnBpeGkAAAAAAQgAAAAnYXV4QwAAAAB1cm46bXBlZzpoZXZjOjIwMTU6YXV4aWQ6MQAAAAAdaXBtYQAAAAAAAAACAAEDgQKDAAIEhAWGhwAAABppcmVmAAAAAAAAAA5hdXhsAAIAAQABAAAA3G1kYXQAAAC9KAGvGYAIamR63/yzH3AoPqa9e6hgUnh9qPjszWXPTXG+nn10Gevt50CSufIbPpG/ye0R6M97bCAdcj6/v9Ia2AGV5/kw3VxI4rSjkYH54WXm/gg27ekBpYie8UjkUdf7/ABKmQxkH4wEK3mLR5ea6sILI7anujoUzOVpRR4yrc/O0yrpFJEa6aDSOCi98yZBLqeaq2J+EV1wjjBV1zsSQZlCNsCNSqYeLutrMWuTNzo8Njp9fwBumO7JMYioAAAADygBrjPisOD2n6KOcM0I8A==';

/** Whether the program really decodes: its codec is a part of its own that may be missing. */
export async function writesHeif(heif: string, folder: string): Promise<boolean> {
  const input = join(folder, 'sample');
  const output = join(folder, 'sample.png');
  await writeFile(input, Buffer.from(SAMPLE, 'base64'));
  await runTool([heif, input, output], { deadline: 5000 });
  return access(output).then(
    () => true,
    () => false,
  );
}
