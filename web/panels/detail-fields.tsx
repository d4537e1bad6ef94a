import { Star } from 'lucide-react';
import type { AssetChange, AssetDetail, AssetType, MediaType } from '../../client/index.ts';
import { useLibraryNav } from '../data/nav.ts';
import { STATUS_WORDS, TYPE_SHELVES, TYPE_WORDS, keysOf } from '../data/words.ts';
import { LABEL_CLASS } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { CustomFields } from './detail-custom.tsx';
import { DraftField, Said, SaveMark } from './detail-field.tsx';
import type { FieldName, SaveStates } from './detail-save.ts';
import { Lockable } from './detail-lock.tsx';
import { TagField } from './detail-tags.tsx';

export const TYPE_CHOICES = TYPE_SHELVES.map(({ title, types }) => ({
  title,
  choices: types.map((type: AssetType) => ({ value: type, label: TYPE_WORDS[type] })),
}));
/** One file's media type; the library's filters speak of many. */
export const MEDIA_ONE: Readonly<Record<MediaType, string>> = {
  image: 'Image',
  video: 'Video',
  audio: 'Audio',
  document: 'Document',
  font: 'Font',
  model3d: '3D model',
  weights: 'Weights',
  lut: 'LUT',
  data: 'Data',
  other: 'Other',
};
export const MEDIA_CHOICES = keysOf(MEDIA_ONE).map((value) => ({ value, label: MEDIA_ONE[value] }));
export const STATUS_CHOICES = keysOf(STATUS_WORDS).map((value) => ({ value, label: STATUS_WORDS[value] }));

export interface DetailFieldsProps {
  readonly asset: AssetDetail;
  readonly save: (change: AssetChange) => void;
  readonly states: SaveStates;
}

/** Everything a person may say about an asset. Each field saves by itself. */
export function DetailFields({ asset, save, states }: DetailFieldsProps) {
  const { change } = useLibraryNav();
  const tagError = states.tags?.kind === 'failed' ? states.tags.message : undefined;
  return (
    <div className="flex flex-col gap-3">
      <Lockable field="name" label="Name">
        <DraftField
          label="Name"
          value={asset.name}
          maxLength={1000}
          isRequired
          state={states.name}
          note={originOf(asset, 'name')}
          onSave={(name) => save({ name })}
        />
      </Lockable>
      <div className="grid grid-cols-2 gap-2">
        <Lockable field="type" label="Type">
          <Select
            label="Type"
            value={asset.type}
            choices={TYPE_CHOICES}
            onChange={(type) => save({ type })}
          />
          <Note asset={asset} field="type" states={states} />
        </Lockable>
        <Lockable field="mediaType" label="Media type">
          <Select
            label="Media type"
            value={asset.mediaType}
            choices={MEDIA_CHOICES}
            onChange={(mediaType) => save({ mediaType })}
          />
          <Note asset={asset} field="mediaType" states={states} />
        </Lockable>
      </div>
      <Lockable field="description" label="Description">
        <DraftField
          label="Description"
          value={asset.description}
          rows={3}
          maxLength={20_000}
          placeholder="What is to be seen or heard"
          state={states.description}
          note={originOf(asset, 'description')}
          onSave={(description) => save({ description })}
        />
      </Lockable>
      <Lockable field="sceneHint" label="Scene hint">
        <DraftField
          label="Scene hint"
          value={asset.sceneHint}
          rows={2}
          maxLength={2000}
          placeholder="Where it belongs, such as “closing shot”"
          state={states.sceneHint}
          note={originOf(asset, 'sceneHint')}
          onSave={(sceneHint) => save({ sceneHint })}
        />
      </Lockable>
      <Lockable field="tags" label="Tags">
        <TagField
          label="Tags"
          tags={asset.tags}
          error={tagError}
          onChange={(tags) => save({ tags })}
          onPressTag={(tag) => change({ tag: [tag] })}
        />
        {tagError === undefined ? <Note asset={asset} field="tags" states={states} /> : null}
      </Lockable>
      <MoreFields asset={asset} save={save} states={states} />
      <div className="grid grid-cols-2 items-start gap-2">
        <Lockable field="status" label="Status">
          <Select
            label="Status"
            value={asset.status}
            choices={STATUS_CHOICES}
            onChange={(status) => save({ status })}
          />
          <Note asset={asset} field="status" states={states} />
        </Lockable>
        <Lockable field="rating" label="Rating">
          <Rating value={asset.rating} onChange={(rating) => save({ rating })} />
          <Note asset={asset} field="rating" states={states} />
        </Lockable>
      </div>
      <Lockable field="mustInclude" label="Must include">
        <Switch isSelected={asset.mustInclude} onChange={(mustInclude) => save({ mustInclude })}>
          <span>
            Must include
            <span className="block text-label text-muted">Every new production starts with it</span>
          </span>
        </Switch>
        <Note asset={asset} field="mustInclude" states={states} />
      </Lockable>
    </div>
  );
}

