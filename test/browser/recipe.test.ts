import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFixtures } from '../../scripts/fixtures.js';
import { expect, it } from 'vitest';
import { context, page, program, stage, understood } from './stage.ts';
import { upload, violations } from './support.ts';

let folder = '';
stage({
  async fill() {
    folder = await makeFixtures();
  },
});

const put = (name: string, file: string) =>
  upload(context, program.url, { name, body: readFileSync(join(folder, file)) });

it(
  'shows the recipe of a picture and leads to the LoRA that it was made with',
  { timeout: 120_000 },
  async () => {
    const lora = await put('film_grain.safetensors', 'other/depth-control.safetensors');
    const id = await put('Lighthouse.png', 'recipes/a1111.png');
    await understood(id);
    await page.goto(`/library?asset=${id}`);
    const details = page.getByRole('complementary', { name: 'Asset details' });
    const prompt = details.getByRole('group', { name: 'Prompt', exact: true });
    await prompt.waitFor();
    expect(await prompt.textContent()).toContain('a lighthouse at dusk');
    expect(await details.getByText('18446744073709551615').count()).toBe(1);
    await details.getByRole('button', { name: 'Copy prompt' }).waitFor();
    expect(await violations(page)).toEqual([]);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      details.getByRole('link', { name: 'Download the recipe' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^a lighthouse at dusk/);

    await details.getByRole('button', { name: 'film_grain' }).click();
    await page.waitForURL(new RegExp(`asset=${lora}`));
  },
);

it(
  'tells content credentials as a claim, and says nothing where there is none',
  { timeout: 120_000 },
  async () => {
    const id = await put('Claimed.png', 'recipes/chatgpt.png');
    const plain = await put('Plain.webp', 'image/lake.webp');
    await Promise.all([id, plain].map(understood));
    const details = page.getByRole('complementary', { name: 'Asset details' });
    await page.goto(`/library?asset=${id}`);
    await details
      .getByText('Carries content credentials (not verified). They say: made with AI by GPT-4o.')
      .waitFor();
    await page.goto(`/library?asset=${plain}`);
    await details.getByRole('button', { name: 'Facts' }).waitFor();
    expect(await details.getByRole('button', { name: 'Recipe' }).count()).toBe(0);
  },
);
