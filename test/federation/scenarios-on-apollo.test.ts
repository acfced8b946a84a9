import { testScenarios } from '../support/federation-tests.ts';

testScenarios('apollo');
