import { MEDIA_TYPES } from '../domain/asset-types.ts';
import { rebuildRenditions } from '../services/renditions.ts';
import { isOn, noWords, text, UsageError } from './args.ts';
import { COMMON_FLAGS, LIBRARY_FLAGS } from './command.ts';
import type { Command } from './command.ts';
import { withLibrary } from './connection.ts';
import { printJson, wantsJson } from './print.ts';

export const rebuild: Command = {
  name: 'renditions rebuild',
  summary: 'Have files read again, so that their pictures come from the tools of today',
  usage: '[--older-than-tool] [--tool NAME] [--media-type TYPE]',
  flags: {
    'older-than-tool': { means: 'Only pictures that another version of their tool made' },
    tool: { value: 'NAME', means: 'Only pictures of this tool, e.g. ffmpeg' },
    'media-type': { value: 'TYPE', means: 'Only files of this media type, e.g. video' },
    ...LIBRARY_FLAGS,
    ...COMMON_FLAGS,
  },
  examples: ['backlot renditions rebuild --older-than-tool', 'backlot renditions rebuild --media-type font'],
  run: (context) => {
    noWords(context.parsed);
    const asked = text(context.parsed, 'media-type');
    const mediaType = MEDIA_TYPES.find((type) => type === asked);
    if (asked !== undefined && mediaType === undefined) {
      throw new UsageError(`"${asked}" is no media type. There are ${MEDIA_TYPES.join(', ')}.`);
    }
    const olderThanTool = isOn(context.parsed, 'older-than-tool');
    return withLibrary(context, context.host.openDeps, async ({ deps }) => {
      const files = await rebuildRenditions(deps, {
        mediaType,
        tool: text(context.parsed, 'tool'),
        olderThanTool,
      });
      if (wantsJson(context)) printJson(context, { files });
      else context.host.out(`${files} files will be read again by the worker.\n`);
      return 0;
    });
  },
};
