import { expect, it } from 'vitest';
import { safeNext } from './safeNext.ts';

it('goes on to paths of this site only', () => {
  expect(safeNext('/runs/7?tab=logs')).toBe('/runs/7?tab=logs');
  for (const elsewhere of [
    null,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
  ]) {
    expect(safeNext(elsewhere)).toBe('/runs');
  }
});
