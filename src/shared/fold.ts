/** Which rows of the trace are open: all but `except`, or none but `except`. Short whatever a person clicks, also after "collapse all". */
export interface Fold {
  readonly rest: 'open' | 'closed';
  readonly except: readonly string[];
}
