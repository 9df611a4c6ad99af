import type { ErrorInfo } from '../../shared/errors.ts';

export interface RunNode {
  readonly kind: 'run';
  readonly id: string;
}
export interface StepNode {
  readonly kind: 'step';
  readonly run: string;
  readonly id: string;
}
export interface MoreNode {
  readonly kind: 'more';
  /** The list that is to grow: the root's where it is absent. */
  readonly of: RunNode | StepNode | undefined;
}
export interface ErrorNode {
  readonly kind: 'error';
  readonly error: ErrorInfo;
}
export interface RestrictedNode {
  readonly kind: 'restricted';
}
export type RunsNode = RunNode | StepNode | MoreNode | ErrorNode | RestrictedNode;
