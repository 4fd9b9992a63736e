import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { expectNoSidewaysScroll, stack, test } from '../session.ts';

/** Daily bars under names that no program would guess, the symbol in a column. */
function oddCsv(symbols: readonly string[], bars: number): string {
  const rows = ['Trade Dt;Px_Last;RIC;Note'];
  for (const [s, symbol] of symbols.entries())
    for (let i = 0; i < bars; i++) {
      const date = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
      rows.push(`${date};${(100 + s * 10 + 5 * Math.sin(i / 9 + s) + (i % 7) * 0.3).toFixed(2)};${symbol};x`);
    }
  return `${rows.join('\n')}\n`;
}
const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('files of odd columns are uploaded, explained, reported on, accepted, and trained on', async ({ page }) => {
  await page.goto(`${stack().url}/data`);
  await page.getByRole('link', { name: 'Upload files' }).click();
  await expect(page.getByRole('heading', { name: 'Upload data' })).toBeVisible();
  const files = page.getByRole('list', { name: 'Files', exact: true });
  await page
    .getByLabel('Files of data')
    .setInputFiles([
      file('prices.csv', oddCsv(['AAA', 'BBB', 'CCC'], 400)),
      file('notes.parquet', 'no Parquet at all'),
    ]);
  await expect(files).toContainText('is no Parquet file: it does not begin with PAR1');
  await page.getByRole('button', { name: 'Forget notes.parquet' }).click();
  await page.getByRole('button', { name: 'Read them' }).click();

  // Its names say nothing: the reason is said, and the first rows are there to be explained.
  await expect(page.getByRole('alert').filter({ hasText: /no time column/ })).toBeVisible({ timeout: 30_000 });
  const columns = page.getByRole('table', { name: 'First rows of prices.csv' });
  await expect(columns).toContainText('2020-01-01');
  await columns.getByLabel('What Trade Dt is').selectOption({ label: 'Time' });
  await columns.getByLabel('What Px_Last is').selectOption({ label: 'Close' });
  await columns.getByLabel('What RIC is').selectOption({ label: 'Symbol' });
  await columns.getByLabel('What Note is').selectOption({ label: 'Leave out' });
  await page.getByRole('button', { name: 'Read again' }).click();
  await expect(page.getByLabel('Name of the dataset')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('1,200', { exact: true }).first()).toBeVisible();
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoSidewaysScroll(page);
  }

  await page.getByLabel('Name of the dataset').fill('odd columns');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(page).toHaveURL(/\/data\?dataset=/);
  await page.getByRole('link', { name: 'New run on this' }).click();
  await expect(page.getByRole('radio', { name: 'odd columns' })).toBeChecked();
});

test('a folder is found by browsing; an upload that is discarded leaves nothing', async ({ page }) => {
  await page.goto(`${stack().url}/data`);
  await page.getByRole('link', { name: 'Upload files' }).click();
  await expect(page.getByRole('heading', { name: 'Upload data' })).toBeVisible();
  await page.getByLabel('Files of data').setInputFiles([file('AAA.csv', 'date,close\n2020-01-01,1\n')]);
  await expect(page.getByRole('button', { name: 'Remove AAA.csv' })).toBeVisible();
  const id = new URL(page.url()).searchParams.get('upload')!;
  const uploads = path.join(stack().home, 'data', 'uploads');
  expect(readdirSync(path.join(uploads, id))).toEqual(['AAA.csv']);
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page).toHaveURL(/\/data$/);
  expect(existsSync(path.join(uploads, id))).toBe(false);

  await page.getByRole('button', { name: 'Register a folder' }).first().click();
  const dialog = page.getByRole('dialog');
  const folders = dialog.getByRole('list', { name: 'Folders' });
  await folders.getByRole('button').first().click();
  await folders.getByRole('button', { name: /uploads/ }).click();
  await dialog.getByRole('button', { name: 'Choose this folder' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Folder' })).toHaveValue(uploads);
});
