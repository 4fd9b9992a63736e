import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
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
