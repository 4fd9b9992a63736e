import { DomainError } from '@twostage/core/errors';

/**
 * Gives a model that was trained on `target / scale` the target's own unit: its base score, leaf values and node weights
 * times `scale`, its gains times `scale²`. All other text stays as XGBoost wrote it.
 * With a power of two every product is exact in float32, so predictions are exactly `scale` times what they were.
 * @param model JSON as XGBoost 1.7 to 3.x writes it, one output, no linear or vector leaves
 * @throws DomainError ENGINE_FAILED if the JSON is not such a model
 */
export function rescaleModel(model: string, scale: number): string {
  if (!Number.isInteger(Math.log2(scale))) throw new Error(`scale ${scale} is not a power of two`);
  const trees = treesOf(model);
  const seen = { base_weights: 0, loss_changes: 0, split_conditions: 0, base_score: 0 };
  const rescaled = model
    .replace(
      /"(base_weights|loss_changes|split_conditions)":\[([^\]]*)\]/g,
      (_, field: keyof typeof seen, list: string) => {
        const children = trees[seen[field]++]?.left_children ?? [];
        const values = list === '' ? [] : list.split(',');
        const scaled = values.map((text, node) => {
          if (field === 'loss_changes') return float32Text(Number(text) * scale * scale);
          // In `split_conditions` an inner node holds a feature's threshold, a leaf its value.
          return field === 'split_conditions' && children[node] !== -1 ? text : float32Text(Number(text) * scale);
        });
        return `"${field}":[${scaled.join(',')}]`;
      },
    )
    // One output: `"5E-1"`, since 3.1 `"[5E-1]"`.
    .replace(/"base_score":"(\[?)([^"\]]*)(\]?)"/, (_, open: string, value: string, close: string) => {
      seen.base_score++;
      return `"base_score":"${open}${float32Text(Number(value) * scale)}${close}"`;
    });
  const { base_score, ...arrays } = seen;
  if (base_score !== 1 || Object.values(arrays).some((count) => count !== trees.length)) {
    throw new DomainError('ENGINE_FAILED', 'XGBoost: the model JSON has not the fields expected of a tree booster');
  }
  return rescaled;
}

interface Tree {
  left_children: number[];
}

function treesOf(model: string): Tree[] {
  const parsed = JSON.parse(model) as { learner?: { gradient_booster?: { model?: { trees?: Tree[] } } } };
  const trees = parsed.learner?.gradient_booster?.model?.trees;
  if (!trees) throw new DomainError('ENGINE_FAILED', 'XGBoost: the model JSON holds no trees');
  return trees;
}

/** The shortest decimal that reads back as this float32, in XGBoost's notation, e.g. `1.25E-2`. */
function float32Text(value: number): string {
  const exact = Math.fround(value);
  for (let digits = 0; digits < 8; digits++) {
    const text = exact.toExponential(digits);
    if (Math.fround(Number(text)) === exact) return upperCase(text);
  }
  return upperCase(exact.toExponential(8));
}

const upperCase = (text: string) => text.replace('e+', 'E').replace('e', 'E');
