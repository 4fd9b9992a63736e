"""Predicts with a saved MLP's SavedModel: python predict.py SAVED_MODEL INPUTS.f32 FEATURES OUTPUTS.f32

The inputs are standardised rows, the outputs standardised targets; model.json beside the SavedModel has both scales.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

saved_model, inputs, features, outputs = sys.argv[1:]
rows = np.fromfile(inputs, dtype="<f4").reshape(-1, int(features))
signature = tf.saved_model.load(saved_model).signatures["serving_default"]
signature(features=tf.constant(rows))["output"].numpy()[:, 0].astype("<f4").tofile(outputs)
