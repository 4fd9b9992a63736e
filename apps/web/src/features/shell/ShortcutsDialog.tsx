'use client';
import { Dialog } from '../../ui/Dialog.tsx';
import { Kbd } from '../../ui/Kbd.tsx';

const groups: readonly { title: string; keys: readonly { keys: readonly string[]; does: string }[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: ['n'], does: 'New run' },
      { keys: ['r'], does: 'Runs' },
      { keys: ['p'], does: 'Training plans' },
      { keys: ['/'], does: 'Go to the filter of the page' },
      { keys: ['?'], does: 'This help' },
      { keys: ['Esc'], does: 'Close what is open' },
    ],
  },
  {
    title: 'List of runs',
    keys: [
      { keys: ['↑', '↓'], does: 'Move through the rows' },
      { keys: ['Enter'], does: 'Open the run' },
      { keys: ['Space'], does: 'Select it for comparison' },
      { keys: ['c'], does: 'Compare what is selected' },
    ],
  },
  {
    title: 'Run page',
    keys: [
      { keys: ['1', '…', '9', '0'], does: 'Go to a tab' },
      { keys: ['j'], does: 'Go to the jobs of its training plan' },
      { keys: ['←', '→'], does: 'Neighbouring tab, where a tab has the focus' },
    ],
  },
  {
    title: 'Draft of a plan',
    keys: [
      { keys: ['↑', '↓', '←', '→'], does: 'Move through the cells; with Shift, choose a range' },
      { keys: ['+'], does: 'Add jobs where there are none' },
      { keys: ['Del'], does: 'Remove the chosen jobs' },
      { keys: ['x'], does: 'The shown family on or off' },
      { keys: ['Ctrl', 'Z'], does: 'Undo' },
      { keys: ['Ctrl', 'S'], does: 'Save' },
    ],
  },
  { title: 'Launch form', keys: [{ keys: ['Ctrl', 'Enter'], does: 'Launch' }] },
];

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="space-y-4">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-2xs text-faint uppercase tracking-wide">{group.title}</h3>
            <dl className="divide-y divide-line">
              {group.keys.map(({ keys, does }) => (
                <div key={does} className="flex items-center justify-between gap-4 py-1.5">
                  <dt>{does}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
