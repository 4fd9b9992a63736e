import { expect, test } from '@playwright/test';
import { admin, adminState, signIn, stack } from '../session.ts';

test('the one-time link makes the first admin, once', async ({ page, browser }) => {
  await page.goto(`${stack().url}/`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();

  await page.goto(stack().setupLink);
  await page.getByLabel('Name').fill(admin.name);
  await page.getByLabel('E-mail address').fill(admin.email);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create the admin account' }).click();
  await expect(page.getByText(/at least 12/i).last()).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.getByRole('button', { name: 'Create the admin account' }).click();
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
  await page.context().storageState({ path: adminState() });

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(stack().setupLink);
  await expect(stranger.getByRole('button', { name: 'Create the admin account' })).toHaveCount(0);
  await expect(stranger.getByText(/used|not valid|no longer|already/i).first()).toBeVisible();
});

test('a wrong password is refused in words, the right one opens the runs', async ({ page }) => {
  await page.goto(`${stack().url}/sign-in`);
  await page.getByLabel('E-mail address').fill(admin.email);
  await page.getByLabel('Password', { exact: true }).fill('not-the-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /password/i })).toBeVisible();
  await signIn(page, admin);
});
