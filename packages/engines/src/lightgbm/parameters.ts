/** LightGBM's own parameter names (docs/Parameters.rst) and values. */
export type LightgbmParameters = Readonly<Record<string, number | string | boolean>>;

/** `name=value` pairs separated by spaces, as the C API reads them. */
export function formatParameters(parameters: LightgbmParameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
