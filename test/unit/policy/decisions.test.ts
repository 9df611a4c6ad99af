import { expect, test } from 'vitest';
import { DecisionBook, type DecisionFile } from '../../../src/policy/decisions.ts';
import type { WorkspaceDecision } from '../../../src/shared/approvals.ts';

function memory(initial: readonly WorkspaceDecision[] = []): DecisionFile {
  let held = initial;
  return { read: () => held, write: (decisions) => void (held = decisions) };
}
const asked = { run: 'run_1', action: 'net https://a.example' };

test('a decision counts at once as a rule that allows, says where it comes from, and can be taken back', () => {
  const book = new DecisionBook(memory(), '/w');
  book.remember({ grant: 'net https://a.example', ...asked });
  const [decision] = book.list();
  expect(decision).toMatchObject({ grant: 'net https://a.example', run: 'run_1', action: 'net https://a.example' });
  expect(book.rules).toMatchObject([{ effect: 'allow', grant: { text: 'net https://a.example' }, origin: expect.stringMatching(`^your decision ${decision!.id} of \\d{4}-\\d\\d-\\d\\d for this workspace$`) as string }]);
  expect(book.revoke('d_none')).toBe(false);
  expect(book.revoke(decision!.id)).toBe(true);
  expect([book.list(), book.rules]).toEqual([[], []]);
});

test('the same decision again is one decision, and two books on one file lose none of each other\'s', () => {
  const file = memory();
  const [one, two] = [new DecisionBook(file, '/w'), new DecisionBook(file, '/w')];
  one.remember({ grant: 'browser', ...asked });
  two.remember({ grant: 'clock', ...asked });
  one.remember({ grant: 'browser', ...asked });
  expect(two.list().map(({ grant }) => grant)).toEqual(['clock', 'browser']);
  two.refresh();
  expect(two.rules).toHaveLength(2);
});

test('a decision that cannot be read allows nothing, and the others still hold', () => {
  const book = new DecisionBook(memory([{ id: 'd_1', grant: 'teleport home', at: 0, ...asked }, { id: 'd_2', grant: 'browser', at: 0, ...asked }]), '/w');
  expect(book.rules.map(({ grant }) => grant.text)).toEqual(['browser']);
});
