/** Stands in for photographs: a small picture that needs no file and no host. */

/** A `data:` URL of a square in the category's colour that bears the first character of its name. */
export function drawImage(category: string, hueStep: number, position: number): string {
  const colour = `hsl(${(hueStep * 45) % 360},42%,${46 + position * 9}%)`;
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">' +
    `<rect width="200" height="200" fill="${colour}"/>` +
    `<text x="100" y="130" font-size="84" text-anchor="middle" fill="#fff">${[...category][0]}</text></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
