import { goals, pageGoals } from './goals.ts';
import { pagePlaces } from './page-places.ts';
import { injectionSuite, inTurn } from './suite.ts';

const [inPages, elsewhere] = [inTurn(pageGoals, 2), inTurn(goals, 3)];

injectionSuite({ places: pagePlaces, goalsOf: (place) => [...elsewhere(place), ...inPages(place)], atLeast: 70 });
