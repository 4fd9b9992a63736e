import { expect } from '@playwright/test';
import { stack, test } from '../session.ts';

const member = { name: 'Vera Viewer', email: 'vera@example.com', password: 'another-long-password' } as const;

test('an admin adds a viewer, who reads and launches nothing; made a member, she may', async ({ page, browser }) => {
  await page.goto(`${stack().url}/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(member.name);
  await dialog.getByLabel('E-mail address').fill(member.email);
  await dialog.getByLabel('Role').selectOption('viewer');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const link = await page
    .getByRole('dialog', { name: /One-time link/ })
    .getByRole('textbox')
    .inputValue();
  await page.getByRole('button', { name: 'Done' }).click();

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const hers = await context.newPage();
  await hers.goto(link);
  await hers.getByLabel('Password', { exact: true }).fill(member.password);
  await hers.getByLabel('Password again', { exact: true }).fill(member.password);
  await hers.getByRole('button', { name: 'Set the password' }).click();
  await expect(hers.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
  await expect(hers.getByRole('link', { name: /new run/i })).toHaveCount(0);
  const refused = await hers.evaluate(async () => {
    const response = await fetch('/api/trpc/runs.cancel', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ json: { runId: 'x' } }),
    });
    return response.status;
  });
  expect([403, 404]).toContain(refused);
  await hers.goto(`${stack().url}/runs/new`);
  await expect(hers.getByRole('button', { name: /launch/i })).toHaveCount(0);

  await page.getByLabel(`Role of ${member.name}`).selectOption('member');
  await expect(page.getByText(`${member.name} is now member`)).toBeVisible();
  await hers.goto(`${stack().url}/runs/new`);
  await expect(hers.getByRole('button', { name: /launch/i })).toBeVisible();
  await context.close();
});
