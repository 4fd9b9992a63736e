import { execFileSync } from 'node:child_process';
import { expect, type Page } from '@playwright/test';
import { launch, openForm, openParameters, runIdOf, trainBriefly } from '../launch.ts';
import { firstRun, runState, stack, test } from '../session.ts';

/** An MLP that runs until somebody stops it. */
async function trainForLong(page: Page): Promise<void> {
  const mlp = await openParameters(page, 'MLP');
  await mlp.getByLabel('Epochs').fill('1000');
  await mlp.getByLabel('Patience').fill('0');
}
test('a run launched in the form trains live and lands on the leaderboard', async ({ page }) => {
  test.setTimeout(180_000);
  await openForm(page, 'two linear and boosted', ['LightGBM', 'FTRL-Proximal']);
  const lightgbm = await openParameters(page, 'LightGBM');
  await lightgbm.getByLabel('Boosting rounds').fill('30');
  await page.getByLabel('Holdout').fill('0.15');
  await expect(page.getByRole('img', { name: /^3 folds and a holdout over/ })).toBeVisible();
  await expect(page.getByText('2 trainings')).toBeVisible();
  await launch(page);
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]+$/);
  await expect(runState(page)).toContainText(/completed/i, { timeout: 150_000 });
  await page.getByRole('tab', { name: 'Leaderboard' }).click();
  await expect(page.getByRole('columnheader', { name: 'Holdout IC' })).toBeVisible();
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('30');
});

test('what a training learnt is drawn, read by keys and as a table', async ({ page }) => {
  await page.goto(`${stack().url}/runs`);
  await page.getByRole('row').filter({ hasText: firstRun }).getByRole('link').first().click();
  await page.getByRole('tab', { name: 'Insights' }).click();
  await page.getByRole('combobox', { name: 'Training' }).selectOption({ label: 'LightGBM · fwd_ret_1d' });
  const importances = page.getByRole('region', { name: 'Importances' });
  await expect(importances.getByRole('listitem').first()).toBeVisible();
  await importances.getByRole('button', { name: 'Show Importances as a table' }).click();
  await expect(importances.getByRole('table')).toContainText('Value');
});

test('a family that lacks symbols is left out before the run starts, and that is said', async ({ page }) => {
  await openForm(page, 'one symbol', ['LightGBM', 'Meta-learning (Reptile)']);
  await expect(page.getByText('2 trainings')).toBeVisible();
  await page.getByRole('radio', { name: 'Each alone' }).check();
  await expect(page.getByText(/Left out: it needs at least \d+ symbols/).first()).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Meta-learning (Reptile)', exact: true })).toBeDisabled();
});

test('features of one’s own are tried on the data before launch, and each fault stands at its feature', async ({
  page,
}) => {
  await openForm(page, 'own features', ['FTRL-Proximal']);
  await page.getByRole('button', { name: 'Begin with examples' }).click();
  await page.getByRole('button', { name: 'Add a feature' }).click();
  await page.getByLabel('Name of feature 4').fill('ahead');
  await page.getByLabel('Expression of ahead').fill('lead(close) OVER past / close');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  const features = page.getByRole('list', { name: 'Features of your own' }).getByRole('listitem');
  await expect(features.nth(3).getByRole('alert')).toHaveText('lead() looks at later bars; lag() looks back');
  await expect(features.getByLabel('No fault found')).toHaveCount(3);
  await page.getByLabel('Expression of volatility').press('Alt+ArrowUp');
  await expect(page.getByLabel('Expression of volatility')).toBeFocused();
  await expect(features.getByLabel('No fault found'), 'a step now stands below what names it').toHaveCount(1);
  await page.getByLabel('Expression of volatility').press('Alt+ArrowDown');
  await page.getByRole('button', { name: 'Remove ahead' }).click();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText(/^no fault found on /)).toBeVisible();
  await launch(page);
  await expect(runState(page)).toContainText(/completed/i, { timeout: 150_000 });
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('stddev_samp(_move) OVER w60');
});

test('what is wrong is said at its field, and nothing is launched', async ({ page }) => {
  await openForm(page, 'wrong', ['LightGBM']);
  await page.getByLabel('Folds', { exact: true }).fill('50');
  const lightgbm = await openParameters(page, 'LightGBM');
  await lightgbm.getByLabel('Learning rate').fill('7');
  await launch(page);
  await expect(page.getByRole('alert').filter({ hasText: /1/ }).first()).toBeVisible();
  await lightgbm.getByLabel('Learning rate').fill('0.1');
  await page.getByLabel('Folds', { exact: true }).fill('0');
  await launch(page);
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(page).toHaveURL(/\/runs\/new/);
  await page.goto(`${stack().url}/runs`);
  await expect(page.getByRole('row').filter({ hasText: 'wrong' })).toHaveCount(0);
});

test('a killed child is one training killed; the rest goes on', async ({ page }) => {
  test.setTimeout(240_000);
  await openForm(page, 'one is killed', ['FTRL-Proximal', 'MLP', 'LSTM']);
  await trainForLong(page);
  await trainBriefly(page, ['LSTM']);
  await launch(page);
  const row = page.getByRole('row').filter({ hasText: 'MLP' }).first();
  await expect(row).toContainText(/running/i, { timeout: 90_000 });
  const runId = runIdOf(page);
  execFileSync('pkill', ['-9', '-f', `${runId}/trainings/MLP`]);
  await expect(row).toContainText(/killed/i);
  await expect(runState(page)).toContainText(/partial/i, { timeout: 150_000 });
  await expect(page.getByRole('row').filter({ hasText: 'LSTM' }).first()).toContainText(/completed/i);
});

test('a running run is cancelled and its children are gone', async ({ page }) => {
  test.setTimeout(120_000);
  await openForm(page, 'cancelled half-way', ['MLP']);
  await trainForLong(page);
  await launch(page);
  await expect(page.getByRole('row').filter({ hasText: 'MLP' }).first()).toContainText(/running/i, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('button', { name: 'Cancel the run' }).click();
  await expect(runState(page)).toContainText(/cancelled/i, { timeout: 30_000 });
  const runId = runIdOf(page);
  expect(() => execFileSync('pgrep', ['-f', `${runId}/trainings/`])).toThrow();
});

test('two runs side by side: what differs, and their metrics', async ({ page }) => {
  await page.goto(`${stack().url}/runs`);
  await page.getByRole('row').filter({ hasText: firstRun }).getByRole('checkbox').check();
  await page.getByRole('row').filter({ hasText: 'two linear and boosted' }).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(/\/compare\?runs=/);
  await expect(page.getByRole('main')).toContainText('two linear and boosted');
  await expect(page.getByRole('main')).toContainText('LightGBM');
  await expect(page.getByRole('main')).toContainText(/rounds/i);
});
