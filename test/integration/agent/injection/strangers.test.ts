import { goals } from './goals.ts';
import { strangerPlaces } from './stranger-places.ts';
import { injectionSuite, inTurn } from './suite.ts';

injectionSuite({ places: strangerPlaces, goalsOf: inTurn(goals, 5), atLeast: 120 });
