import { useCardsOnView } from '../data/library.ts';
import { useBrand } from '../data/session.tsx';
import { selectionCount, useView } from '../data/view.ts';
import { plural } from '../i18n/format.ts';
import { Select } from '../ui/select.tsx';
import type { SelectProps } from '../ui/select.tsx';
import { runBulk, selectedCards, sharedOf, sharedTags, useBulk } from './bulk-acts.ts';
import type { Shared } from './bulk-acts.ts';
import type { BulkChange } from './bulk-words.ts';
import { DraftField } from './detail-field.tsx';
import { MEDIA_CHOICES, STATUS_CHOICES, TYPE_CHOICES } from './detail-fields.tsx';
import { TagField } from './detail-tags.tsx';

const YES_NO = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
] as const;
const PEOPLE = [...YES_NO, { value: 'unknown', label: 'Unknown' }] as const;
const RATINGS = [
  { value: '0', label: 'None' },
  ...([1, 2, 3, 4, 5] as const).map((stars) => ({ value: String(stars), label: plural(stars, 'star') })),
];

/**
 * Fields of everything selected: a value that all share, or "Mixed". Each change is one operation on all of them, with one
 * undo; what is not touched stays as it is on every asset.
 */
export function ManyFields() {
  const b = useBrand();
  const selection = useView((view) => view.selection);
  useBulk((state) => state.done);
  useCardsOnView();
  const cards = selectedCards();
  const set = (change: NonNullable<BulkChange['set']>) => void runBulk(b, { set: change });
  const tags = sharedTags(cards);
  const key = `${selectionCount(selection)}:${cards?.[0]?.id ?? ''}`;
  return (
    <div key={key} className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-2">
        <Choose
          label="Type"
          of={sharedOf(cards, (card) => card.type)}
          choices={TYPE_CHOICES}
          onChange={(type) => set({ type })}
        />
        <Choose
          label="Media type"
          of={sharedOf(cards, (card) => card.mediaType)}
          choices={MEDIA_CHOICES}
          onChange={(mediaType) => set({ mediaType })}
        />
        <Choose
          label="Status"
          of={sharedOf(cards, (card) => card.status)}
          choices={STATUS_CHOICES}
          onChange={(status) => set({ status })}
        />
        <Choose
          label="Rating"
          of={sharedOf(cards, (card) => String(card.rating ?? 0))}
          choices={RATINGS}
          onChange={(stars) => set({ rating: stars === '0' ? null : Number(stars) })}
        />
        <Choose
          label="Must include"
          of={sharedOf(cards, (card) => (card.mustInclude ? 'yes' : 'no'))}
          choices={YES_NO}
          onChange={(value) => set({ mustInclude: value === 'yes' })}
        />
        <Choose
          label="Has people"
          of={sharedOf(cards, (card) =>
            card.hasPeople === null ? 'unknown' : card.hasPeople ? 'yes' : 'no',
          )}
          choices={PEOPLE}
          onChange={(value) => set({ hasPeople: value === 'unknown' ? null : value === 'yes' })}
        />
      </div>
      <Text
        label="Product"
        of={sharedOf(cards, (card) => card.product)}
        onSave={(product) => set({ product })}
      />
      <Text
        label="Campaign"
        of={sharedOf(cards, (card) => card.campaign)}
        onSave={(campaign) => set({ campaign })}
      />
      <TagField
        label="Tags of all"
        tags={tags}
        hint="Enter adds a tag to every selected asset; removing one takes it off wherever it stands."
        onChange={(next) => {
          const addTags = next.filter((tag) => !tags.includes(tag));
          const removeTags = tags.filter((tag) => !next.includes(tag));
          void runBulk(b, {
            ...(addTags.length === 0 ? {} : { addTags }),
            ...(removeTags.length === 0 ? {} : { removeTags }),
          });
        }}
      />
      <Text
        label="Scene hint"
        of={sharedOf(cards, (card) => card.sceneHint)}
        onSave={(sceneHint) => set({ sceneHint })}
      />
      <Text
        label="Description"
        rows={3}
        of={sharedOf(cards, (card) => card.description)}
        onSave={(description) => set({ description })}
      />
    </div>
  );
}

const WORDS = { mixed: 'Mixed', unknown: 'Various' } as const;

function Choose<T extends string>(props: { readonly of: Shared<T> } & PickProps<T>) {
  const { of, ...rest } = props;
  return (
    <Select
      {...rest}
      value={of.kind === 'same' ? of.value : null}
      placeholder={of.kind === 'same' ? '' : WORDS[of.kind]}
    />
  );
}
type PickProps<T extends string> = Omit<SelectProps<T>, 'value' | 'placeholder'>;

function Text(props: {
  readonly label: string;
  readonly of: Shared<string>;
  readonly rows?: number;
  readonly onSave: (text: string) => void;
}) {
  const { label, of, rows, onSave } = props;
  return (
    <DraftField
      label={label}
      value={of.kind === 'same' ? of.value : ''}
      placeholder={of.kind === 'same' ? '' : WORDS[of.kind]}
      state={undefined}
      isOfMany
      onSave={onSave}
      {...(rows === undefined ? {} : { rows })}
    />
  );
}
