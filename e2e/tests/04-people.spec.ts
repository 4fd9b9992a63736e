import { expect } from '@playwright/test';
import { addPerson, stack, test } from '../session.ts';

const member = { name: 'Vera Viewer', email: 'vera@example.com', password: 'another-long-password' } as const;

test('an admin adds a viewer, who reads and launches nothing; made a member, she may', async ({ page, browser }) => {
  const hers = await addPerson(page, browser, member, 'viewer');
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
  await hers.context().close();
});
