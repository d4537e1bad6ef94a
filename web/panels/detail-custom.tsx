import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { AssetChange, AssetDetail } from '../../client/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { LABEL_CLASS, TextField } from '../ui/field.tsx';
import { DraftField, SaveMark } from './detail-field.tsx';
import type { SaveState } from './detail-save.ts';

/** Fields of people's own, by name. Each value saves by itself; the others stay as they are. */
export function CustomFields(props: {
  readonly asset: AssetDetail;
  readonly save: (change: AssetChange) => void;
  readonly state: SaveState | undefined;
}) {
  const { asset, save, state } = props;
  const [name, setName] = useState<string | null>(null);
  // A field without a value is not kept by the server; until it has one it stands here.
  const [fresh, setFresh] = useState<readonly string[]>([]);
  const names = [...new Set([...Object.keys(asset.custom), ...fresh])].toSorted();
  const wanted = name?.trim() ?? '';
  const isTaken = names.includes(wanted);
  const add = () => {
    if (wanted === '' || isTaken) return;
    setFresh([...fresh, wanted]);
    setName(null);
  };
  return (
    <div role="group" aria-label="Own fields">
      <span className={LABEL_CLASS}>Own fields</span>
      <div className="flex flex-col gap-2">
        {names.map((field) => (
          <div key={field} className="flex items-end gap-1">
            <div className="min-w-0 flex-1">
              <DraftField
                label={field}
                value={asset.custom[field] ?? ''}
                maxLength={2000}
                state={undefined}
                onSave={(value) => save({ custom: { [field]: value } })}
              />
            </div>
            <IconButton
              label={`Remove ${field}`}
              onPress={() => {
                setFresh(fresh.filter((one) => one !== field));
                if (field in asset.custom) save({ custom: { [field]: null } });
              }}
            >
              <X size={14} aria-hidden />
            </IconButton>
          </div>
        ))}
        {name === null ? (
          <Button small className="self-start" onPress={() => setName('')}>
            <Plus size={14} aria-hidden /> Add a field
          </Button>
        ) : (
          <form
            className="flex items-end gap-1"
            onSubmit={(event) => {
              event.preventDefault();
              add();
            }}
          >
            <TextField
              label="Name of the field"
              className="min-w-0 flex-1"
              value={name}
              onChange={setName}
              maxLength={64}
              autoFocus
              error={isTaken ? 'There is a field of this name.' : undefined}
            />
            <Button type="submit" isDisabled={wanted === '' || isTaken}>
              Add
            </Button>
            <IconButton label="Do not add a field" onPress={() => setName(null)}>
              <X size={14} aria-hidden />
            </IconButton>
          </form>
        )}
        <SaveMark state={state} />
      </div>
    </div>
  );
}
