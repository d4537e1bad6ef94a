import { ArrowLeft } from 'lucide-react';
import type { AssetType, MediaType, UploadFields } from '../../client/index.ts';
import { useCollections } from '../data/collections.ts';
import { useKeep } from '../data/keep.ts';
import { useCurrentBrand } from '../data/session.tsx';
import { TYPE_WORDS } from '../data/words.ts';
import { plural } from '../i18n/format.ts';
import { DraftField } from '../panels/detail-field.tsx';
import { MEDIA_CHOICES, MEDIA_ONE, TYPE_CHOICES } from '../panels/detail-fields.tsx';
import { TagField } from '../panels/detail-tags.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import type { Choice } from '../ui/select.tsx';
import { setShared, summaryOf, useShared } from './defaults.ts';
import { usePanel } from './open.ts';
import type { QueueView } from './queue-view.ts';
import { folderOf, folderTags } from './rows.ts';
import type { UploadRow } from './rows.ts';
import { queue } from './session.ts';
import { inSlices } from './slices.ts';
import type { Tally } from './tally.ts';

/** Letters of a product's or campaign's name that the server takes. */
const LABEL_MAX = 200;
/** Longer texts do not fit the headers with which they travel; the asset itself takes more. */
const DESCRIPTION_MAX = 2000;

/** What to say about the files: about all of them, or about the one that was picked from the list. */
export function UploadForm({ view: { rows, tally } }: { readonly view: QueueView }) {
  const { slug } = useCurrentBrand();
  const editing = usePanel((state) => state.editing);
  const shared = useShared(slug);
  const one = editing === null ? undefined : rows.get(editing);
  if (one !== undefined) {
    return (
      <div>
        <div className="flex items-center gap-1 pb-2">
          <IconButton small label="Back to all files" onPress={() => usePanel.setState({ editing: null })}>
            <ArrowLeft size={15} aria-hidden />
          </IconButton>
          <p className="min-w-0 truncate text-muted">{one.path}</p>
        </div>
        <Fields
          key={one.id}
          fields={one.fields}
          row={one}
          onSay={(fields) => void queue.describe([one.id], fields)}
        />
      </div>
    );
  }
  function say(fields: UploadFields): void {
    setShared(slug, { ...shared, ...fields });
    const mine = [...rows.values()].filter(({ brand }) => brand === slug);
    void queue.describe(
      mine.map(({ id }) => id),
      fields,
    );
  }
  return (
    <div>
      <div className="flex min-h-7 items-center gap-2 pb-2">
        <p className="min-w-0 flex-1 text-muted">
          {rows.size === 0
            ? 'For every file that you add. Remembered for this brand.'
            : `For all ${plural(rows.size, 'file')}, uploaded ones included, and those still to come.`}
        </p>
        {summaryOf(shared) === null ? null : (
          <Button small tone="quiet" onPress={() => setShared(slug, {})}>
            Start afresh
          </Button>
        )}
      </div>
      <Fields fields={shared} row={null} onSay={say} />
      <FolderTags rows={rows} tally={tally} />
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
  const guess = row === null ? null : (row.guess?.mediaType ?? detected(row));
  const typeGuess = row?.guess?.type;
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
            { title: 'By itself', choices: [{ value: AUTO, label: guessLabel(typeGuess) }] },
            ...TYPE_CHOICES,
          ]}
          onChange={(type) => onSay({ type: type === AUTO ? undefined : type })}
        />
        <Select<MediaType | typeof AUTO>
          label="Media type"
          value={fields.mediaType ?? AUTO}
          choices={[
            {
              value: AUTO,
              label: guess === null ? 'Read from the file' : `${MEDIA_ONE[guess]} (by its name)`,
            },
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
      <div className="grid grid-cols-2 gap-2">
        <DraftField
          label="Product"
          value={fields.product ?? ''}
          maxLength={LABEL_MAX}
          state={undefined}
          onSave={(product) => onSay({ product })}
        />
        <DraftField
          label="Campaign"
          value={fields.campaign ?? ''}
          maxLength={LABEL_MAX}
          state={undefined}
          onSave={(campaign) => onSay({ campaign })}
        />
      </div>
      {row === null ? <CollectionChoice fields={fields} onSay={onSay} /> : null}
      {row === null ? (
        <Select<Duplicates>
          label="When the library has a file already"
          value={fields.onDuplicate ?? 'ask'}
          choices={DUPLICATES}
          onChange={(choice) => onSay({ onDuplicate: choice === 'ask' ? undefined : choice })}
        />
      ) : null}
    </div>
  );
}

const NO_COLLECTION = 'none';

/** Where the files go beside the library. Unsaid, it is the collection that is open. */
function CollectionChoice(props: {
  readonly fields: UploadFields;
  readonly onSay: (fields: UploadFields) => void;
}) {
  const { slug } = useCurrentBrand();
  const { data } = useCollections(slug);
  const open = useKeep((state) => state.open);
  const [chosen = NO_COLLECTION] = props.fields.collection ?? (open === null ? [] : [open.id]);
  if (data === undefined || data.length === 0) return null;
  return (
    <Select<string>
      label="Collection"
      value={chosen}
      choices={[
        { value: NO_COLLECTION, label: 'None' },
        ...data.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={(id) => props.onSay({ collection: id === NO_COLLECTION ? [] : [id] })}
    />
  );
}

type Duplicates = NonNullable<UploadFields['onDuplicate']> | 'ask';
const DUPLICATES: readonly Choice<Duplicates>[] = [
  { value: 'ask', label: 'Ask for each' },
  { value: 'reuse', label: 'Use the existing' },
  { value: 'version', label: 'Add a version to it' },
  { value: 'keep', label: 'Keep both' },
];

function guessLabel(type: AssetType | undefined): string {
  return type === undefined ? 'Guess it' : `${TYPE_WORDS[type]} (guessed)`;
}

/** Media type as far as the browser tells it; the server looks into the bytes. */
function detected({ file }: UploadRow): MediaType | null {
  const [kind] = (file?.type ?? '').split('/');
  return kind === 'image' || kind === 'video' || kind === 'audio' || kind === 'font' ? kind : null;
}

/** Folder names say what people sorted by; one press makes tags of them, each file getting those of its own folders. */
function FolderTags(props: { readonly rows: ReadonlyMap<string, UploadRow>; readonly tally: Tally }) {
  const names = [...props.tally.folders.keys()];
  if (names.length === 0) return null;
  async function use(): Promise<void> {
    const there = new Map<string, UploadRow[]>();
    await inSlices([...props.rows.values()], (row) => {
      const own = folderTags(row.path);
      if (own.length === 0) return;
      if (row.state !== 'done') return void queue.describe([row.id], { tags: joined(row, own) });
      const folder = `${row.brand} ${folderOf(row.path)}`;
      const known = there.get(folder);
      if (known === undefined) there.set(folder, [row]);
      else known.push(row);
    });
    // What has arrived is told in one request for each folder, not for each file.
    for (const rows of there.values()) {
      const [first] = rows;
      if (first === undefined) continue;
      const ids = rows.map(({ id }) => id);
      await queue.describe(ids, { tags: joined(first, folderTags(first.path)) });
    }
  }
  return (
    <div className="mt-3 flex items-center gap-2">
      <Button small onPress={() => void use()}>
        Use folder names as tags
      </Button>
      <span className="min-w-0 truncate text-label text-muted" title={names.join(', ')}>
        {names.join(', ')}
      </span>
    </div>
  );
}

function joined(row: UploadRow, tags: readonly string[]): string[] {
  return [...new Set([...(row.fields.tags ?? []), ...tags])];
}
