import { Star } from 'lucide-react';
import type { AssetChange, AssetDetail, AssetType, MediaType } from '../../client/index.ts';
import { useLibraryNav } from '../data/nav.ts';
import { STATUS_WORDS, TYPE_SHELVES, TYPE_WORDS, keysOf } from '../data/words.ts';
import { LABEL_CLASS } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { DraftField, SaveMark } from './detail-field.tsx';
import type { FieldName, SaveStates } from './detail-save.ts';
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
      <DraftField
        label="Name"
        value={asset.name}
        maxLength={1000}
        isRequired
        state={states.name}
        onSave={(name) => save({ name })}
      />
      <div className="grid grid-cols-2 gap-2">
        <div>
          <Select
            label="Type"
            value={asset.type}
            choices={TYPE_CHOICES}
            onChange={(type) => save({ type })}
          />
          <Note asset={asset} field="type" states={states} />
        </div>
        <div>
          <Select
            label="Media type"
            value={asset.mediaType}
            choices={MEDIA_CHOICES}
            onChange={(mediaType) => save({ mediaType })}
          />
          <Note asset={asset} field="mediaType" states={states} />
        </div>
      </div>
      <DraftField
        label="Description"
        value={asset.description}
        rows={3}
        maxLength={20_000}
        placeholder="What is to be seen or heard"
        state={states.description}
        onSave={(description) => save({ description })}
      />
      <DraftField
        label="Scene hint"
        value={asset.sceneHint}
        rows={2}
        maxLength={2000}
        placeholder="Where it belongs, such as “closing shot”"
        state={states.sceneHint}
        onSave={(sceneHint) => save({ sceneHint })}
      />
      <div>
        <TagField
          label="Tags"
          tags={asset.tags}
          error={tagError}
          onChange={(tags) => save({ tags })}
          onPressTag={(tag) => change({ tag: [tag] })}
        />
        {tagError === undefined ? <SaveMark state={states.tags} /> : null}
      </div>
      <div className="grid grid-cols-2 items-start gap-2">
        <div>
          <Select
            label="Status"
            value={asset.status}
            choices={STATUS_CHOICES}
            onChange={(status) => save({ status })}
          />
          <SaveMark state={states.status} />
        </div>
        <div>
          <Rating value={asset.rating} onChange={(rating) => save({ rating })} />
          <SaveMark state={states.rating} />
        </div>
      </div>
      <div>
        <Switch isSelected={asset.mustInclude} onChange={(mustInclude) => save({ mustInclude })}>
          <span>
            Must include
            <span className="block text-label text-muted">Every new production starts with it</span>
          </span>
        </Switch>
        <SaveMark state={states.mustInclude} />
      </div>
    </div>
  );
}

const ORIGINS = {
  person: 'Set by',
  file: 'Read from the file by',
  computed: 'Worked out by',
  model: 'Said by',
} as const;

/** How saving went; otherwise who said the value when it was no person. */
function Note(props: {
  readonly asset: AssetDetail;
  readonly field: FieldName;
  readonly states: SaveStates;
}) {
  const state = props.states[props.field];
  const origin = props.asset.provenance[props.field];
  if (state !== undefined) return <SaveMark state={state} />;
  if (origin === undefined || origin.by === 'person') return null;
  return (
    <p className="mt-0.5 truncate text-label text-muted" title={`${ORIGINS[origin.by]} ${origin.who}`}>
      {origin.by === 'model' ? `Said by ${origin.who}` : 'Guessed from the file'}
    </p>
  );
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
