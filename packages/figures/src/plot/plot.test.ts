import { describe, expect, it } from 'vitest';
import { placeAfter } from './crosshair.ts';
import { bandPath, linePath, stretches } from './paths.ts';
import { extent, linearScale, logScale, timeScale } from './scale.ts';

describe('scales', () => {
  it('a linear one has round ticks within its span', () => {
    const scale = linearScale([-0.013, 0.031], 5);
    expect(scale.ticks.map((tick) => tick.label)).toEqual(['−0.01', '0.00', '0.01', '0.02', '0.03']);
    expect(scale.at(-0.013)).toBe(0);
    expect(scale.at(0.031)).toBe(1);
  });
  it('whole numbers have ticks of their own kind only', () => {
    expect(linearScale([1, 3], 8, true).ticks.map((tick) => tick.label)).toEqual(['1', '2', '3']);
  });
  it('a single value stands in the middle', () => {
    expect(linearScale([3, 3], 4).at(3)).toBe(0.5);
    expect(linearScale([0, 0], 4).at(0)).toBe(0.5);
    expect(timeScale([0, 0], 4).at(0)).toBe(0.5);
  });
  it('a logarithmic one puts each decade as far from the next, and has no place for zero', () => {
    const scale = logScale([1e-4, 1], 6);
    expect(scale.at(0.01)).toBeCloseTo(0.5, 12);
    expect(scale.at(0)).toBeNaN();
    expect(scale.ticks.map((tick) => tick.label)).toEqual(['0.0001', '0.001', '0.01', '0.1', '1']);
  });
  it('time has ticks at firsts of years, quarters or days', () => {
    const labels = (from: string, to: string, most: number) =>
      timeScale([Date.parse(from), Date.parse(to)], most).ticks.map((tick) => tick.label);
    expect(labels('2006-03-01', '2012-06-01', 8)).toEqual(['2007', '2008', '2009', '2010', '2011', '2012']);
    expect(labels('2017-02-10', '2018-01-10', 5)).toEqual(['2017-04', '2017-07', '2017-10', '2018-01']);
    expect(labels('2017-02-01', '2017-02-07', 4)).toEqual(['02-01', '02-03', '02-05', '02-07']);
  });
  it('an extent passes over what is not defined', () => {
    expect(extent([null, 2, Number.NaN, -1])).toEqual([-1, 2]);
    expect(extent([null])).toBeNull();
  });
});

describe('paths', () => {
  it('a line breaks where a value is missing', () => {
    expect(linePath([0, 1, 2, 3], [0, 1, Number.NaN, 3])).toBe('M0 0l1 1M3 3');
  });
  it('a band is one closed piece a run of whole points', () => {
    expect(bandPath([0, 1, 2, 3], [0, 0, Number.NaN, 0], [1, 1, 1, 1])).toBe('M0 1l1 0 0-1-1 0zM3 1l0-1z');
  });
  it('equal neighbours are one stretch', () => {
    expect(stretches([0, 0, 1, null, null, 0])).toEqual([
      { value: 0, from: 0, to: 1 },
      { value: 1, from: 2, to: 2 },
      { value: null, from: 3, to: 4 },
      { value: 0, from: 5, to: 5 },
    ]);
  });
});

describe('crosshair by keys', () => {
  it('moves within the places and leaves', () => {
    expect(placeAfter('ArrowRight', null, 5)).toBe(0);
    expect(placeAfter('ArrowRight', 4, 5)).toBe(4);
    expect(placeAfter('ArrowLeft', null, 5)).toBe(4);
    expect(placeAfter('End', 1, 5)).toBe(4);
    expect(placeAfter('Escape', 1, 5)).toBeNull();
    expect(placeAfter('Escape', null, 5)).toBeUndefined();
    expect(placeAfter('Tab', 1, 5)).toBeUndefined();
    expect(placeAfter('ArrowRight', null, 0)).toBeUndefined();
  });
});
