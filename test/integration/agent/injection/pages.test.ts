import { everyCase } from '../../../helpers/depth.ts';
import { goals, pageGoals } from './goals.ts';
import { pagePlaces } from './page-places.ts';
import { injectionSuite, inTurn } from './suite.ts';

// Each case is worked at twice by an agent with a browser.
const [inPages, elsewhere] = everyCase ? [inTurn(pageGoals, 2), inTurn(goals, 3)] : [inTurn(pageGoals, 1), inTurn(goals, 1)];

injectionSuite({ places: pagePlaces, goalsOf: (place) => [...elsewhere(place), ...inPages(place)], atLeast: everyCase ? 70 : 28 });
