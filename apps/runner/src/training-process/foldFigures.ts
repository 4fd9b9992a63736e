import { DomainError, messageOf } from '@twostage/core/errors';
import { uncertaintyFigures } from '@twostage/core/evaluation/uncertaintyFigures';
import { type Figure, type FigureInput, figureSchema, maxFigures } from '@twostage/core/runs/figures';
import type { FigureContext, FittedModel } from '@twostage/families/trainer';
import type { Forecast } from './judge.ts';

/**
 * What a fitted model is about, drawn: its own figures first, then those of its uncertainty. A figure that can't be drawn, or that no page could show, is
 * noted and costs the training nothing else.
 * @throws DomainError CANCELLED
 */
export async function foldFigures(
  model: FittedModel,
  context: FigureContext,
  { rows, byTarget, uncertainty }: Forecast,
  note: (line: string) => void,
): Promise<Figure[]> {
  const { panel, target } = context;
  const drawn = [
    ...(await attempt(async () => (await model.figures?.(context)) ?? [], note)),
    ...(await attempt(
      async () => (uncertainty ? uncertaintyFigures({ panel, target, rows, values: byTarget[0]!, uncertainty }) : []),
      note,
    )),
  ];
  const shown = drawn.flatMap((figure) => {
    const parsed = figureSchema.safeParse(figure);
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    note(`the figure "${figure.title}" is left out: ${issue!.path.join('.')}: ${issue!.message}`);
    return [];
  });
  return shown.slice(0, maxFigures);
}

async function attempt(draw: () => Promise<FigureInput[]>, note: (line: string) => void): Promise<FigureInput[]> {
  try {
    return await draw();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'CANCELLED') throw error;
    note(`figures are left out: ${messageOf(error)}`);
    return [];
  }
}
