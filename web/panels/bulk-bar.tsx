import { Download, Pencil, Tags, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useBrand, useSession } from '../data/session.tsx';
import { selectionCount, useView } from '../data/view.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { Tip } from '../ui/tip.tsx';
import { confirmBulk, downloadSelection, runBulk, useBulk } from './bulk-acts.ts';
import { actText } from './bulk-words.ts';
import type { BulkChange } from './bulk-words.ts';
import { CardMenu } from './card-menu.tsx';
import { KeepButtons } from './collection-buttons.tsx';
import { STATUS_CHOICES, TYPE_CHOICES } from './detail-fields.tsx';
import { TagField } from './detail-tags.tsx';
import { ManyFields } from './many-fields.tsx';

const closeDialog = () => useBulk.setState({ dialog: null });

/** What can be done with everything selected: one operation each, with one undo. */
export function BulkBar() {
  const b = useBrand();
  const selection = useView((view) => view.selection);
  const selectMode = useView((view) => view.selectMode);
  const { dialog } = useBulk();
  const count = selectionCount(selection);
  // One selected card is the one that the details show, with the same acts.
  const hasBar = count > 1 || (count === 1 && selectMode);
  return (
    <>
      {hasBar ? <Bar b={b} count={count} /> : null}
      <CardMenu />
      <PlanDialog b={b} />
      <Dialog
        title={`Edit ${plural(count, 'asset')}`}
        isOpen={dialog === 'edit' && count > 0}
        onClose={closeDialog}
        foot={
          <Button tone="main" onPress={closeDialog}>
            Done
          </Button>
        }
      >
        <p className="mb-3 text-muted">
          Each change is made to all of them at once, as one step with one undo. What you leave alone stays.
        </p>
        <ManyFields />
      </Dialog>
      <TagsDialog
        count={count}
        isOpen={dialog === 'tags' && count > 0}
        onClose={closeDialog}
        onApply={(change) => {
          closeDialog();
          void runBulk(b, change);
        }}
      />
    </>
  );
}

function Bar({ b, count }: { readonly b: string; readonly count: number }) {
  const { verbs } = useSession();
  const busy = useBulk((state) => state.busy);
  const clear = useView((view) => view.clearSelection);
  return (
    <div
      role="toolbar"
      aria-label={`Actions for ${plural(count, 'selected asset')}`}
      className="popover absolute inset-x-2 bottom-3 z-30 mx-auto flex w-fit max-w-[calc(100%-1rem)] items-center gap-1 overflow-x-auto p-1.5 max-md:bottom-2"
    >
      <span role="status" className="px-2 font-semibold whitespace-nowrap">
        {plural(count, 'selected', 'selected')}
      </span>
      {verbs.includes('write') ? (
        <>
          <Act label="Edit …" isDisabled={busy} onPress={() => useBulk.setState({ dialog: 'edit' })}>
            <Pencil size={15} aria-hidden />
          </Act>
          <Act label="Tags …" isDisabled={busy} onPress={() => useBulk.setState({ dialog: 'tags' })}>
            <Tags size={15} aria-hidden />
          </Act>
          <Select
            label="Set the type"
            hideLabel
            className="@max-5xl:hidden"
            prefix="Type"
            placeholder=""
            value={null}
            choices={TYPE_CHOICES}
            isDisabled={busy}
            onChange={(type) => void runBulk(b, { set: { type } })}
          />
          <Select
            label="Set the status"
            hideLabel
            className="@max-5xl:hidden"
            prefix="Status"
            placeholder=""
            value={null}
            choices={STATUS_CHOICES}
            isDisabled={busy}
            onChange={(status) => void runBulk(b, { set: { status } })}
          />
        </>
      ) : null}
      <KeepButtons />
      <Act label="Download" isDisabled={busy} onPress={() => void downloadSelection(b)}>
        <Download size={15} aria-hidden />
      </Act>
      {verbs.includes('write') ? (
        <Act label="Move to trash" isDisabled={busy} onPress={() => void runBulk(b, { trash: true })}>
          <Trash2 size={15} aria-hidden />
        </Act>
      ) : null}
      <IconButton label="Clear the selection" onPress={clear}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

/** An act of the bar; where room is short its icon says it, and its word shows on hover. */
function Act(props: {
  readonly label: string;
  readonly isDisabled: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Tip text={props.label}>
      <Button
        isDisabled={props.isDisabled}
        aria-label={props.label}
        onPress={props.onPress}
        className="@max-4xl:px-2.5 max-md:w-11 max-md:px-0"
      >
        {props.children}
        <span className="@max-4xl:hidden">{props.label}</span>
      </Button>
    </Tip>
  );
}

/** The server's exact count, before everything that matches is changed. */
function PlanDialog({ b }: { readonly b: string }) {
  const { plan, busy } = useBulk();
  const act = plan === null ? '' : actText(plan.change);
  const close = () => useBulk.setState({ plan: null });
  return (
    <Dialog
      role="alertdialog"
      title={act}
      isOpen={plan !== null}
      onClose={close}
      foot={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button tone="main" isDisabled={busy} onPress={() => void confirmBulk(b)}>
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
