// Makes one zip of the built site, for rooms without a network: node scripts/kit.mjs. Any static server runs what is in it.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const NAME = `distillery-kit-${version}`;
const FOLDER = join(ROOT, 'build/kit', NAME);
const ZIP = join(ROOT, 'build/packages', `${NAME}.zip`);

const README = `Distillery ${version}: knowledge distillation in the browser, without a network.

A browser runs it only from a server, since it starts workers and WebAssembly; opened as a file it says so. In this folder:

    python3 -m http.server 8000        then open http://localhost:8000/
    npx serve -l 8000                  the same with Node

For a room: run it on one machine and open http://ADDRESS-OF-IT:8000/ on the others; nothing is sent anywhere.
Other pages of the room embed it by embed.js: see docs/embedding.md of the repository.

Distillery ${version}：在浏览器中做知识蒸馏，无需网络。

浏览器只能从服务器运行它（它要启动 worker 和 WebAssembly）；直接打开文件时页面会说明。在此文件夹中运行：

    python3 -m http.server 8000        然后打开 http://localhost:8000/

教室中：在一台机器上运行，其他机器打开 http://该机器的地址:8000/ ；任何数据都不会发送出去。
`;

rmSync(join(ROOT, 'build/kit'), { recursive: true, force: true });
// Copies compressed for a server that sends them are of no use to the servers that people have at hand.
cpSync(join(ROOT, 'dist'), FOLDER, { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) cpSync(join(ROOT, name), join(FOLDER, name));
writeFileSync(join(FOLDER, 'README.txt'), README);
mkdirSync(join(ROOT, 'build/packages'), { recursive: true });
rmSync(ZIP, { force: true });
// Python's own module: Node has none, and not every machine has the program.
execFileSync('python3', ['-m', 'zipfile', '-c', ZIP, NAME], { cwd: join(ROOT, 'build/kit') });
rmSync(join(ROOT, 'build/kit'), { recursive: true });
console.log(`The kit is build/packages/${NAME}.zip`);
