import { expect } from '@playwright/test';
import { expectNoSidewaysScroll, firstRun, runState, stack, test } from '../session.ts';

for (const [size, viewport] of Object.entries({
  wide: { width: 1440, height: 900 },
  narrow: { width: 390, height: 844 },
})) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });
      test('every page fits its window and reports no error', async ({ page }) => {
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') errors.push(message.text());
        });
        const shoot = async (name: string) => {
          await page.waitForLoadState('networkidle').catch(() => {});
          await expectNoSidewaysScroll(page);
          await page.screenshot({ path: `test-results/pages/${name}-${size}-${colorScheme}.png`, fullPage: true });
        };
        await page.goto(`${stack().url}/runs`);
        const run = page.getByRole('link', { name: firstRun }).filter({ visible: true }).first();
        await run.waitFor();
        await shoot('runs');
        await run.click();
        await expect(runState(page)).toContainText(/completed/i);
        for (const tab of [
          'Overview',
          'Leaderboard',
          'Curves',
          'Insights',
          'Tear sheet',
          'Timeline',
          'Logs',
          'Folds',
          'Data quality',
          'Configuration',
        ]) {
          await page.getByRole('tab', { name: tab }).click();
          await page.waitForTimeout(300);
          await shoot(`run-${tab.toLowerCase().replace(' ', '-')}`);
        }
        for (const route of ['runs/new', 'plans', 'plans/new/evidence', 'data', 'data/upload', 'people', 'nowhere']) {
          await page.goto(`${stack().url}/${route}`);
          await page.waitForTimeout(300);
          await shoot(route.replaceAll('/', '-'));
        }
        await page.goto(`${stack().url}/plans`);
        await page.getByRole('table', { name: 'Training plans' }).getByRole('link', { name: 'dow' }).click();
        for (const tab of ['Jobs', 'Changes', 'Comments', 'Runs', 'History']) {
          await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
          await page.waitForTimeout(300);
          await shoot(`plan-${tab.toLowerCase()}`);
        }
        expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
      });
    });
  }
}

test('keyboard: skip link, n opens the form, ? shows the shortcuts', async ({ page }) => {
  await page.goto(`${stack().url}/runs`);
  await page.getByText(firstRun).first().waitFor();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: /skip/i })).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/runs\/new/);
});
