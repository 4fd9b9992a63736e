const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What may be called on one bar's values: pure functions of numbers and times, so that nothing of the machine is read. */
export const scalarFunctions = words(`
  + - * / // % ^ ** abs acos asin atan atan2 cbrt ceil ceiling coalesce cos cosh day dayofmonth dayofweek dayofyear degrees exp
  fdiv floor fmod greatest hour isfinite isinf isnan isodow least ln log log10 log2 minute mod month nullif pi pow power quarter
  radians round sign sin sinh sqrt tan tanh trunc week year epoch`);

/** What may be taken over a window of the bars up to a row. */
export const windowAggregates = words(`
  any_value arg_max arg_min avg bool_and bool_or corr count count_star covar_pop covar_samp entropy first geomean favg fsum kurtosis
  kurtosis_pop last mad max mean median min mode product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count
  regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy sem skewness stddev stddev_pop stddev_samp sum var_pop var_samp
  variance max_by min_by argmax argmin`);

/** Window functions that look at rows up to the current one, or at the frame. */
export const windowTypes: ReadonlySet<string> = new Set([
  'WINDOW_AGGREGATE',
  'WINDOW_LAG',
  'WINDOW_ROW_NUMBER',
  'WINDOW_RANK',
  'WINDOW_RANK_DENSE',
  'WINDOW_FIRST_VALUE',
  'WINDOW_LAST_VALUE',
  'WINDOW_NTH_VALUE',
]);
