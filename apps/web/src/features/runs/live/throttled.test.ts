import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttled } from './throttled.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells at most so often, and of the last change', () => {
  let change = () => {};
  let told = 0;
  const end = throttled((listener) => {
    change = listener;
    return () => {
      change = () => {};
    };
  }, 100)(() => {
    told += 1;
  });
  change();
  vi.advanceTimersByTime(1);
  expect(told).toBe(1);
  for (let i = 0; i < 50; i++) {
    change();
    vi.advanceTimersByTime(5);
  }
  expect(told).toBe(3);
  vi.advanceTimersByTime(100);
  expect(told).toBe(4);
  change();
  end();
  vi.advanceTimersByTime(1000);
  expect(told).toBe(4);
});
