import { everyFamilySuite } from '../test/everyFamilySuite.ts';

everyFamilySuite('cpu');
