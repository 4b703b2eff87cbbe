// The documentation as a site: what its pages are called, and in which order they stand. The pages are the repository's own
// Markdown files, which scripts/docs-site.mjs lays beside this file.

import { existsSync, readFileSync } from 'node:fs';

const here = new URL('../', import.meta.url);
const titleOf = (file) => /^#\s+(.*)$/m.exec(readFileSync(new URL(file, here), 'utf8'))?.[1] ?? file;
const page = (file, text) => ({ text: text ?? titleOf(file), link: `/${file.replace(/\.md$/, '.html')}` });
const pages = (...files) => files.filter((file) => existsSync(new URL(file, here))).map((file) => page(file));
const docs = (...names) => pages(...names.map((name) => `docs/${name}.md`));

export default {
  title: 'Distillery',
  description: 'Knowledge distillation in a web page: what a teacher knows, how it is passed on, what a student gains.',
  base: process.env.SITE_BASE ?? '/docs/',
  outDir: process.env.SITE_OUT,
  // Links to files that are no pages, such as sources, lead somewhere in the repository alone; links.mjs looks after them.
  ignoreDeadLinks: [/^(?!.*\.(?:md|html)$)/, (link) => !/(?:^|\/)[\w.-]+(?:\.html|\/)?$/.test(link)],
  // Tables have the width of what would list the headings beside them.
  transformPageData(page) {
    if (/docs\/(methods|hinton-2015|thirty-units|compression|performance)\.md$/.test(page.relativePath)) page.frontmatter.aside = false;
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Open Distillery', link: '../index.html', target: '_self' },
      { text: '中文', link: '/README.zh-CN.html' },
    ],
    sidebar: [
      {
        text: 'Use it',
        items: [...pages('README.md', 'README.zh-CN.md'), ...docs('sweeps', 'lessons', 'course'), ...docs('teaching/README', 'teaching/zh')],
      },
      { text: 'Build on it', items: [...docs('embedding'), ...pages('examples/embed/README.md', 'packages/embed/README.md', 'packages/trainer/README.md'), { text: 'Types and calls', link: '/api/' }] },
      {
        text: 'What it found',
        items: docs('first-race', 'methods', 'data-or-distillation', 'kl-direction', 'over-fitting', 'hinton-2015', 'thirty-units', 'compression', 'layer-drop', 'ticket-to-fashion'),
      },
      { text: 'How it is made', items: [...docs('architecture', 'performance', 'reliability', 'releasing'), ...pages('CONTRIBUTING.md', 'CHANGELOG.md')] },
    ],
  },
};
