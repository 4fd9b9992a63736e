"""Milliseconds of one AdamW step of a 64-256-128-1 MLP, batch 256, float32: a Keras model in tf.function, or PyTorch.

    python graph-tensorflow.py keras|keras-several|torch THREADS STEPS

`keras-several` takes four steps by one call, as Keras's `steps_per_execution` does.
Prints one JSON line: {"version": ..., "ms": [one number a call, a step's share of it]}, after a warm-up of as many steps.
"""

import json
import os
import sys
import time

engine, threads, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
batch = 256
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["OMP_NUM_THREADS"] = str(threads)


def measure(step, at_once=1):
    for _ in range(steps // at_once):
        step()
    ms = []
    for _ in range(steps // at_once):
        started = time.perf_counter()
        float(step())
        ms.append((time.perf_counter() - started) * 1000 / at_once)
    return ms


if engine.startswith("keras"):
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.random.set_seed(1)
    x, y = tf.random.normal((batch, 64)), tf.random.normal((batch, 1))
    model = tf.keras.Sequential(
        [
            tf.keras.Input((64,)),
            tf.keras.layers.Dense(256, activation="relu"),
            tf.keras.layers.Dense(128, activation="relu"),
            tf.keras.layers.Dense(1),
        ]
    )
    optimizer = tf.keras.optimizers.AdamW(1e-3, weight_decay=0.01)
    optimizer.build(model.trainable_variables)

    def one_step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x, training=True) - y))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        return loss

    at_once = 4 if engine == "keras-several" else 1

    @tf.function
    def step():
        for _ in range(at_once):
            loss = one_step()
        return loss

    print(json.dumps({"version": f"TensorFlow {tf.__version__}", "ms": measure(step, at_once)}))
else:
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    x, y = torch.randn(batch, 64), torch.randn(batch, 1)
    model = torch.nn.Sequential(
        torch.nn.Linear(64, 256), torch.nn.ReLU(), torch.nn.Linear(256, 128), torch.nn.ReLU(), torch.nn.Linear(128, 1)
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    print(json.dumps({"version": f"PyTorch {torch.__version__}", "ms": measure(step)}))
