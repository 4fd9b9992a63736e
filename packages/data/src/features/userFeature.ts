import { DomainError } from '@twostage/core/errors';

export interface UserFeature {
  readonly name: string;
  readonly expression: string;
  /** The windows that it names, as SQL after FROM. */
  readonly windows: string;
}

/** @throws DomainError INVALID_INPUT, on one line */
export function refuse(name: string, reason: string): never {
  throw new DomainError('INVALID_INPUT', `feature "${name}": ${reason.replace(/\s+/g, ' ')}`, {
    field: `featureExpressions.${name}`,
  });
}
