import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { context, page, program, put, read, stage } from './stage.ts';
import { violations } from './support.ts';

/** A picture of one colour without transparency. */
function flat(background: string): Promise<Buffer> {
  return sharp({ create: { width: 320, height: 200, channels: 3, background } })
    .png()
    .toBuffer();
}

describe('details, bulk edits and trash', () => {
  stage();

  const details = () => page.getByRole('complementary', { name: 'Asset details' });
  const trash = () => page.getByRole('region', { name: 'Trash' });
  const patched = () => page.waitForResponse((answer) => answer.request().method() === 'PATCH');
  const openBeside = async (id: string) => {
    await page.goto(`/library?asset=${id}`);
    await details().getByLabel('Name', { exact: true }).waitFor();
  };

  it('saves each field when it is left and says so', async () => {
    const id = await put('Old name.txt', Buffer.from('one'));
    await openBeside(id);
    await details().getByLabel('Name', { exact: true }).fill('New name');
    await details().getByLabel('Scene hint').fill('Closing shot');
    await details().getByText('Saved').first().waitFor();
    const second = patched();
    await details().getByLabel('Description').click();
    await second;
    await details().getByLabel('Tags').fill('sun, sea');
    await page.keyboard.press('Enter');
    await details().getByRole('button', { name: 'Remove tag sea' }).waitFor();
    await page.keyboard.press('Backspace');
    await details().getByRole('button', { name: 'Remove tag sea' }).waitFor({ state: 'detached' });
    await details().getByRole('button', { name: '4 stars' }).click();
    await details()
      .getByText(/^Must include/)
      .click();
    await expect
      .poll(() => read(id))
      .toMatchObject({
        name: 'New name',
        sceneHint: 'Closing shot',
        tags: ['sun'],
        rating: 4,
        mustInclude: true,
      });
    await details().getByRole('button', { name: 'History' }).click();
    await details().getByText('Old name → New name').waitFor();
  });

  it('keeps what was typed when saving fails, and saves it on the next try', async () => {
    const id = await put('Kept.txt', Buffer.from('two'));
    await openBeside(id);
    await page.route('**/assets/AST-*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    );
    await details().getByLabel('Description').fill('Many words that nobody types twice');
    await details().getByLabel('Name', { exact: true }).click();
    await details().getByText('Not saved; your text is kept.').waitFor();
    expect(await details().getByLabel('Description').inputValue()).toBe('Many words that nobody types twice');
    await page.unroute('**/assets/AST-*');
    await details().getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => read(id)).toMatchObject({ description: 'Many words that nobody types twice' });
  });

  it('saves what is being typed when the panel is closed', async () => {
    const id = await put('Closed.txt', Buffer.from('three'));
    await openBeside(id);
    await details().getByLabel('Scene hint').fill('Half a thought');
    await details().getByRole('button', { name: 'Close details' }).click();
    await expect.poll(() => read(id)).toMatchObject({ sceneHint: 'Half a thought' });
  });

  it('warns of a logo without transparency, in full as well as beside', async () => {
    const id = await put('Our logo.png', await flat('#ff8800'), '&type=logo');
    await openBeside(id);
    await details().getByText('This logo has a background.').waitFor();
    await details().getByRole('button', { name: 'Open in full' }).click();
    await page.waitForURL(`**/library/${id}**`);
    await details().getByText('This logo has a background.').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/library\?/);
  });

  it('trashes at once and takes it back by Undo, by Ctrl+Z and from the trash', async () => {
    const id = await put('Trashed.txt', Buffer.from('four'));
    await openBeside(id);
    await details().getByRole('button', { name: 'Move to trash' }).click();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('Undone for 1 asset.').waitFor();
    await details().getByRole('button', { name: 'Move to trash' }).click();
    await details().getByRole('button', { name: 'Restore' }).waitFor();
    await page.keyboard.press('Control+z');
    await details().getByRole('button', { name: 'Move to trash' }).click();
    await trash()
      .getByRole('button', { name: /^Trash/ })
      .click();
    await trash().getByText('20 days left').waitFor();
    await trash().getByRole('button', { name: 'Restore Trashed' }).click();
    await expect.poll(() => read(id)).toMatchObject({ trashedAt: null });
  });

  it('changes many as one operation, and asks with the exact count for all that match', async () => {
    await Promise.all([1, 2, 3].map((n) => put(`Bulk ${n}.txt`, Buffer.from(`bulk ${n}`))));
    await page.goto('/library?q=bulk');
    await page.getByRole('option', { name: 'Bulk 1' }).click();
    await page.getByRole('option', { name: 'Bulk 2' }).click({ modifiers: ['Control'] });
    const bar = page.getByRole('toolbar', { name: 'Actions for 2 selected assets' });
    await bar.getByRole('button', { name: 'Tags …' }).click();
    await page.getByRole('dialog').getByLabel('Add').fill('night');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Change tags' }).click();
    await page.getByText('Add night: 2 assets changed.').waitFor();
    // Shortcuts are silent while the dialog fades out.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+a');
    await page
      .getByRole('toolbar', { name: 'Actions for 3 selected assets' })
      .getByRole('button', { name: 'Move to trash' })
      .click();
    const question = page.getByRole('alertdialog');
    await question.getByText('3 assets', { exact: true }).waitFor();
    await question.getByRole('button', { name: 'Move to trash' }).click();
    await page.getByText('3 assets moved to the trash.').waitFor();
  });

  it('locks a field by keys alone, says so, and lets go of it again', async () => {
    const id = await put('Locked.txt', Buffer.from('locked'));
    await openBeside(id);
    const lock = details().getByRole('button', { name: 'Lock Description' });
    await details().getByLabel('Description').focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Lock Description');
    await page.keyboard.press('Space');
    await expect.poll(() => read(id)).toMatchObject({ locked: ['description'] });
    await expect.poll(() => lock.getAttribute('aria-pressed')).toBe('true');
    await page.reload();
    await lock.click();
    await expect.poll(() => read(id)).toMatchObject({ locked: [] });
  });

  it('shows an earlier version beside the current one', async () => {
    const id = await put('Compared.png', await flat('#203040'));
    const second = await context.request.put(`/api/v1/brands/default/assets/${id}/versions?name=new.png`, {
      data: await flat('#a03040'),
      headers: { origin: program.url, 'content-type': 'application/octet-stream' },
    });
    expect(second.status()).toBe(201);
    await openBeside(id);
    await details().getByRole('button', { name: 'Versions' }).click();
    await details().getByRole('button', { name: 'Compare version 1 with the current one' }).click();
    const dialog = page.getByRole('dialog');
    for (const n of [1, 2]) await dialog.getByRole('img', { name: `Compared, version ${n}` }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('restores several of the trash at once, and deletes several after naming their count', async () => {
    const ids = await Promise.all([1, 2, 3, 4].map((n) => put(`Gone ${n}.txt`, Buffer.from(`gone ${n}`))));
    const trashed = await context.request.post('/api/v1/brands/default/assets/bulk', {
      data: { select: { ids }, change: { trash: true } },
      headers: { origin: program.url },
    });
    expect(trashed.status()).toBe(200);
    await page.goto('/library');
    await trash()
      .getByRole('button', { name: /^Trash/ })
      .click();
    for (const n of [1, 2]) await trash().getByLabel(`Select Gone ${n}`).check();
    await trash().getByRole('button', { name: 'Restore 2' }).click();
    await page.getByText('2 assets back in the library.').waitFor();
    for (const n of [3, 4]) await trash().getByLabel(`Select Gone ${n}`).check();
    await trash().getByRole('button', { name: 'Delete 2 for ever' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete 2 assets for ever' }).click();
    await page.getByText(/^2 assets deleted; .* free again\.$/).waitFor();
    const left = await Promise.all(
      ids.map(async (id) => (await context.request.get(`/api/v1/brands/default/assets/${id}`)).status()),
    );
    expect(left).toEqual([200, 200, 404, 404]);
  });

  it('empties the trash after naming count and bytes', async () => {
    await page.goto('/library');
    await trash()
      .getByRole('button', { name: /^Trash/ })
      .click();
    await trash()
      .getByRole('button', { name: /^Delete .* for ever$/ })
      .first()
      .click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click();
    await trash().getByRole('button', { name: 'Empty trash' }).click();
    await page.getByRole('alertdialog').getByText('3 assets', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Delete 3 assets for ever' }).click();
    await page.getByText(/^3 assets deleted; .* free again\.$/).waitFor();
    await trash().getByText('What you move to the trash waits here for 20 days').waitFor();
  });

  it.each(['dark', 'light'] as const)('has no accessibility violations in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const id = await put('Seen.png', await flat('#204060'));
    await openBeside(id);
    await details().getByRole('button', { name: 'Versions' }).click();
    await details().getByRole('button', { name: 'History' }).click();
    await trash()
      .getByRole('button', { name: /^Trash/ })
      .click();
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page
      .getByRole('region', { name: 'Uploads' })
      .getByRole('button', { name: /^Details/ })
      .click();
    await page.waitForTimeout(300);
    expect(await violations(page)).toEqual([]);
  });
});
