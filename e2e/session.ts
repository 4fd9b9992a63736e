import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import type { StackInfo } from './stack.ts';

export const stack = (): StackInfo =>
  JSON.parse(process.env.TWOSTAGE_STACK ?? 'null') ?? JSON.parse(readFileSync('test-results/stack.json', 'utf8'));

export const admin = { name: 'Ada Admin', email: 'ada@example.com', password: 'correct-horse-battery' } as const;

/** The run that ends completed first; later tests look at it. */
export const firstRun = 'five families';

/** Cookies of the first admin, written by the first test. */
export const adminState = (): string => path.join(stack().home, 'admin-session.json');

export async function signIn(page: Page, person: { email: string; password: string }): Promise<void> {
  await page.goto(`${stack().url}/sign-in`);
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
}

/** The state that the run page shows in words. */
export const runState = (page: Page) => page.getByRole('status', { name: 'State of the run' });

/** Nothing may be wider than the window: a page scrolls down, never sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0);
}

/** A test whose page is signed in as the first admin. */
export const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are used from a destructured parameter.
  storageState: async ({}, use) => use(adminState()),
});

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** An admin adds a person, who follows the one-time link in a browser of their own. @returns their page */
export async function addPerson(page: Page, browser: Browser, person: NewPerson, role: string): Promise<Page> {
  await page.goto(`${stack().url}/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(person.name);
  await dialog.getByLabel('E-mail address').fill(person.email);
  await dialog.getByLabel('Role').selectOption(role);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const link = await page
    .getByRole('dialog', { name: /One-time link/ })
    .getByRole('textbox')
    .inputValue();
  await page.getByRole('button', { name: 'Done' }).click();
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await theirs.goto(link);
  await theirs.getByLabel('Password', { exact: true }).fill(person.password);
  await theirs.getByLabel('Password again', { exact: true }).fill(person.password);
  await theirs.getByRole('button', { name: 'Set the password' }).click();
  await expect(theirs.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
  return theirs;
}
