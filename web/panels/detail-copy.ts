import { toast } from './toast.tsx';

/** Puts text on the clipboard and says so; plain http addresses have no clipboard API and take the old way. */
export async function copyText(text: string, what: string): Promise<void> {
  const done = await write(text);
  toast(
    done
      ? { text: `${what} copied.`, tone: 'good' }
      : { text: `The browser did not allow copying. ${what}: ${text}`, tone: 'bad' },
  );
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeByCommand(text);
  }
}

function writeByCommand(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('aria-hidden', 'true');
  field.style.position = 'fixed';
  field.style.opacity = '0';
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  // Deprecated, but the only way on an address without encryption.
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
