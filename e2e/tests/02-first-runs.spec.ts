import { expect } from '@playwright/test';
import { launch, openForm, runIdOf, trainBriefly } from '../launch.ts';
import { firstRun, runState, stack, test } from '../session.ts';

test('the demo run of every family begins by itself, is followed live, and can be stopped', async ({ page }) => {
  await page.goto(`${stack().url}/runs`);
  const demo = page.getByRole('row').filter({ hasText: /demo/i });
  await expect(demo).toHaveCount(1);
  await demo.getByRole('link').first().click();

  await expect(page.getByRole('region', { name: /stage 1/i })).toContainText('LightGBM', { timeout: 60_000 });
  await expect(page.getByRole('region', { name: /stage 2/i })).toContainText('LSTM');
  // Which family is first is the packing's matter.
  await expect(
    page
      .getByRole('row')
      .filter({ hasText: /fwd_ret/ })
      .filter({ hasText: /running|completed/i })
      .first(),
  ).toBeVisible({ timeout: 60_000 });
  // How long every family takes is the runner's matter; the browser tests need the machine.
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('button', { name: 'Cancel the run' }).click();
  await expect(runState(page)).toContainText(/cancelled/i, { timeout: 30_000 });
});

test('a run of five families trains the CPU stage before the GPU stage and ends completed', async ({ page }) => {
  test.setTimeout(240_000);
  await openForm(page, firstRun, ['LightGBM', 'XGBoost', 'FTRL-Proximal', 'MLP', 'LSTM']);
  await trainBriefly(page, ['MLP', 'LSTM']);
  await expect(page.getByText('5 trainings')).toBeVisible();
  await launch(page);
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]+$/);
  await expect(runState(page)).toContainText(/completed/i, { timeout: 220_000 });

  for (const stage of [/stage 1/i, /stage 2/i])
    await expect(page.getByRole('region', { name: stage })).toContainText('done');
  await page.getByRole('tab', { name: 'Leaderboard' }).click();
  const board = page.getByRole('table').first();
  for (const family of ['LightGBM', 'XGBoost', /FTRL-?Proximal/, 'MLP', 'LSTM'])
    await expect(board).toContainText(family);

  // The simulated market holds planted signals that the boosters must find.
  const lightgbm = board.getByRole('row').filter({ hasText: 'LightGBM' });
  const ic = Number((await lightgbm.getByRole('cell').nth(1).innerText()).replace('−', '-'));
  expect(ic).toBeGreaterThan(0.02);

  await page.getByRole('tab', { name: 'Tear sheet' }).click();
  await page.getByRole('combobox', { name: 'Training' }).selectOption({ label: 'LightGBM · fwd_ret_1d' });
  for (const figure of ['Equity, net and gross of costs', 'Cumulative IC', 'IC by horizon', 'By symbol'])
    await expect(page.getByRole('region', { name: figure })).toBeVisible();
  await expect(page.getByText('Deflated Sharpe').locator('..')).toContainText(
    /0\.\d\d\s*of 5 trials|1\.00\s*of 5 trials/,
  );
  await expect(page.getByText('Probability of backtest overfitting')).toBeVisible();
});

test('no child of stage 2 began before the last child of stage 1 was reaped', async ({ page }) => {
  await page.goto(`${stack().url}/runs`);
  await page.getByRole('row').filter({ hasText: firstRun }).getByRole('link').first().click();
  await expect(runState(page)).toContainText(/completed/i);
  const { events } = await page.evaluate(async (id) => {
    const input = encodeURIComponent(JSON.stringify({ json: { runId: id, afterSeq: 0, limit: 5000 } }));
    const response = await fetch(`/api/trpc/runs.events?input=${input}`, {
      headers: { 'content-type': 'application/json' },
    });
    return (await response.json()).result.data.json as {
      events: { seq: number; event: { kind: string; training: string; stage: string } }[];
    };
  }, runIdOf(page));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const order = (kind: string, families: string[]) =>
    events
      .filter(({ event }) => event.kind === kind && families.includes(event.training.split('.')[0]!))
      .map(({ seq }) => seq);
  const cpu = ['LightGBM', 'XGBoost', 'FTRLProximal'];
  const gpu = ['MLP', 'LSTM'];
  expect(order('training.ended', cpu)).toHaveLength(3);
  expect(order('training.started', gpu)).toHaveLength(2);
  expect(Math.min(...order('training.started', gpu))).toBeGreaterThan(Math.max(...order('training.ended', cpu)));
});
