// Stops with one line, instead of a syntax error, when the machine's Node is too old to run TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Minigate needs Node 22.18 or newer; this is ${process.versions.node}. ` +
      'Run `npm ci` with install scripts allowed (it brings Node 24), or install Node 24.\n',
  );
  process.exit(1);
}
