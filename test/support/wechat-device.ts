/** Asks the WeChat simulator for what a phone would get from wx. */

export async function askDevice<T>(simulatorUrl: string, what: string, body: object): Promise<T> {
  const response = await fetch(`${simulatorUrl}/simulator/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.status !== 200) throw new Error(`The simulator refuses ${what}: ${JSON.stringify(answer)}`);
  return answer as T;
}
