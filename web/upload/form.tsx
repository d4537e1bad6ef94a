import { ArrowLeft } from 'lucide-react';
import type { AssetType, MediaType, UploadFields } from '../../client/index.ts';
import { plural } from '../i18n/format.ts';
import { DraftField } from '../panels/detail-field.tsx';
import { MEDIA_CHOICES, MEDIA_ONE, TYPE_CHOICES } from '../panels/detail-fields.tsx';
import { TagField } from '../panels/detail-tags.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { usePanel } from './open.ts';
import { folderTags } from './rows.ts';
import type { UploadRow } from './rows.ts';
import { queue } from './session.ts';

/** Longer texts do not fit the headers with which they travel; the asset itself takes more. */
const DESCRIPTION_MAX = 2000;

/** What to say about the files: about all of them, or about the one that was picked from the list. */
export function UploadForm({ rows }: { readonly rows: ReadonlyMap<string, UploadRow> }) {
  const editing = usePanel((state) => state.editing);
  const shared = usePanel((state) => state.shared);
  const one = editing === null ? undefined : rows.get(editing);

  function say(fields: UploadFields): void {
    if (one !== undefined) return queue.describe([one.id], fields);
    usePanel.setState({ shared: { ...shared, ...fields } });
    queue.describe(rows.keys(), fields);
  }

  if (one !== undefined) {
    return (
      <div>
        <div className="flex items-center gap-1 pb-2">
          <IconButton small label="Back to all files" onPress={() => usePanel.setState({ editing: null })}>
            <ArrowLeft size={15} aria-hidden />
          </IconButton>
          <p className="min-w-0 truncate text-muted">{one.path}</p>
        </div>
        <Fields key={one.id} fields={one.fields} row={one} onSay={say} />
      </div>
    );
  }
  return (
    <div>
      <p className="pb-2 text-muted">
        {rows.size === 0
          ? 'For every file that you add.'
          : `For all ${plural(rows.size, 'file')}, uploaded ones included.`}
      </p>
      <Fields fields={shared} row={null} onSay={say} />
      <FolderTags rows={rows} />
    </div>
  );
}

const AUTO = 'auto';

function Fields(props: {
  readonly fields: UploadFields;
  readonly row: UploadRow | null;
  readonly onSay: (fields: UploadFields) => void;
}) {
  const { fields, row, onSay } = props;
  const guess = row === null ? null : detected(row);
  return (
    <div className="flex flex-col gap-3">
      {row === null ? null : (
        <DraftField
          label="Name"
          value={fields.title ?? row.name}
          maxLength={1000}
          isRequired
          state={undefined}
          onSave={(title) => onSay({ title })}
        />
      )}
      <div className="grid grid-cols-2 gap-2">
        <Select<AssetType | typeof AUTO>
          label="Type"
          value={fields.type ?? AUTO}
          choices={[
            { title: 'By itself', choices: [{ value: AUTO, label: 'Guess from the file' }] },
            ...TYPE_CHOICES,
          ]}
          onChange={(type) => onSay({ type: type === AUTO ? undefined : type })}
        />
        <Select<MediaType | typeof AUTO>
          label="Media type"
          value={fields.mediaType ?? AUTO}
          choices={[
            { value: AUTO, label: guess === null ? 'Read from the file' : `${MEDIA_ONE[guess]} (read)` },
            ...MEDIA_CHOICES,
          ]}
          onChange={(mediaType) => onSay({ mediaType: mediaType === AUTO ? undefined : mediaType })}
        />
      </div>
      <DraftField
        label="Scene hint"
        value={fields.sceneHint ?? ''}
        maxLength={DESCRIPTION_MAX}
        placeholder="Where it belongs, such as “closing shot”"
        state={undefined}
        onSave={(sceneHint) => onSay({ sceneHint })}
      />
      <DraftField
        label="Description"
        value={fields.description ?? ''}
        rows={2}
        maxLength={DESCRIPTION_MAX}
        state={undefined}
        onSave={(description) => onSay({ description })}
      />
      <TagField label="Tags" tags={fields.tags ?? []} onChange={(tags) => onSay({ tags })} />
    </div>
  );
}

/** Media type as far as the browser tells it; the server looks into the bytes. */
function detected({ file }: UploadRow): MediaType | null {
  const [kind] = (file?.type ?? '').split('/');
  return kind === 'image' || kind === 'video' || kind === 'audio' || kind === 'font' ? kind : null;
}

/** Folder names say what people sorted by; one press makes tags of them. */
function FolderTags({ rows }: { readonly rows: ReadonlyMap<string, UploadRow> }) {
  const nested = [...rows.values()].filter(({ path }) => path.includes('/'));
  if (nested.length === 0) return null;
  function use(): void {
    for (const row of nested) {
      queue.describe([row.id], { tags: [...new Set([...(row.fields.tags ?? []), ...folderTags(row.path)])] });
    }
  }
  return (
    <Button small className="mt-3" onPress={use}>
      Use folder names as tags
    </Button>
  );
}
