import { goals } from './goals.ts';
import { ownPlaces } from './own-places.ts';
import { injectionSuite, inTurn } from './suite.ts';

injectionSuite({ places: ownPlaces, goalsOf: inTurn(goals, 5), atLeast: 50 });
