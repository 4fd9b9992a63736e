import type { RunComparison } from '../../server/contracts/runs.ts';
import { cx } from '../../ui/cx.ts';
import { settingText } from './compareRows.ts';

export function ConfigurationDiff({ comparison, all }: { comparison: RunComparison; all: boolean }) {
  const settings = comparison.configuration.filter((setting) => all || setting.differs);
  if (settings.length === 0) {
    return <p className="px-4 py-6 text-center text-muted">These runs are configured alike.</p>;
  }
  return (
    <div className="scroll-thin overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Settings by run</caption>
        <thead className="border-line border-b text-muted text-xs">
          <tr>
            <th scope="col" className="sticky left-0 bg-surface px-4 py-2 text-left">
              Setting
            </th>
            {comparison.runs.map((run) => (
              <th key={run.id} scope="col" className="min-w-32 px-4 py-2 text-left">
                #{run.number}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {settings.map((setting) => (
            <tr key={setting.path}>
              <th
                scope="row"
                className="sticky left-0 break-all bg-surface px-4 py-1.5 text-left font-mono font-normal text-muted text-xs max-sm:max-w-36"
              >
                {setting.path}
              </th>
              {setting.values.map((value, index) => (
                <td
                  key={comparison.runs[index]!.id}
                  className={cx(
                    'max-w-72 break-words px-4 py-1.5',
                    setting.differs && index > 0 && value !== setting.values[0] && 'font-medium text-accent',
                  )}
                >
                  {settingText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