const PEOPLE_CHOICES = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
  { value: 'unknown', label: 'Unknown' },
] as const;

/** What productions sort their work by. */
function MoreFields({ asset, save, states }: DetailFieldsProps) {
  const people = asset.hasPeople === null ? 'unknown' : asset.hasPeople ? 'yes' : 'no';
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-2">
        <Lockable field="product" label="Product">
          <DraftField
            label="Product"
            value={asset.product}
            maxLength={200}
            state={states.product}
            note={originOf(asset, 'product')}
            onSave={(product) => save({ product })}
          />
        </Lockable>
        <Lockable field="campaign" label="Campaign">
          <DraftField
            label="Campaign"
            value={asset.campaign}
            maxLength={200}
            state={states.campaign}
            note={originOf(asset, 'campaign')}
            onSave={(campaign) => save({ campaign })}
          />
        </Lockable>
      </div>
      <Lockable field="mood" label="Mood">
        <TagField label="Mood" tags={asset.mood} onChange={(mood) => save({ mood })} noun="mood" />
        <Note asset={asset} field="mood" states={states} />
      </Lockable>
      <Lockable field="style" label="Style">
        <TagField label="Style" tags={asset.style} onChange={(style) => save({ style })} noun="style" />
        <Note asset={asset} field="style" states={states} />
      </Lockable>
      <Lockable field="hasPeople" label="Has people">
        <Select
          label="Has people"
          value={people}
          choices={PEOPLE_CHOICES}
          onChange={(value) => save({ hasPeople: value === 'unknown' ? null : value === 'yes' })}
        />
        <Note asset={asset} field="hasPeople" states={states} />
      </Lockable>
      <Lockable field="custom" label="Own fields">
        <CustomFields asset={asset} save={save} state={states.custom} />
      </Lockable>
    </>
  );
}

const ORIGINS = {
  person: 'Set by',
  file: 'Read from the file by',
  computed: 'Worked out by',
  model: 'Said by',
} as const;

const PLACES: Readonly<Record<string, string>> = {
  'file name': 'From the file name',
  content: 'From the content',
};

/** Who said a value, in a few words. */
function originOf({ provenance }: AssetDetail, field: FieldName): string {
  const origin = provenance[field];
  if (origin === undefined) return '';
  return PLACES[origin.who] ?? `${ORIGINS[origin.by]} ${origin.who}`;
}

/** How saving went; otherwise who said the value. */
function Note(props: {
  readonly asset: AssetDetail;
  readonly field: FieldName;
  readonly states: SaveStates;
}) {
  const state = props.states[props.field];
  if (state !== undefined) return <SaveMark state={state} />;
  return <Said text={originOf(props.asset, props.field)} />;
}

const STARS = [1, 2, 3, 4, 5] as const;

/** Five stars; pressing the given one again clears it, as 0 does on the keyboard. */
function Rating({
  value,
  onChange,
}: {
  readonly value: number | null;
  readonly onChange: (rating: number | null) => void;
}) {
  return (
    <div role="group" aria-label="Rating">
      <span className={LABEL_CLASS}>Rating</span>
      <div className="flex">
        {STARS.map((star) => (
          <button
            key={star}
            type="button"
            aria-label={star === 1 ? '1 star' : `${star} stars`}
            aria-pressed={value === star}
            onClick={() => onChange(value === star ? null : star)}
            className="grid h-8.5 w-6 place-items-center rounded-sm hover:bg-hover max-md:h-11 max-md:w-9"
          >
            <Star
              size={16}
              aria-hidden
              className={value !== null && star <= value ? 'fill-current text-accent' : 'text-edge'}
            />
          </button>
        ))}
      </div>
    </div>
  );
}
