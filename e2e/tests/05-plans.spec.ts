import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { addPerson, expectNoSidewaysScroll, runState, stack, test } from '../session.ts';

const approver = { name: 'Bob Approver', email: 'bob@example.com', password: 'another-long-password' } as const;
const shared = path.resolve(import.meta.dirname, '../../../shared/data/djia');

/** Five of the real stocks where they are at hand, else the market that every installation has. @returns the dataset's name */
async function dataset(page: Page): Promise<string> {
  if (!existsSync(shared)) return 'Simulated market';
  const folder = path.join(stack().home, 'data', 'five-stocks');
  mkdirSync(folder, { recursive: true });
  for (const symbol of ['AAPL', 'IBM', 'JPM', 'MSFT', 'XOM'])
    cpSync(path.join(shared, `${symbol}.csv`), path.join(folder, `${symbol}.csv`));
  await page.goto(`${stack().url}/data`);
  await page.getByRole('button', { name: 'Register a folder' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('five stocks');
  await page.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('button', { name: /five stocks/ })).toContainText(/5 symbols/, { timeout: 60_000 });
  return 'five stocks';
}

const versionState = (page: Page) => page.getByRole('status', { name: 'State of the version' });
const cell = (page: Page, name: RegExp) => page.getByRole('button', { name });

test('a plan is built of evidence, edited, approved by another, run to the letter, and drafted anew', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  const data = await dataset(page);
  const his = await addPerson(page, browser, approver, 'approver');

  await page.goto(`${stack().url}/plans`);
  await page.getByRole('link', { name: 'Build from evidence' }).click();
  const form = page.getByRole('form', { name: 'Build a plan from evidence' });
  await form.getByLabel('Dataset', { exact: true }).selectOption({ label: data });
  await form.getByLabel('Features', { exact: true }).selectOption('basic');
  await form.getByLabel('Targets', { exact: true }).fill('fwd_ret_1d fwd_ret_5d');
  await form.getByText('How evidence is measured').click();
  await form.getByLabel('Shifts', { exact: true }).fill('19');
  await form.getByLabel('Shifts of trees').fill('19');
  await form.getByRole('button', { name: 'Build the plan' }).click();
  await expect(page.getByRole('status', { name: 'State of the building' })).toHaveText('Ready', { timeout: 180_000 });
  await expect(page.getByRole('table', { name: 'Targets by predictability' }).getByRole('row')).toHaveCount(3);
  await page.getByLabel('Name of the plan').fill('dow');
  await page.getByRole('button', { name: 'Draft the plan' }).click();

  await expect(versionState(page)).toHaveText('Draft');
  await expect(page.getByRole('region', { name: 'Estimate' })).toContainText(/training/);
  await cell(page, /^fwd_ret_1d, all symbols:/).click();
  await page.getByLabel('Route', { exact: true }).selectOption('ROUTE_BOTH');
  const families = page.getByRole('group', { name: 'Families', exact: true });
  await families.getByRole('button', { name: 'None' }).click();
  await families.getByLabel('LightGBM', { exact: true }).check();
  await families.getByLabel('FTRLProximal').check();
  const symbol = data === 'five stocks' ? 'AAPL' : 'SIM01';
  await cell(page, new RegExp(`^fwd_ret_1d, ${symbol}:`)).click();
  await page.getByLabel('Route', { exact: true }).selectOption('ROUTE_BOTH');
  await families.getByRole('button', { name: 'None' }).click();
  await families.getByLabel('LightGBM', { exact: true }).check();
  await page.getByText('Parameters', { exact: true }).click();
  await page.getByLabel('Boosting rounds').fill('20');
  // Everything else is decided at once, taken back, and decided again.
  await page.getByRole('button', { name: 'fwd_ret_5d', exact: true }).click();
  await page.getByLabel('Route', { exact: true }).selectOption('ROUTE_BLOCKED');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByRole('region', { name: 'Estimate' })).toContainText('3 trainings');
  // What is not saved would be left out of what is submitted.
  await expect(page.getByRole('button', { name: 'Submit for review' })).toBeDisabled();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Submit for review' }).click();
  await page.getByLabel('Note to the approvers').fill('Two routes side by side');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await expect(versionState(page)).toHaveText('In review');
  // Two may approve now, so that who wrote it may not.
  await expect(page.getByRole('button', { name: 'Approve', exact: true })).toHaveAttribute(
    'title',
    /others than those who wrote/,
  );

  await his.goto(`${stack().url}/plans`);
  await his.getByRole('list', { name: 'Waits for you' }).getByRole('link', { name: 'dow v1' }).click();
  await his.getByRole('tab', { name: /^Jobs/ }).click();
  await cell(his, /^fwd_ret_1d, all symbols: Both, LightGBM, FTRLProximal/).click();
  await his.getByLabel('Comment on this job').fill('Looks fair');
  await his.getByRole('button', { name: 'Comment', exact: true }).click();
  await expect(his.getByText('Looks fair', { exact: true })).toBeVisible();
  await his.getByRole('button', { name: 'Approve', exact: true }).click();
  await his.getByLabel('Remark').fill('as discussed');
  await his.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(versionState(his)).toHaveText('Approved');

  // Nobody reloaded her page.
  await expect(versionState(page)).toHaveText('Approved');
  await page.getByRole('tab', { name: 'History' }).click();
  const steps = page.getByRole('list', { name: 'Steps of this version' }).getByRole('listitem');
  await expect(steps.last()).toContainText('Bob Approver approved it: as discussed');
  await page.getByRole('button', { name: 'Start a run', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Folds', { exact: true }).fill('2');
  await dialog.getByLabel('Features', { exact: true }).selectOption('basic');
  await dialog.getByRole('button', { name: 'Launch' }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]+$/);
  await expect(runState(page)).toContainText(/completed/i, { timeout: 120_000 });

  await page.getByRole('tab', { name: /^Jobs/ }).click();
  const jobs = page.getByRole('table', { name: 'Results by job' });
  const row = (text: string) => jobs.getByRole('row').filter({ hasText: text });
  await expect(row('fwd_ret_1d · all symbols')).toContainText('2 of 2');
  await expect(row(`fwd_ret_1d · ${symbol}`)).toContainText('1 of 1');
  await expect(row('fwd_ret_5d · all symbols')).toContainText('Blocked');
  await expect(page.getByRole('table', { name: 'Pooled models beside models of one symbol' }).first()).toContainText(
    symbol,
  );

  await page.getByRole('button', { name: 'Draft the next version' }).click();
  await expect(versionState(page)).toHaveText('Draft');
  await expect(page).toHaveURL(/\/v\/2\?tab=changes/);
  await expect(page.getByRole('list', { name: 'Changed jobs' }).getByRole('listitem').first()).toContainText(
    /run \d+: rank IC/,
  );

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: 'Export' })
      .click()
      .then(() => page.getByRole('menuitem', { name: 'master_training_plan.json' }).click()),
  ]);
  const plan = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(plan.jobs).toHaveLength(plan.metadata.total_jobs);
  for (const at of ['/plans', new URL(page.url()).pathname]) {
    await page.goto(`${stack().url}${at}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoSidewaysScroll(page);
    }
  }
  await his.context().close();
});

test('a plan file with faults is refused by path before anything is sent, and nothing is made', async ({ page }) => {
  await page.goto(`${stack().url}/plans`);
  const plans = page.getByRole('table', { name: 'Training plans' }).getByRole('row');
  await expect(plans.first()).toBeVisible();
  const before = await plans.count();
  await page.getByRole('button', { name: 'Import a plan' }).click();
  const text = JSON.stringify({
    jobs: [{ job_id: 'a', target: 'fwd_ret_1d', route: 'ROUTE_66', model_families: ['LightGBM', 'Oracle'] }],
  });
  await page
    .getByLabel('File of the plan')
    .setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  const faults = page.getByRole('dialog').getByRole('alert');
  await expect(faults).toContainText('jobs.0.route');
  await expect(faults).toContainText("no family 'Oracle'");
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(plans).toHaveCount(before);
});
