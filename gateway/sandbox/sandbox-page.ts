/** The sandbox's three HTML documents: the page itself, one that waits for the bundle, and one that says it failed. */

export const sandboxPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Minigate sandbox</title>
    <link rel="icon" href="/sandbox/assets/icon.svg">
    <link rel="stylesheet" href="/sandbox/assets/page.css">
    <script type="module" src="/sandbox/assets/page.js"></script>
  </head>
  <body><div id="root"></div></body>
</html>
`;

export const preparingPage = toNotice({
  head: '<meta http-equiv="refresh" content="1">',
  lines: ['Preparing the sandbox…', '正在准备调试台……'],
});

export const failedPage = toNotice({
  head: '',
  lines: [
    'The sandbox cannot be prepared. It needs the development packages (npm ci); the gateway’s log says more.',
    '调试台无法启动：需要安装开发依赖（npm ci），详情见网关日志。',
  ],
});

function toNotice({ head, lines }: { head: string; lines: readonly string[] }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    ${head}
    <title>Minigate sandbox</title>
    <link rel="icon" href="data:,">
    <style>
      body { min-height: 90vh; display: grid; place-content: center; text-align: center; font: 1rem/1.7 system-ui, sans-serif; }
      p { margin: 0; opacity: 0.75; max-width: 40rem; }
    </style>
  </head>
  <body>${lines.map((line) => `<p>${line}</p>`).join('')}</body>
</html>
`;
}
