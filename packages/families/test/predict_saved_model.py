"""Predicts with SavedModels in Python's TensorFlow: python predict_saved_model.py JOBS.json

JOBS: [{"model": folder, "inputs": {name: {"file": raw float32, "width": numbers a row}}, "out": file to write, raw float32}].
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

for job in json.load(open(sys.argv[1])):
    inputs = {
        name: tf.constant(np.fromfile(given["file"], dtype="<f4").reshape(-1, given["width"]))
        for name, given in job["inputs"].items()
    }
    signature = tf.saved_model.load(job["model"]).signatures["serving_default"]
    signature(**inputs)["output"].numpy().astype("<f4").tofile(job["out"])
