import { messageOf } from '@twostage/core/errors';
import { loadTensorFlow } from './load.ts';

export type TensorFlowProbe =
  | { readonly found: true; readonly version: string; readonly device: 'cpu' | 'cuda' }
  /** `how`: one line with the command that gets it. */
  | { readonly found: false; readonly how: string };

/** Loads native TensorFlow and adds two numbers with it. Run it in a process of its own: a broken library may crash. */
export function probe(): TensorFlowProbe {
  try {
    const { tf, version, device } = loadTensorFlow();
    const [sum] = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(2)).dataSync());
    return sum === 3
      ? { found: true, version, device }
      : { found: false, how: `TensorFlow ${version} adds 1 and 2 to ${sum}` };
  } catch (error) {
    return { found: false, how: messageOf(error) };
  }
}
