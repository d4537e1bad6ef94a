/* Scripts that run inside the page, as text: the types of this folder are Node's, which knows no document. */

/** A drag that carries one text file. */
export const DROPPED_FILE = `(() => {
  const data = new DataTransfer();
  data.items.add(new File(['dropped words'], 'dropped.txt'));
  return data;
})()`;

/** Pastes a picture as browsers do, which call every one of them \`image.png\`. */
export const PASTE_PICTURE = `(() => {
  const clipboardData = new DataTransfer();
  const canvas = document.createElement('canvas');
  const bytes = Uint8Array.from(atob(canvas.toDataURL('image/png').split(',')[1]), (letter) => letter.charCodeAt(0));
  clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
})()`;

/** Chooses 10,000 files and answers the longest time, in milliseconds, in which the page did nothing else. */
export const PICK_TEN_THOUSAND = `(async () => {
  const data = new DataTransfer();
  for (let n = 0; n < 10_000; n += 1) data.items.add(new File([String(n)], n + '.txt', { lastModified: 1 }));
  const input = document.querySelector('[data-testid=upload-files]');
  input.files = data.files;
  await new Promise((resolve) => setTimeout(resolve, 500));
  let longest = 0;
  let before = performance.now();
  const end = before + 2500;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  while (before < end) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    longest = Math.max(longest, performance.now() - before);
    before = performance.now();
  }
  return longest;
})()`;

/** Pastes a text, as from the address bar, while no field has the focus. */
export const pasteText = (text: string) => `(() => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', ${JSON.stringify(text)});
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
})()`;

/**
 * Makes the folder chooser hand out a folder of the page's own storage, with files of these sizes in it; its handles
 * are the same kind as those of a person's disk, and outlive a reload.
 */
export const folderChooser = (files: Readonly<Record<string, number>>) => `(async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('shoot', { create: true });
  for (const [name, size] of Object.entries(${JSON.stringify(files)})) {
    const known = await folder.getFileHandle(name).catch(() => null);
    if (known !== null) continue;
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await stream.write(new Uint8Array(size).fill(size % 251));
    await stream.close();
  }
  window.showDirectoryPicker = async () => folder;
})()`;

/** Names what scrolls sideways: the page at all, anything else if it scrolls up and down as well. */
export const SCROLLS_BOTH_WAYS = `(() => {
  const wide = (element) => element.scrollWidth > element.clientWidth + 1;
  const tall = (element) => element.scrollHeight > element.clientHeight + 1;
  const scrolls = (value) => value === 'auto' || value === 'scroll';
  const found = wide(document.scrollingElement) ? ['the page'] : [];
  for (const element of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (scrolls(style.overflowX) && scrolls(style.overflowY) && wide(element) && tall(element))
      found.push(element.outerHTML.slice(0, 120));
  }
  return found;
})()`;

/** Names animations and transitions that still run a moment after they began. */
export const RUNNING_MOTION = `(() =>
  document.getAnimations()
    .filter((one) => one.playState === 'running' && Number(one.effect?.getComputedTiming().duration) > 20)
    .map((one) => (one.animationName ?? one.transitionProperty) + ' of ' + one.effect?.target?.outerHTML.slice(0, 100)))()`;
