export type Cell = string | number | null;

const cell = (value: Cell): string => {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Lines as RFC 4180 has them, numbers unrounded. */
export const csv = (lines: readonly (readonly Cell[])[]): string =>
  `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
