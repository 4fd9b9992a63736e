import { describe, expect, it } from 'vitest';
import { choiceParam, listParam, withQuery } from './queryState.ts';

describe('query state', () => {
  it('sets, replaces and takes out keys, the others untouched', () => {
    expect(withQuery('?a=1&b=2', { b: '3', c: 'x y' })).toBe('?a=1&b=3&c=x+y');
    expect(withQuery('?a=1&b=2', { a: null, b: '' })).toBe('');
    expect(withQuery('', { runs: 'a,b' })).toBe('?runs=a,b');
  });
  it('drops what is not allowed', () => {
    expect(listParam('done,nonsense,queued', ['queued', 'done'])).toEqual(['queued', 'done']);
    expect(listParam(null, ['a'])).toEqual([]);
    expect(choiceParam('logs', ['overview', 'logs'], 'overview')).toBe('logs');
    expect(choiceParam('?', ['overview', 'logs'], 'overview')).toBe('overview');
  });
});
