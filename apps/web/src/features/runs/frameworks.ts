import type { Framework } from '@twostage/core/families/family';

/** Groups within the stages, by the library that their processes load. */
export const frameworkNames: Record<Framework, string> = {
  cpu: 'CPU',
  tensorflow: 'TensorFlow',
  torch: 'Torch',
};
