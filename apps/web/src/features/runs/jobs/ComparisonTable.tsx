import { type JudgedTraining, type RouteComparison, type Verdict, verdictOf } from '@twostage/core/plans/jobResults';
import { cx } from '../../../ui/cx.ts';
import { decimal, signed, unknown } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';

/** The model of all symbols beside the symbol's own, on that symbol alone. */
export function ComparisonTable({
  comparisons,
  onOpen,
}: {
  comparisons: readonly RouteComparison[];
  /** Of a training. */
  onOpen: (id: string) => void;
}) {
  return (
    <Panel title="All symbols together against one alone" flush>
      <p className="border-line border-b px-4 py-2 text-muted text-xs">
        Both are judged on the test bars of that symbol alone: IC over time, the best family of each side.
      </p>
      <div className="scroll-thin max-h-96 overflow-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">Pooled models beside models of one symbol</caption>
          <thead className="border-line border-b text-muted text-xs">
            <tr>
              <th scope="col" className="px-3 py-2 pl-4 text-left">
                Target and symbol
              </th>
              <th scope="col" colSpan={2} className="px-3 py-2 text-left">
                All symbols together
              </th>
              <th scope="col" colSpan={2} className="px-3 py-2 text-left">
                Its own model
              </th>
              <th scope="col" className="px-3 py-2 pr-4 text-left">
                Better
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {comparisons.map(({ target, symbol, pooled, own }) => {
              const better = verdictOf({ pooled, own });
              return (
                <tr key={`${target} ${symbol}`} className="h-10">
                  <th scope="row" className="whitespace-nowrap px-3 pl-4 text-left font-medium">
                    {target} <span className="text-muted">· {symbol}</span>
                  </th>
                  <Side judged={pooled} looks={looksOf(better, 'together')} onOpen={onOpen} />
                  <Side judged={own} looks={looksOf(better, 'alone')} onOpen={onOpen} />
                  <td className="whitespace-nowrap px-3 pr-4 text-muted text-xs">
                    {better ? `${better.side}${better.apart ? '' : ', within their error'}` : unknown}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** Green where it is better by more than chance. */
const looksOf = (better: Verdict | null, side: Verdict['side']): string | undefined =>
  better?.side !== side ? undefined : better.apart ? 'font-semibold text-good' : 'font-semibold';

function Side({
  judged,
  looks,
  onOpen,
}: {
  judged: JudgedTraining | null;
  looks: string | undefined;
  onOpen: (id: string) => void;
}) {
  if (!judged) {
    return (
      <td colSpan={2} className="px-3 text-faint">
        {unknown}
      </td>
    );
  }
  const { ic, standardErrors } = judged.metrics;
  return (
    <>
      <td className="px-3">
        <button
          type="button"
          onClick={() => onOpen(judged.training)}
          title="Open its tear sheet"
          className="rounded text-accent hover:underline"
        >
          {judged.family}
        </button>
      </td>
      <td className={cx('num whitespace-nowrap px-3 text-left', looks)}>
        {signed(ic, 4)}
        {standardErrors?.ic != null && (
          <span className="font-normal text-faint"> ± {decimal(standardErrors.ic, 4)}</span>
        )}
      </td>
    </>
  );
}
