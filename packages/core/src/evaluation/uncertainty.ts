/**
 * What a family says beside its point forecast about how far off it may be. Row-major: all numbers of a row lie together.
 */
export type Uncertainty =
  /** Quantiles at ascending `levels` in (0, 1), never crossing: [rows, levels], in the target's unit. */
  | { readonly kind: 'quantiles'; readonly levels: readonly number[]; readonly values: Float64Array }
  /** Normal around the point forecast: standard deviations [rows], in the target's unit, > 0. */
  | { readonly kind: 'normal'; readonly deviations: Float64Array }
  /** Samples of the distribution, ascending within a row: [rows, perRow], in the target's unit. */
  | { readonly kind: 'draws'; readonly perRow: number; readonly draws: Float64Array };
