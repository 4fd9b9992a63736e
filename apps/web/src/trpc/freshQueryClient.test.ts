import { QueryObserver } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { FreshQueryClient } from './freshQueryClient.ts';

describe('FreshQueryClient', () => {
  it('asks anew for what was on its way when it was invalidated', async () => {
    const client = new FreshQueryClient();
    const answers: ((files: string[]) => void)[] = [];
    const queryFn = () => new Promise<string[]>((resolve) => answers.push(resolve));
    const observer = new QueryObserver(client, { queryKey: ['upload'], queryFn, retry: false });
    const leave = observer.subscribe(() => {});
    expect(answers).toHaveLength(1);

    const refreshed = client.invalidateQueries({ queryKey: ['upload'] });
    answers[0]!([]);
    await expect.poll(() => answers).toHaveLength(2);
    answers[1]!(['prices.csv']);
    await refreshed;
    expect(observer.getCurrentResult()).toMatchObject({ status: 'success', data: ['prices.csv'] });
    leave();
    client.clear();
  });

  it('leaves alone what is of another key', async () => {
    const client = new FreshQueryClient();
    let answer: (value: number) => void = () => {};
    let asked = 0;
    const queryFn = () => {
      asked++;
      return new Promise<number>((resolve) => {
        answer = resolve;
      });
    };
    const observer = new QueryObserver(client, { queryKey: ['runs'], queryFn });
    const leave = observer.subscribe(() => {});
    await client.invalidateQueries({ queryKey: ['upload'] });
    answer(1);
    await expect.poll(() => observer.getCurrentResult().isPending).toBe(false);
    expect({ asked, data: observer.getCurrentResult().data }).toEqual({ asked: 1, data: 1 });
    leave();
    client.clear();
  });
});
