import { describe, expect, it } from 'vitest';
import { page, put, stage } from './stage.ts';
import { violations } from './support.ts';

const BRIEF = `# Harbour film

Plates in **4K**, see [the map](https://example.com/map).
<img src=x onerror="document.title='taken over'">

- [x] Gull, close
- Harbour, wide
  1. at dawn

| Shot | Seconds |
|---|---|
| Gull | 2 |
`;

describe('texts in the page', () => {
  stage();

  async function open(name: string, text: string) {
    const id = await put(name, Buffer.from(text));
    await page.goto(`/library/${id}`);
    const region = page.getByRole('region', { name: /^Text of/ });
    await region.waitFor();
    return region;
  }

  it('lays out Markdown by elements of its own, and shows it as written when asked', async () => {
    const region = await open('brief.md', BRIEF);
    await region.getByRole('heading', { name: 'Harbour film' }).waitFor();
    expect(await region.getByRole('link', { name: 'the map' }).getAttribute('href')).toBe(
      'https://example.com/map',
    );
    expect(await region.getByRole('listitem').count()).toBe(3);
    expect(await region.getByRole('columnheader').allTextContents()).toEqual(['Shot', 'Seconds']);
    await region.getByText('<img src=x').waitFor();
    expect(await region.locator('img').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await region.getByRole('button', { name: 'As written' }).click();
    await region.getByText('# Harbour film').waitFor();
    expect(await page.title()).not.toBe('taken over');
  });

  it('shows JSON as a tree whose branches fold, with all digits of its numbers', async () => {
    const shots = Array.from({ length: 250 }, (_, at) => ({ shot: `Shot ${at}` }));
    const text = `{"seed": 18446744073709551615, "camera": {"lens": "35 mm"}, "shots": ${JSON.stringify(shots)}}`;
    const region = await open('plan.json', text);
    await region.getByText('18446744073709551615').waitFor();
    await region.getByText('35 mm').waitFor();
    expect(await region.getByText('Shot 7', { exact: true }).count()).toBe(0);
    await region.getByText(/250 items/).click();
    await region.getByText('99:').waitFor();
    expect(await region.getByText('100:').count()).toBe(0);
    await region.getByRole('button', { name: 'Show 150 more' }).click();
    await region.getByText('249:').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('shows values as a table and says how much of it', async () => {
    const rows = Array.from({ length: 700 }, (_, at) => `${at},"wide, slow"`);
    const region = await open('shots.csv', ['shot,note', ...rows].join('\n'));
    await region.getByRole('columnheader', { name: 'note' }).waitFor();
    await region.getByRole('cell', { name: 'wide, slow' }).first().waitFor();
    await region.getByText(/The first 500 rows/).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
