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

it('sets any text in an uploaded font, at any size and weight', { timeout: 120_000 }, async () => {
  const body = readFileSync(join(folder, 'other/Inter.woff2'));
  const id = await upload(context, program.url, { name: 'Inter.woff2', body });
  await understood(id);
  await page.goto(`/library?asset=${id}`);
  const specimen = page.getByRole('region', { name: 'Specimen of Inter' });
  await specimen.getByText('The quick brown fox').first().waitFor();
  await specimen.getByLabel('Own text').fill('Harbour & Söhne');
  const line = specimen.getByText('Harbour & Söhne', { exact: true }).first();
  await line.waitFor();
  // Scripts of the page are text here: the types of this folder know no document.
  const style = (name: string) =>
    page.evaluate(`getComputedStyle(document.querySelector('[aria-label^="Specimen"] p')).${name}`);
  const family = await style('fontFamily');
  expect(family).toContain(`specimen-${id}-1`);
  expect(await page.evaluate(`document.fonts.check(${JSON.stringify(`20px ${family}`)})`)).toBe(true);

  await specimen.getByLabel('Size').fill('90');
  expect(await style('fontSize')).toBe('90px');
  await specimen.getByLabel('Weight').fill('800');
  expect(await style('fontWeight')).toBe('800');
  expect(await violations(page)).toEqual([]);
});
