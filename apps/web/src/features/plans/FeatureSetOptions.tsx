/** The sets of features of a run, as choices of a select. */
export const FeatureSetOptions = () => (
  <>
    <option value="auto">automatic</option>
    <option value="alpha158">Alpha158</option>
    <option value="basic">basic</option>
    <option value="given">the files’ own</option>
  </>
);
