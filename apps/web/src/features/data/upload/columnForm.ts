import { type ColumnRoleName, columnRoleNames, type DatasetPreview } from '@twostage/core/runs/datasetPreview';
import type { ReadUploadInput, Upload } from '../../../server/contracts/uploads.ts';

/** What a person says of a column: its role, that it is nothing, or nothing at all (then its name decides). */
export type ColumnChoice = ColumnRoleName | 'timeOfDay' | 'feature' | 'ignore';

export const choiceWords: Readonly<Record<ColumnChoice, string>> = {
  time: 'Time',
  timeOfDay: 'Time of day',
  symbol: 'Symbol',
  open: 'Open',
  high: 'High',
  low: 'Low',
  close: 'Close',
  adjusted: 'Adjusted close',
  volume: 'Volume',
  feature: 'Feature or target',
  ignore: 'Leave out',
};
export const choices = Object.keys(choiceWords) as ColumnChoice[];

/** How the form begins: as dataset.json says it, else as the names suggest. */
export function choicesOf({ columns }: DatasetPreview, said: Upload['said']): ColumnChoice[] {
  const mapped = new Map<string, ColumnChoice>();
  for (const role of columnRoleNames) {
    const column = said.columns[role];
    if (column === undefined) continue;
    if (typeof column === 'string') mapped.set(column, role);
    else mapped.set(column[0], 'time').set(column[1], 'timeOfDay');
  }
  const roles = new Set(mapped.values());
  return columns.map(({ name, role }): ColumnChoice => {
    const own = mapped.get(name);
    if (own) return own;
    if (said.ignore.includes(name)) return 'ignore';
    return role !== null && !roles.has(role) ? role : 'feature';
  });
}

/** One line for each thing that is wrong; empty: it can be read. */
export function choiceFaults(chosen: readonly ColumnChoice[]): string[] {
  const twice = choices.filter(
    (choice) => choice !== 'feature' && choice !== 'ignore' && chosen.filter((each) => each === choice).length > 1,
  );
  return [
    ...(chosen.includes('time') ? [] : ['say which column is the time']),
    ...(chosen.includes('close') ? [] : ['say which column is the close']),
    ...(chosen.includes('timeOfDay') && !chosen.includes('time') ? ['a time of day goes with a day'] : []),
    ...twice.map((choice) => `two columns are ${choiceWords[choice].toLowerCase()}`),
  ];
}

/** What goes to dataset.json: every role by name, so that a file of other spellings is told at once. */
export function readInput(
  uploadId: string,
  { columns }: DatasetPreview,
  chosen: readonly ColumnChoice[],
  timeZone: string,
): ReadUploadInput {
  const nameOf = (choice: ColumnChoice) => columns[chosen.indexOf(choice)]?.name;
  const roles = Object.fromEntries(
    columnRoleNames.flatMap((role) => {
      const name = nameOf(role);
      const clock = role === 'time' ? nameOf('timeOfDay') : undefined;
      return name === undefined ? [] : [[role, clock === undefined ? name : [name, clock]]];
    }),
  ) as ReadUploadInput['columns'];
  return {
    uploadId,
    columns: roles,
    ignore: columns.filter((_, i) => chosen[i] === 'ignore').map(({ name }) => name),
    ...(timeZone.trim() !== '' && { timeZone: timeZone.trim() }),
  };
}
