import { Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useBrand, useSession } from '../data/session.tsx';
import { selectionCount, useView } from '../data/view.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { applyPlan, startBulk } from './bulk-run.ts';
import type { BulkPlan } from './bulk-run.ts';
import { actText } from './bulk-words.ts';
import type { BulkChange } from './bulk-words.ts';
import { STATUS_CHOICES, TYPE_CHOICES } from './detail-fields.tsx';
import { TagField } from './detail-tags.tsx';

const MUST_CHOICES = [
  { value: 'yes', label: 'Must include' },
  { value: 'no', label: 'Not must include' },
] as const;

/** What can be done with everything selected: one operation each, with one undo. */
export function BulkBar() {
  const b = useBrand();
  const { verbs } = useSession();
  const selection = useView((view) => view.selection);
  const selectMode = useView((view) => view.selectMode);
  const clear = useView((view) => view.clearSelection);
  const [busy, setBusy] = useState(false);
  const [plan, setPlan] = useState<BulkPlan | null>(null);
  const [tagging, setTagging] = useState(false);
  const count = selectionCount(selection);

  async function run(change: BulkChange): Promise<void> {
    setBusy(true);
    setPlan(await startBulk(b, selection, change));
    setBusy(false);
  }
  async function confirm(): Promise<void> {
    if (plan === null) return;
    setBusy(true);
    await applyPlan(b, plan);
    setPlan(null);
    setBusy(false);
  }

  // One selected card is the one that the details show, with the same acts.
  if (count <= 0 || (count === 1 && !selectMode)) return null;
  return (
    <>
      <div
        role="toolbar"
        aria-label={`Actions for ${plural(count, 'selected asset')}`}
        className="popover fixed bottom-14 left-1/2 z-30 flex max-w-[calc(100vw-16px)] -translate-x-1/2 items-center gap-1 overflow-x-auto p-1.5 max-md:bottom-28"
      >
        <span role="status" className="order-1 px-2 font-semibold whitespace-nowrap">
          {plural(count, 'selected', 'selected')}
        </span>
        {verbs.includes('write') ? (
          <>
            <Select
              label="Set the type"
              hideLabel
              className="order-2"
              prefix="Type"
              placeholder=""
              value={null}
              choices={TYPE_CHOICES}
              isDisabled={busy}
              onChange={(type) => void run({ set: { type } })}
            />
            <Select
              label="Set the status"
              hideLabel
              className="order-2"
              prefix="Status"
              placeholder=""
              value={null}
              choices={STATUS_CHOICES}
              isDisabled={busy}
              onChange={(status) => void run({ set: { status } })}
            />
            <Select
              label="Set must include"
              hideLabel
              className="order-2"
              prefix="Must include"
              placeholder=""
              value={null}
              choices={MUST_CHOICES}
              isDisabled={busy}
              onChange={(value) => void run({ set: { mustInclude: value === 'yes' } })}
            />
            <Button isDisabled={busy} className="order-2" onPress={() => setTagging(true)}>
              Tags …
            </Button>
            <Button
              isDisabled={busy}
              aria-label="Move to trash"
              className="order-3 max-md:order-1 max-md:w-11 max-md:px-0"
              onPress={() => void run({ trash: true })}
            >
              <Trash2 size={15} aria-hidden />
              <span className="max-md:hidden">Move to trash</span>
            </Button>
          </>
        ) : null}
        <IconButton label="Clear the selection" className="order-3 max-md:order-1" onPress={clear}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <PlanDialog plan={plan} busy={busy} onClose={() => setPlan(null)} onConfirm={() => void confirm()} />
      <TagsDialog
        count={count}
        isOpen={tagging}
        onClose={() => setTagging(false)}
        onApply={(change) => {
          setTagging(false);
          void run(change);
        }}
      />
    </>
  );
}

/** The server's exact count, before everything that matches is changed. */
function PlanDialog(props: {
  readonly plan: BulkPlan | null;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}) {
  const { plan, busy, onClose, onConfirm } = props;
  const act = plan === null ? '' : actText(plan.change);
  return (
    <Dialog
      role="alertdialog"
      title={act}
      isOpen={plan !== null}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="main" isDisabled={busy} onPress={onConfirm}>
            {plan?.change.trash === true ? 'Move to trash' : 'Change all'}
          </Button>
        </>
      }
    >
      {plan === null ? null : (
        <p>
          This changes exactly <strong>{plural(plan.matched, 'asset')}</strong> ({formatBytes(plan.bytes)}):
          all that match now. One Undo takes it back.
        </p>
      )}
    </Dialog>
  );
}

function TagsDialog(props: {
  readonly count: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onApply: (change: BulkChange) => void;
}) {
  const { count, isOpen, onClose, onApply } = props;
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  function close(): void {
    setAdd([]);
    setRemove([]);
    onClose();
  }
  function apply(): void {
    onApply({
      ...(add.length === 0 ? {} : { addTags: add }),
      ...(remove.length === 0 ? {} : { removeTags: remove }),
    });
    setAdd([]);
    setRemove([]);
  }
  return (
    <Dialog
      title={`Tags of ${plural(count, 'asset')}`}
      isOpen={isOpen}
      onClose={close}
      foot={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button tone="main" isDisabled={add.length + remove.length === 0} onPress={apply}>
            Change tags
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TagField label="Add" tags={add} onChange={setAdd} hint="Every selected asset gets these." />
        <TagField label="Remove" tags={remove} onChange={setRemove} hint="Taken off wherever they stand." />
      </div>
    </Dialog>
  );
}
