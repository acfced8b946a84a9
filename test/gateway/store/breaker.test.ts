import { expect, test } from 'vitest';
import { createBreaker } from '../../../gateway/store/breaker.ts';

function startBreaker() {
  const clock = { ms: 0 };
  const asked = { times: 0 };
  const breaker = createBreaker({ now: () => clock.ms, isFailure: (error) => error !== 'refused' });
  const ask = (error?: string) =>
    breaker
      .run(async () => {
        asked.times += 1;
        if (error !== undefined) throw error;
        return 'answer';
      })
      .catch((reason) => (typeof reason === 'string' ? reason : 'open'));
  return { clock, asked, ask };
}

const inTurn = async (times: number, ask: () => Promise<string>): Promise<string[]> => {
  const answers: string[] = [];
  for (let i = 0; i < times; i += 1) answers.push(await ask());
  return answers;
};

test('after five failures on end nobody waits, but one in half a second', async () => {
  const { clock, asked, ask } = startBreaker();
  expect(await inTurn(7, () => ask('late'))).toEqual([...Array(5).fill('late'), 'open', 'open']);
  clock.ms = 500;
  expect(await Promise.all([ask('late'), ask('late')])).toEqual(['late', 'open']);
  expect(asked.times).toBe(6);
  clock.ms = 1_000;
  expect(await Promise.all([ask(), ask()])).toEqual(['answer', 'open']);
  expect(await inTurn(3, () => ask())).toEqual(Array(3).fill('answer'));
});

test('a success between failures keeps it closed, and so does an answer that refuses', async () => {
  const { ask } = startBreaker();
  for (const answer of [undefined, 'refused']) {
    await inTurn(4, () => ask('late'));
    await ask(answer);
    expect(await inTurn(4, () => ask('late'))).toEqual(Array(4).fill('late'));
    await ask();
  }
});
