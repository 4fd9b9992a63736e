"""What Python makes of a saved LSTM: python predict_onnx.py FOLDER WINDOWS OUT (onnxruntime, numpy).

WINDOWS: raw features as float32 [rows, lookback, features], NaN where missing; OUT: predictions as float64, in the target's unit.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime

folder = pathlib.Path(sys.argv[1])
model = json.loads((folder / "model.json").read_text())
scale = model["standardisation"]
means, deviations = np.array(scale["means"]), np.array(scale["deviations"])
windows = np.fromfile(sys.argv[2], dtype=np.float32).reshape(-1, model["lookback"], len(means)).astype(np.float64)
with np.errstate(divide="ignore", invalid="ignore"):
    windows = np.where(deviations > 0, (windows - means) / deviations, 0)
windows = np.nan_to_num(np.clip(windows, -5, 5)).astype(np.float32)

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
batch = session.get_inputs()[0].shape[0]
rows = len(windows)
padded = np.zeros((-(-rows // batch) * batch, *windows.shape[1:]), dtype=np.float32)
padded[:rows] = windows
outputs = [session.run(["output"], {"window": padded[i : i + batch]})[0] for i in range(0, len(padded), batch)]
predictions = np.concatenate(outputs)[:rows, 0].astype(np.float64) * model["target"]["deviation"] + model["target"]["mean"]
predictions.tofile(sys.argv[3])
