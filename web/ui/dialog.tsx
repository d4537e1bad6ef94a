import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button.tsx';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** `alert` asks before something cannot be taken back: a click outside does not answer it. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly wide?: boolean;
  /** Nothing in it takes the focus: the text itself does, so that keys can scroll it. */
  readonly isText?: boolean;
  readonly children: ReactNode;
  /** Buttons at the foot, the main one last. */
  readonly foot?: ReactNode;
}

export function Dialog({
  title,
  isOpen,
  onClose,
  role = 'dialog',
  wide = false,
  isText = false,
  children,
  foot,
}: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      isDismissable={role === 'dialog'}
      className="fixed inset-0 z-50 flex items-center justify-center bg-scrim p-4 max-md:items-end max-md:p-0"
    >
      <Modal
        className={`popover w-full ${wide ? 'max-w-3xl' : 'max-w-md'} max-md:max-w-none max-md:rounded-b-none`}
      >
        <AriaDialog role={role} className="flex max-h-[85dvh] flex-col outline-none">
          <header className="flex items-center justify-between gap-2 py-2 pr-2 pl-4">
            <Heading slot="title" className="text-title font-semibold">
              {title}
            </Heading>
            <IconButton label="Close" onPress={onClose}>
              <X size={16} aria-hidden />
            </IconButton>
          </header>
          <div className="min-h-0 flex-1 overflow-auto px-4 pb-4" {...(isText ? { tabIndex: 0 } : {})}>
            {children}
          </div>
          {foot === undefined ? null : (
            <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">{foot}</footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
