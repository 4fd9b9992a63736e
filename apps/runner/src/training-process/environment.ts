import type { StageId } from '@twostage/core/families/family';
import type { Device } from '@twostage/core/runs/config';

/** On Windows an empty variable is an absent one; -1 hides every device too. */
const noDevice = process.platform === 'win32' ? '-1' : '';

/**
 * The environment of a child. Thread pools and device lists are read once, when a native library loads, so both must
 * stand here and not in the child's code.
 */
export function childEnvironment(
  inherited: NodeJS.ProcessEnv,
  { stage, device, threads }: { stage: StageId; device: Device; threads: number },
): NodeJS.ProcessEnv {
  const count = String(threads);
  const gpuHidden = stage === 'cpu' || device === 'cpu';
  return {
    ...inherited,
    OMP_NUM_THREADS: count,
    // Threads that wait spin by default: on a machine that does anything else besides, a boosting round then takes ten times as long.
    OMP_WAIT_POLICY: inherited.OMP_WAIT_POLICY ?? 'PASSIVE',
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    VECLIB_MAXIMUM_THREADS: count,
    TF_NUM_INTRAOP_THREADS: count,
    // Branches of one training step run side by side: each operation's own sums keep their order.
    TF_NUM_INTEROP_THREADS: count,
    TF_CPP_MIN_LOG_LEVEL: inherited.TF_CPP_MIN_LOG_LEVEL ?? '2',
    ...(gpuHidden && { CUDA_VISIBLE_DEVICES: noDevice, HIP_VISIBLE_DEVICES: noDevice, ROCR_VISIBLE_DEVICES: noDevice }),
  };
}
