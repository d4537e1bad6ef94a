import sharp from 'sharp';
import { expect, test } from 'vitest';
import { context, page, program, stage } from './stage.ts';
import { upload, violations } from './support.ts';

/** A quota of a million bytes: 51 % are pictures of old productions, 41 % is everything else. */
const QUOTA = 1_000_000;
const OLD = { count: 6, size: 85_000 };
const REST = { count: 5, size: 82_000 };
const soon = { timeout: 30_000, interval: 100 };

/** A picture of exactly so many bytes: what is missing is a comment in the file. */
async function picture(seed: number, size: number): Promise<Buffer> {
  const shapes = Array.from({ length: 12 }, (_, at) => {
    const value = (seed + 1) * 7919 * (at + 3);
    return `<ellipse cx="${value % 320}" cy="${(value >> 3) % 200}" rx="${20 + (value % 70)}" ry="${15 + (value % 50)}"
      fill="rgb(${value % 255},${(value >> 2) % 255},${(value >> 4) % 255})"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">
    <rect width="320" height="200" fill="#345"/>${shapes.join('')}</svg>`;
  const plain = await sharp(Buffer.from(svg)).jpeg().toBuffer();
  const parts = [plain.subarray(0, 2)];
  for (let missing = size - plain.length; missing > 0;) {
    const length = Math.min(missing, 60_000);
    const comment = Buffer.alloc(length);
    comment.writeUInt16BE(0xfffe);
    comment.writeUInt16BE(length - 2, 2);
    parts.push(comment);
    missing -= length;
  }
  return Buffer.concat([...parts, plain.subarray(2)]);
}

stage({
  async fill(first) {
    await program.command('plan', 'set', '--quota', '1MB');
    for (let at = 0; at < OLD.count; at += 1) {
      const file = {
        name: `Spring_${at}.jpg`,
        body: await picture(at, OLD.size),
        query: '&source=generated',
      };
      await upload(first, program.url, file);
    }
    for (let at = 0; at < REST.count; at += 1) {
      await upload(first, program.url, { name: `Guest_${at}.jpg`, body: await picture(50 + at, REST.size) });
    }
  },
});

const storage = () => page.getByRole('region', { name: 'Storage' });
async function open(path: string): Promise<void> {
  await page.goto(program.url + path);
  await storage().getByRole('button', { name: 'Free up space' }).waitFor();
}

test('the advisor says what each class would free before anything happens', async () => {
  expect(OLD.count * OLD.size + REST.count * REST.size).toBe(QUOTA * 0.92);
  await open('/library');
  await storage().getByRole('button', { name: 'Free up space' }).click();
  const advisor = page.getByRole('dialog', { name: 'Free up space' });
  await advisor.getByText(/920 kB of .*92 %/).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(() => advisor.count(), soon).toBe(0);
});

test('a clean-up before a big batch: 92 %, filter, group, trash, empty, 41 %', async () => {
  await open('/library');
  await storage().getByText('92 %').waitFor();
  await storage().getByText('Nearly full').waitFor();
  const refused = await context.request.post(`${program.url}/api/v1/storage/reservations`, {
    data: { bytes: 300_000 },
    headers: { origin: program.url },
  });
  expect(await refused.json()).toMatchObject({ fits: false, missingBytes: 220_000 });

  await page.getByRole('button', { name: 'Source', exact: true }).click();
  await page.getByRole('option', { name: /^Generated/ }).click();
  await page.keyboard.press('Escape');
  await page.waitForURL(/source=generated/);
  await page.goto(`${page.url()}&by=size`);
  await expect.poll(() => page.getByRole('option').count(), soon).toBe(OLD.count);
  await page.getByRole('option').first().click();
  await page.keyboard.press('Control+a');
  await page.getByText(`${OLD.count} selected`).waitFor();
  await page
    .getByRole('toolbar', { name: /selected/ })
    .getByRole('button', { name: /trash/i })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Move to trash' }).click();
  await page
    .getByText(/6 assets moved to/i)
    .first()
    .waitFor();
  // What lies in the trash still counts.
  await storage().getByText('92 %').waitFor();
  await storage()
    .getByRole('button', { name: /^Trash/ })
    .click();
  const trash = page.getByRole('region', { name: 'Trash' });
  await trash
    .getByText(/Moved to trash/)
    .first()
    .waitFor();
  await trash.getByRole('button', { name: 'Empty trash' }).click();
  const question = page.getByRole('alertdialog');
  await question.getByText(/510 kB/).waitFor();
  await question.getByRole('button', { name: /for ever/ }).click();
  await storage().getByText('41 %').waitFor();
  await expect.poll(() => storage().getByText('Nearly full').count(), soon).toBe(0);

  const held = await context.request.post(`${program.url}/api/v1/storage/reservations`, {
    data: { bytes: 300_000 },
    headers: { origin: program.url },
  });
  expect(await held.json()).toMatchObject({ fits: true });
});

test('duplicates are compared, merged by a plan that tells what is kept, and come back with one undo', async () => {
  const large = await sharp(await picture(90, 20_000))
    .png()
    .toBuffer();
  const small = await sharp(large).resize(200).jpeg({ quality: 70 }).toBuffer();
  await upload(context, program.url, { name: 'Harbour_large.png', body: large });
  await upload(context, program.url, { name: 'Harbour_small.jpg', body: small, query: '&tags=evening' });
  const groups = async () => {
    await page.goto(`${program.url}/duplicates`);
    await page.getByRole('heading', { name: 'Duplicates' }).waitFor();
    return page.getByRole('region', { name: /^Duplicates of Harbour/ }).count();
  };
  await expect.poll(groups, soon).toBe(1);
  const group = page.getByRole('region', { name: 'Duplicates of Harbour large' });
  expect(await group.getByRole('radio', { name: 'Keep Harbour large' }).isChecked()).toBe(true);
  await group.getByText('It has the most pixels.').waitFor();
  expect(await violations(page)).toEqual([]);

  await group.getByRole('button', { name: 'Compare Harbour small' }).click();
  const compare = page.getByRole('dialog', { name: 'Compare' });
  for (const mode of ['Slider', 'Flicker', 'Side by side']) {
    await compare.getByRole('button', { name: mode }).click();
    expect(await compare.getByRole('img').count()).toBe(2);
  }
  await compare.getByRole('button', { name: 'Zoom in' }).click();
  const places = await compare
    .getByRole('img')
    .evaluateAll((all) => all.map((one) => one.getAttribute('style')));
  expect(new Set(places).size).toBe(1);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await group.getByRole('button', { name: /merge 1 other/ }).click();
  const plan = page.getByRole('alertdialog');
  await plan.getByText('Tags: evening').waitFor();
  await plan.getByRole('button', { name: 'Merge' }).click();
  await page.getByText('1 asset merged into Harbour large', { exact: false }).waitFor();
  await expect.poll(() => group.count(), soon).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => group.count(), soon).toBe(1);
  await group.getByRole('button', { name: 'Not duplicates' }).click();
  await expect.poll(() => group.count(), soon).toBe(0);
});

test('an upload that does not fit leads to what could go, and is tried again', async () => {
  await program.command('plan', 'set', '--quota', '100kB');
  await open('/library');
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Uploads' });
  const large = { name: 'Large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(5000, 7) };
  await page.getByTestId('upload-files').setInputFiles(large);
  const refusal = panel.getByRole('alert');
  await refusal.getByText(/5.00 kB do not fit: 0 B are free/).waitFor();
  await refusal.getByRole('button', { name: 'Free up space' }).click();
  await page.getByRole('dialog', { name: 'Free up space' }).waitFor();
  await page.keyboard.press('Escape');
  await program.command('plan', 'set', '--quota', '2MB');
  await refusal.getByRole('button', { name: 'Try again' }).click();
  await panel.getByRole('heading', { name: '1 file uploaded' }).waitFor();
});
