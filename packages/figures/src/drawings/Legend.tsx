import { Mark } from '../plot/Plot.tsx';

export interface LegendItem {
  readonly name: string;
  readonly color: string;
  readonly dashed?: boolean;
  readonly round?: boolean;
}

export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul className="mb-1 flex flex-wrap gap-x-3 gap-y-0.5 pl-1 text-2xs text-muted">
      {items.map(({ name, color, dashed, round }) => (
        <li key={name} className="flex items-center gap-1.5">
          {dashed ? (
            <span aria-hidden className="w-3 border-t-2 border-dashed" style={{ borderColor: color }} />
          ) : round ? (
            <span aria-hidden className="size-1.5 rounded-full" style={{ background: color }} />
          ) : (
            <Mark color={color} />
          )}
          {name}
        </li>
      ))}
    </ul>
  );
}
