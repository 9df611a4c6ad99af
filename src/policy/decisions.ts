import type { WorkspaceDecision } from '../shared/approvals.ts';
import { newId } from '../shared/ids.ts';
import type { Rule } from './authorize.ts';
import { parseGrant } from './grant.ts';

/** Where the decisions of one workspace lie. Outside of it: what is in a workspace may have been cloned with it. */
export interface DecisionFile {
  read(): readonly WorkspaceDecision[];
  /** Returns once it is on disk. */
  write(decisions: readonly WorkspaceDecision[]): void;
}

/** What the person has decided for a workspace once and for all: rules that allow, and nothing else. */
export class DecisionBook {
  readonly #file: DecisionFile;
  readonly #workspace: string;
  #rules: readonly Rule[] = [];

  constructor(file: DecisionFile, workspace: string) {
    this.#file = file;
    this.#workspace = workspace;
    this.refresh();
  }

  /** As rules that allow. Each begins to count at once, in runs that go on too. */
  get rules(): readonly Rule[] {
    return this.#rules;
  }

  /** Oldest first. */
  list(): readonly WorkspaceDecision[] {
    return this.#file.read();
  }

  /** Sees what other programs of this person have decided or revoked. */
  refresh(): void {
    this.#use(this.#file.read());
  }

  /** The same text again replaces the older decision. */
  remember({ grant, run, action }: Pick<WorkspaceDecision, 'grant' | 'run' | 'action'>): void {
    const kept = this.#file.read().filter((decision) => decision.grant !== grant);
    this.#save([...kept, { id: newId('d'), grant, at: Date.now(), run, action }]);
  }

  /** False where there is no such decision. */
  revoke(id: string): boolean {
    const before = this.#file.read();
    const after = before.filter((decision) => decision.id !== id);
    if (after.length < before.length) this.#save(after);
    return after.length < before.length;
  }

  #save(decisions: readonly WorkspaceDecision[]): void {
    this.#file.write(decisions);
    this.#use(decisions);
  }

  #use(decisions: readonly WorkspaceDecision[]): void {
    this.#rules = decisions.flatMap(({ id, grant, at }) => {
      const origin = `your decision ${id} of ${new Date(at).toISOString().slice(0, 10)} for this workspace`;
      try {
        return [{ effect: 'allow', grant: parseGrant(grant, this.#workspace, { origin }), origin } as const];
      } catch {
        // One that an older or newer version wrote and this one cannot read allows nothing; the person is asked again.
        return [];
      }
    });
  }
}
