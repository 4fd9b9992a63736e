import { expect, type Locator, type Page } from '@playwright/test';
import { stack } from './session.ts';

/** Opens the form of a new run with a name, and of all families that there are exactly these chosen, by their titles. */
export async function openForm(page: Page, name: string, families: readonly string[]): Promise<void> {
  await page.goto(`${stack().url}/runs/new`);
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByLabel('Name', { exact: true }).fill(name);
  const boxes = form.getByRole('group', { name: /^Stage \d/ }).getByRole('checkbox');
  await expect(boxes.first()).toBeVisible();
  const titles = await boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label') ?? ''));
  for (const family of families) expect(titles, 'families of the form').toContain(family);
  for (const title of titles) {
    await form.getByRole('checkbox', { name: title, exact: true }).setChecked(families.includes(title));
  }
}

export const launch = (page: Page): Promise<void> => page.getByRole('button', { name: /launch/i }).click();

/** Folds a family's parameters out; their fields are looked for inside. */
export async function openParameters(page: Page, family: string): Promise<Locator> {
  const summary = page.locator('summary').filter({ has: page.getByText(family, { exact: true }) });
  const details = page.locator('details').filter({ has: summary });
  await details.locator('summary').click();
  return details;
}

/** A few epochs say all that a test of the page asks. */
export async function trainBriefly(page: Page, networks: readonly string[]): Promise<void> {
  for (const network of networks) await (await openParameters(page, network)).getByLabel('Epochs').fill('2');
}

/** The run that stands in the address. */
export const runIdOf = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1)!;
