import { expect, it } from 'vitest';
import { probe } from './probe.ts';

it('finds native TensorFlow, adds with it, and says its version and device', () => {
  expect(probe()).toEqual({ found: true, version: expect.stringMatching(/^2\.\d+\.\d+/), device: expect.any(String) });
});
