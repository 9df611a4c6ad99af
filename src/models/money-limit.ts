import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import type { ModelInfo, ModelRequest, ModelUsage } from './model-client.ts';
import type { ModelPricing } from './prices.ts';
import { estimatedUsage, estimateInput } from './usage.ts';

const anyRequest: ModelUsage = estimatedUsage(1000, 1000);

/** US dollars that a request to the model may cost: by the budgets of the run and of all runs, and by the grant that allows it. */
export function moneyLeft({ budget, gate }: RunScope, { id }: ModelInfo): number {
  return Math.min(budget.left('moneyUsd'), gate.moneyLeft({ kind: 'model', model: id }));
}

/** Throws `budget-exceeded` where money is limited and nobody knows what the model costs: no limit could hold it back. */
export function requirePrice(scope: RunScope, model: ModelInfo, pricing: ModelPricing): void {
  if (pricing.cost(model, anyRequest) !== undefined) return;
  const granted = scope.gate.moneyLeft({ kind: 'model', model: model.id }) !== Number.POSITIVE_INFINITY;
  if (!granted && !scope.budget.isSet('moneyUsd')) return;
  throw new AssassinError('budget-exceeded', `What ${model.id} costs is not known, and money is limited ${granted ? 'by the grant' : 'here'}: nothing could hold it to the limit, so it was not asked.`, {
    hint: `Name its price in infrastructureAssassin.models.prices, 0 where a subscription pays for it ("${model.id}": { "input": 0, "output": 0 }), or set no limit of money: tokens limit it then.`,
    data: { budget: 'moneyUsd', unpriced: model.id },
  });
}

/** Another model answers than the one whose price was reserved: what it may cost beyond that is held while it answers. Throws `budget-exceeded`. */
export function holdDifference(scope: RunScope, pricing: ModelPricing, reserved: ModelInfo, model: ModelInfo, request: ModelRequest): Disposable {
  requirePrice(scope, model, pricing);
  const most = estimatedUsage(estimateInput(request), request.maxOutputTokens ?? 0);
  const usd = Math.max(0, (pricing.cost(model, most)?.usd ?? 0) - (pricing.cost(reserved, most)?.usd ?? 0));
  const at = scope.budget.charge('moneyUsd', usd);
  return { [Symbol.dispose]: () => scope.budget.settle('moneyUsd', -usd, at) };
}
