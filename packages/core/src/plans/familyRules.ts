import type { FamilyDefinition, FamilyId } from '../families/family.ts';
import { trainsOn } from '../stages/suitability.ts';
import type { PlanPolicy } from './policy.ts';

/** What a job has to offer its families. */
export interface JobOffer {
  readonly symbols: number;
  /** Labelled rows, and bars. */
  readonly rows: number;
  readonly bars: number;
  readonly experimental: boolean;
  /** Other targets that go to training for all symbols and are related to the job's own. */
  readonly relatedTargets: readonly string[];
}

export interface ChosenFamilies {
  readonly families: readonly FamilyId[];
  /** One line a rule that left some out, e.g. `LSTM, Transformer: 600 bars, sequences need 750`. */
  readonly leftOut: readonly string[];
}

/** The families that are worth training for a job, by the rules of a policy. */
export function familiesFor(
  definitions: readonly FamilyDefinition[],
  offer: JobOffer,
  policy: PlanPolicy,
): ChosenFamilies {
  const left = new Map<string, FamilyId[]>();
  const families = definitions.flatMap((definition) => {
    const why = whyNot(definition, offer, policy);
    if (why === null) return [definition.id];
    left.set(why, [...(left.get(why) ?? []), definition.id]);
    return [];
  });
  return { families, leftOut: [...left].map(([why, ids]) => `${ids.join(', ')}: ${why}`) };
}

function whyNot(definition: FamilyDefinition, offer: JobOffer, policy: PlanPolicy): string | null {
  const { id, minimum, stage, input, targets } = definition;
  const { symbols, rows, bars } = offer;
  if (!trainsOn(definition, symbols))
    return symbols === 1
      ? `needs ${minimum.symbols} symbols, a model of one has 1`
      : `needs ${minimum.symbols} symbols, there are ${symbols}`;
  if (targets === 'together' && offer.relatedTargets.length + 1 < minimum.targets)
    return symbols === 1
      ? 'learns targets together, on all symbols'
      : `needs ${minimum.targets} related targets that are trained, there ${offer.relatedTargets.length === 0 ? 'is' : 'are'} ${offer.relatedTargets.length + 1}`;
  if (offer.experimental && !policy.experimentalFamilies.includes(id)) return 'not among the families for experiments';
  if (stage === 'gpu' && rows < policy.neuralRows) return `${rows} labelled rows, networks need ${policy.neuralRows}`;
  if (input !== 'tabular' && bars < policy.sequenceBars)
    return `${bars} labelled bars, sequences need ${policy.sequenceBars}`;
  return null;
}
