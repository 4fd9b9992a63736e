import { type FamilyDefinition, familyIds } from '@twostage/core/families/family';
import { parameterFields } from '@twostage/core/families/parameters';
import { catalogue, families } from '@twostage/families/catalogue';
import pc from 'picocolors';
import { table } from './tables.ts';
import { write } from './terminal.ts';
import { exitCodes, UsageError, unknownName } from './usage.ts';

/** `twostage families [FAMILY]` */
export async function showFamilies(name: string | undefined, flags: { json?: boolean }): Promise<number> {
  const chosen = name === undefined ? families : [find(name)];
  if (flags.json)
    write(
      JSON.stringify(
        chosen.map(({ parameters, ...rest }) => ({ ...rest, parameters: parameterFields({ ...rest, parameters }) })),
        null,
        2,
      ),
    );
  else if (name === undefined) write(overview());
  else write(detail(chosen[0]!));
  return exitCodes.ok;
}

function find(name: string): FamilyDefinition {
  const id = familyIds.find((known) => known === name);
  if (!id) throw new UsageError(unknownName('family', name, familyIds));
  return catalogue[id];
}

function overview(): string {
  const rows = families.map(({ id, stage, framework, input, summary }) => [id, stage, framework, input, summary]);
  return table(
    ['family', 'stage', 'framework', 'input', ''].map((title) => ({ title })),
    rows,
  );
}

function detail(definition: FamilyDefinition): string {
  const rows = parameterFields(definition).map((field) => {
    const range =
      field.kind === 'number'
        ? `${field.minimum ?? '-∞'} – ${field.maximum ?? '∞'}`
        : field.kind === 'choice'
          ? field.choices.join(' | ')
          : 'true | false';
    return [field.name, String(field.default), range, field.help];
  });
  return [
    `${pc.bold(definition.title)}: ${definition.summary}`,
    pc.dim(definition.source),
    '',
    table(
      ['parameter', 'default', 'range', ''].map((title) => ({ title })),
      rows,
    ),
    '',
    `Set one with --set ${definition.id}.${rows[0]?.[0] ?? 'name'}=${rows[0]?.[1] ?? 'value'}`,
  ].join('\n');
}
